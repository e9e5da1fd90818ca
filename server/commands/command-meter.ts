/** How many commands were answered and how many refused: in all since the start, and in the last minute. */
export type CommandCounts = {
  answered: number;
  refused: number;
  answeredLastMinute: number;
  refusedLastMinute: number;
};

export type CommandMeter = {
  /** One group's worth, at epoch ms. */
  note(workspaceId: string, at: number, answered: number, refused: number): void;
  /** Of one workspace, or of all. */
  counts(workspaceId: string | null, now: number): CommandCounts;
};

type Second = { second: number; answered: number; refused: number };
const minute = 60;

export function commandMeter(): CommandMeter {
  const workspaces = new Map<string, { answered: number; refused: number; recent: Second[] }>();
  return {
    note(workspaceId, at, answered, refused) {
      let own = workspaces.get(workspaceId);
      if (!own) workspaces.set(workspaceId, (own = { answered: 0, refused: 0, recent: [] }));
      own.answered += answered;
      own.refused += refused;
      const second = Math.floor(at / 1000);
      const last = own.recent.at(-1);
      if (last?.second === second) {
        last.answered += answered;
        last.refused += refused;
        return;
      }
      own.recent.push({ second, answered, refused });
      while (own.recent.length > minute) own.recent.shift();
    },
    counts(workspaceId, now) {
      const counts = { answered: 0, refused: 0, answeredLastMinute: 0, refusedLastMinute: 0 };
      const since = Math.floor(now / 1000) - minute;
      for (const [id, own] of workspaces) {
        if (workspaceId !== null && id !== workspaceId) continue;
        counts.answered += own.answered;
        counts.refused += own.refused;
        for (const { second, answered, refused } of own.recent) {
          if (second <= since) continue;
          counts.answeredLastMinute += answered;
          counts.refusedLastMinute += refused;
        }
      }
      return counts;
    },
  };
}
