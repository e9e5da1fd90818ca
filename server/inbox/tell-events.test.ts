import { expect, it } from "vitest";
import en from "@/messages/en.json" with { type: "json" };
import vi from "@/messages/vi.json" with { type: "json" };
import type { EventType } from "@/server/engine/events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { tellEvents } from "./tell-events.ts";

/** Facts of processes and settings are on no record's page. */
type Told = Exclude<EventType, "ProcessPublished" | "ProcessRetired" | "SettingChanged">;

/** One more fact than here does not compile. */
const types: Record<Told, true> = {
  RunStarted: true,
  RunCompleted: true,
  RunCancelled: true,
  RunJumped: true,
  GoalReached: true,
  RunRemoved: true,
  RunMigrated: true,
  RunSuspended: true,
  RunResumed: true,
  NewsKept: true,
  TokenHeld: true,
  TokenEntered: true,
  TokenLeft: true,
  JoinPassed: true,
  LoopStarted: true,
  ScopeOpened: true,
  ScopeClosed: true,
  BoundaryArmed: true,
  BoundaryFired: true,
  ErrorCaught: true,
  CompensationDone: true,
  ActionReached: true,
  DecisionMade: true,
  WaitStarted: true,
  VariablesSet: true,
  RelatedBound: true,
  StepPaused: true,
  StepResumed: true,
  WorkOffered: true,
  WorkAssigned: true,
  PersonPicked: true,
  WorkStarted: true,
  WorkSaved: true,
  WorkSnoozed: true,
  WorkPrioritised: true,
  WorkCompleted: true,
  WorkCancelled: true,
  WorkRecorded: true,
  WorkUndone: true,
  ApprovalRequested: true,
  ApprovalDecided: true,
  ApprovalPlanned: true,
  ApprovalLevelOpened: true,
  ApprovalLevelClosed: true,
  ApprovalSettled: true,
  ApprovalWithdrawn: true,
  HandoffSubmitted: true,
  ReworkStarted: true,
  ClockStarted: true,
  ClockPaused: true,
  ClockResumed: true,
  ClockWarned: true,
  ClockBreached: true,
  ClockCompleted: true,
  ClockCancelled: true,
  ClockRetargeted: true,
  ClockRearmed: true,
  ClockRecomputed: true,
  TimerSet: true,
  TimerFired: true,
  TimerCancelled: true,
  LatchSet: true,
  ChildStarted: true,
  MessageReceived: true,
  MessageConsumed: true,
  MessageExpired: true,
  EffectRequested: true,
  EffectAnswered: true,
  IncidentRaised: true,
  IncidentResolved: true,
  RecordCreated: true,
  RecordChanged: true,
  RecordLocked: true,
  RecordMerged: true,
  RecordDeleted: true,
};

it("every fact of a run or a record has its sentence in both languages", () => {
  for (const { record } of [en, vi])
    expect(Object.keys(types).filter((type) => !Object.hasOwn(record.event, type))).toEqual([]);
});

it("what got stuck, was skipped, or is suspended says why", async () => {
  const bench = openBareBench();
  const { runId } = await playOn(
    bench,
    "stuck",
    `write:automation
     call:task
     start -> write -> call -> done`,
    {
      nodes: { write: { actions: [{ verb: "set", field: "run.note", value: 'number("x")' }] } },
      variables: { note: { type: "text" } },
    },
  );
  await bench.send({ type: "retryIncident", runId, incident: "i1", how: "skip", reason: "not needed" }, "mai");
  await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "mai");
  const facts = bench.storyOf(runId);
  const told = tellEvents(bench.process(await bench.run(runId)), facts, String);
  expect(
    facts.flatMap(({ seq, type }) => (told.has(seq) ? [[type, told.get(seq)?.facts]] : [])),
  ).toMatchInlineSnapshot(`
    [
      [
        "ActionReached",
        {
          "n": 1,
          "what": "write",
        },
      ],
      [
        "IncidentRaised",
        {
          "what": "write",
          "why": "run.note could not be set: number has no answer for these arguments.",
        },
      ],
      [
        "EffectRequested",
        {
          "kind": "notice",
          "text": "write",
        },
      ],
      [
        "IncidentResolved",
        {
          "how": "skip",
          "why": "not needed",
        },
      ],
      [
        "RunSuspended",
        {
          "why": "holiday",
        },
      ],
    ]
  `);
});
