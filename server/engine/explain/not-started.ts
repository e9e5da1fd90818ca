/** Why no run of a process began for a record: what its start asks for, beside what happened to the record. Pure. */
import type { Evaluated } from "../events.ts";
import type { CompiledProcess } from "../graph.ts";

/** What may have set the process off. `seen`: its condition at that moment; null where there is none. `running`: a run then. */
export type Occasion = {
  at: number;
  /** The fact in the log; null for one of another record. */
  seq: number | null;
  imported: boolean;
  /** The version new runs began on then; null before the first one. */
  version: number | null;
  /** Whether that version starts by this at all. */
  starts: boolean;
  seen: Evaluated | null;
  running: string | null;
};
/** The last run of the process for the record, if any. `endedAt` null: it is still open. */
export type LastRun = { id: string; startedAt: number; endedAt: number | null };

export type NotStarted =
  /** It runs now, and a record is in it once at a time. */
  | { why: "running"; run: string }
  /** A record goes through it once, or not again before `from`. */
  | { why: "once"; run: string }
  | { why: "too_soon"; run: string; from: number }
  | { why: "by_hand" | "by_form" | "by_import" }
  | { why: "retired"; at: number | null }
  /** It starts when a record is made, and that was told of: this run came of it. */
  | { why: "began_then"; run: string; at: number }
  | { why: "no_event"; event: string; since: number }
  | { why: "imported"; event: string; at: number; seq: number | null }
  /** The process came, or began to start by this, only afterwards. */
  | { why: "published_later"; event: string; at: number; seq: number | null; published: number }
  | { why: "was_running"; event: string; at: number; seq: number | null; run: string }
  | { why: "condition"; event: string; at: number; seq: number | null; seen: Evaluated }
  /** Everything was there: it is on its way (`error` null) or was given up. */
  | { why: "told"; event: string; at: number; seq: number | null; waiting: boolean; error: string | null }
  | { why: "daily"; next: number; holds: boolean; seen: Evaluated | null };

export type StartFacts = {
  now: number;
  last: LastRun | null;
  /** When the record may come in again, UTC ms; null where nothing keeps it. */
  again: number | null;
  /** What may have set it off since the last run began, oldest first. */
  occasions: readonly Occasion[];
  /** When a version that starts like this was published first. */
  since: number;
  /** The next look of a start by the clock, and its condition on the record as it is. */
  daily: { next: number; seen: Evaluated | null } | null;
  /** What became of the news of the last occasion: still waiting, given up with these words, or neither. */
  news: { waiting: boolean; error: string | null };
};

/** The event by which a process starts by itself; null where somebody or the clock starts it. */
export function startEvent(process: CompiledProcess): string | null {
  const { trigger, event } = process.start?.config ?? {};
  if (trigger === "record_created") return "record.created";
  return trigger === "event" && typeof event === "string" ? event : null;
}

export function notStarted(process: CompiledProcess, facts: StartFacts): NotStarted {
  const { last, now } = facts;
  const { reentry = "always" } = process.document;
  if (last && last.endedAt === null) return { why: "running", run: last.id };
  if (last && reentry === "never") return { why: "once", run: last.id };
  if (last && facts.again !== null && facts.again > now) return { why: "too_soon", run: last.id, from: facts.again };
  const trigger = process.start?.config.trigger;
  if (facts.daily) {
    const { next, seen } = facts.daily;
    return { why: "daily", next, seen, holds: seen === null || seen.result === true };
  }
  const event = startEvent(process);
  if (event === null) return { why: trigger === "form" ? "by_form" : trigger === "import" ? "by_import" : "by_hand" };
  const occasion = facts.occasions.at(-1);
  if (!occasion) {
    if (event === "record.created" && last) return { why: "began_then", run: last.id, at: last.startedAt };
    return { why: "no_event", event, since: Math.max(facts.since, last?.startedAt ?? 0) };
  }
  const { at, seq, seen, running } = occasion;
  const when = { event, at, seq };
  if (occasion.version === null || !occasion.starts) return { why: "published_later", ...when, published: facts.since };
  if (occasion.imported) return { why: "imported", ...when };
  if (running) return { why: "was_running", ...when, run: running };
  if (seen && seen.result !== true) return { why: "condition", ...when, seen };
  return { why: "told", ...when, ...facts.news };
}
