/** Facts by hand, folded into the state of a run: what the tests of `evolve` are told in. */
import type { Event, Facts } from "@/server/engine/events.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { Actor, Run } from "@/server/engine/model.ts";

export type Fact = { [T in keyof Facts]: [type: T, data: Facts[T], minute?: number, actor?: Actor] }[keyof Facts];
export const minute = 60_000;
export const started: Facts["RunStarted"] = {
  workspaceId: "ws",
  process: "p",
  version: 1,
  recordType: "lead",
  recordId: "l1",
  trigger: { event: "manual", at: 0 },
  variables: { mood: "calm" },
  related: { account: null },
  parent: null,
};
export const event = ([type, data, at = 0, actor = { kind: "system" }]: Fact, version: number) =>
  ({ type, data, at: at * minute, actor, version, stream: { kind: "run", id: "r1" }, cause: null }) as Event;
export const fold = (...facts: Fact[]): Run =>
  [["RunStarted", started] as Fact, ...facts].reduce<Run | null>(
    (run, fact, i) => evolve(run, event(fact, i + 1)),
    null,
  )!;

export const visit = { id: "v1", no: 1, valueAtRisk: null, assumed: true, rework: false } as NonNullable<
  Facts["TokenEntered"]["visit"]
>;
export const entered: Fact = [
  "TokenEntered",
  { token: "t1", node: "ask", edge: null, from: null, visit } as Facts["TokenEntered"],
  1,
];
export const offered: Fact = [
  "WorkOffered",
  { work: "w1", token: "t1", visit: "v1", node: "ask", role: "ae", queue: null, approval: false, priority: 0 },
  1,
];
export const assigned = (assignee: string | null, at: number): Fact => [
  "WorkAssigned",
  { work: "w1", assignee, from: null, why: "rule" },
  at,
];
export const at = (run: Run) => run.visits.v1!;
export const lan: Actor = { kind: "member", id: "lan" };
