/** What somebody may do so that a run goes on, and the engine trying it on a copy: nothing is stored and nobody is told. */
import type { RunCommand } from "../commands.ts";
import { decide } from "../decide.ts";
import type { Event } from "../events.ts";
import type { CompiledProcess } from "../graph.ts";
import { type Plain, type Refusal, type Run, type Values, refuse } from "../model.ts";
import { startedRun } from "../started-run.ts";
import { recordNamed } from "../turn.ts";
import type { World } from "../world.ts";
import { lookingTurn, worldApart } from "./looking.ts";
import { type Setting, byObject, changed, made } from "./settings.ts";

export type Deed =
  /** Fields of one record, or of one that has yet to be made. */
  | { kind: "set"; settings: Setting[] }
  /** `by` finishes the task; `fill`: fields of its form that are still empty, and `values` something that fits; `tick`: of its checklist. */
  | {
      kind: "complete";
      work: string;
      by: string;
      claim: boolean;
      outcome: string | null;
      values: Values;
      fill: string[];
      tick?: string[];
    }
  | { kind: "time"; due: number }
  | { kind: "message"; event: string; key: Plain }
  | { kind: "answer"; effect: string }
  | { kind: "child"; token: string; child: string }
  | { kind: "retry"; incident: string }
  | { kind: "resume" }
  | { kind: "skip"; token: string; port: string | null }
  | { kind: "jump"; token: string; to: string };

/** `events`: what would be in the log. */
export type Tried = { ok: true; run: Run; events: Event[] };

/** Does one after the other, as the people and clocks named would, beginning at `at`. */
export function dryRun(
  process: CompiledProcess,
  before: Run,
  given: World,
  deeds: readonly Deed[],
  at: number,
): Tried | Refusal {
  const world = worldApart(given);
  let run = before;
  let now = at;
  const events: Event[] = [];
  let n = 0;
  const send = (command: Given<RunCommand>, member: string | null = null): Refusal | null => {
    const decided = decide(
      process,
      run,
      {
        id: `dry_${++n}`,
        workspaceId: run.workspaceId,
        runId: run.id,
        at: now,
        actor: member ? { kind: "member", id: member } : { kind: "system" },
        ...command,
      } as RunCommand,
      world,
    );
    if (!decided.ok) return decided;
    run = decided.run;
    events.push(...decided.events);
    return null;
  };
  for (const deed of deeds) {
    if (deed.kind === "time") now = Math.max(now, deed.due);
    const refused = perform(deed);
    if (refused) return refused;
  }
  return { ok: true, run, events };

  function perform(deed: Deed): Refusal | null {
    switch (deed.kind) {
      case "set":
        return set(deed.settings);
      case "complete": {
        const claimed = deed.claim
          ? send({ type: "assignWork", work: deed.work, how: { kind: "claim" } }, deed.by)
          : null;
        const { work, outcome, values, tick } = deed;
        const done = { type: "completeWork" as const, work, outcome, values, ...(tick && { checklist: tick }) };
        return claimed ?? send(done, deed.by);
      }
      case "time":
        return send({ type: "fireTimer", timer: "" });
      case "message":
        return send({
          type: "receiveMessage",
          event: deed.event,
          payload: {},
          ...(deed.key !== null && { key: deed.key }),
        });
      case "answer":
        return send({ type: "effectAnswered", effect: deed.effect, ok: true, result: null });
      case "child":
        return send({ type: "childEnded", token: deed.token, child: calledBy(deed.child), outcome: "success" });
      case "retry":
        return send({ type: "retryIncident", incident: deed.incident });
      case "resume":
        return send({ type: "resumeRun" });
      case "skip":
        return send({
          type: "jump",
          how: { kind: "skip", token: deed.token, ...(deed.port && { port: deed.port }) },
          reason: "dry run",
        });
      case "jump":
        return send({ type: "jump", how: { kind: "jump", token: deed.token, to: deed.to }, reason: "dry run" });
      default:
        return deed satisfies never;
    }
  }

  function calledBy(child: string): string {
    return child.includes("/") ? (child.split("/")[0] ?? child) : startedRun(run.workspaceId, run.id, child);
  }

  function set(settings: readonly Setting[]): Refusal | null {
    for (const [object, values] of byObject(settings)) {
      if (object === "run") {
        run = { ...run, variables: { ...run.variables } };
        for (const { field, to } of values) run.variables[field] = to;
        const told = send({ type: "recordChanged", recordType: run.recordType, recordId: run.recordId, events: [] });
        if (told) return told;
        continue;
      }
      const turn = lookingTurn(process, run, world, now);
      const record = recordNamed(turn, object);
      const next = record ? changed(turn, record, values) : made(turn, values[0]!.type, values);
      const wrong = world.model.problems(next.type, next.values, record?.values ?? null)[0];
      if (wrong && !values.some(({ computed }) => computed)) return refuse("INVALID", wrong.text);
      world.records.set(next.id, next);
      const told = send({
        type: "recordChanged",
        recordType: next.type,
        recordId: next.id,
        events: [
          ...(record ? [] : ["record.created"]),
          ...world.model.businessEvents(next.type, record?.values ?? null, next.values),
        ],
      });
      if (told) return told;
    }
    return null;
  }
}

type Given<T> = T extends RunCommand ? Omit<T, "id" | "workspaceId" | "runId" | "at" | "actor"> : never;
