/**
 * The closed list of run commands. Where a person decided on what they saw, the command carries the run revision it saw.
 */
import type { Actor, Values } from "./model.ts";

type Base = {
  id: string;
  workspaceId: string;
  runId: string;
  at: number;
  actor: Actor /** the run revision the sender saw */;
  seen?: number;
  /** Steps that led to this command, where one did. */
  chain?: readonly import("./events.ts").Hop[];
};

export type RunCommand = Base &
  (
    | {
        type: "startRun";
        process: string;
        version: number;
        recordType: string;
        recordId: string;
        trigger: { event: string; at: number };
        variables?: Values;
        parent?: { run: string; token: string; depth?: number };
        /** It was started too often for its record within a minute: it stands at its start until somebody lets it go on. */
        brake?: boolean;
      }
    | { type: "fireTimer"; timer: string }
    | { type: "receiveMessage"; event: string; payload: Values; key?: import("./model.ts").Plain }
    | {
        type: "recordChanged";
        recordType: string;
        recordId: string;
        events: string[];
        /** When it changed, which is when it counts: the news may come later. */
        since?: number;
      }
    | {
        type: "effectAnswered";
        effect: string;
        ok: boolean;
        result: import("./model.ts").Plain;
        /** A mail that was given up; nothing waits for the answers of mails. */
        mail?: import("./work/undelivered.ts").Letter;
        /** Another effect that was given up while nothing waited for its answer. */
        sent?: import("./events.ts").Outgoing;
      }
    | {
        type: "childEnded";
        token: string;
        child: string;
        outcome: string | null;
        variables?: Values;
        error?: { code: string; text: string };
      }
    | { type: "startWork"; work: string }
    | { type: "saveWork"; work: string; values: Values }
    | {
        type: "completeWork";
        work: string;
        outcome: string | null;
        values: Values;
        checklist?: string[];
        note?: string;
        /** An approval: why it was decided like this, and which of the step's reasons. */
        comment?: string;
        reason?: string;
      }
    /** The request is taken back. `forced`: by somebody with the right to, who is not the requester. */
    | { type: "withdrawApproval"; token: string; reason?: string; forced?: boolean }
    /** Approvers may have gone away, or away from the company: `gone` is one who leaves. */
    | { type: "reviewApprovers"; gone?: string }
    | {
        type: "undoWork";
        work: string /** the run as it was before the completion, rebuilt from its log by the caller */;
        before: import("./model.ts").Run /** record fields to put back */;
        records: {
          type: string;
          id: string;
          changes: Record<string, { from: import("./model.ts").Plain; to: import("./model.ts").Plain }>;
        }[];
        /** Records it made, and the version it left each at: they go, unless somebody has changed one since. */
        made?: { type: string; id: string; version: number }[];
        undone: number;
        /** Jobs that would have left the house because of it: they must still wait. */
        leaving?: string[];
      }
    | {
        type: "assignWork";
        work: string;
        how:
          | { kind: "claim" }
          | { kind: "release" }
          | { kind: "hand_over"; to: string; note?: string }
          /** Part of evening out a queue or team; `from`: who must have it still. */
          | { kind: "rebalance"; to: string; from: string }
          /** To whom its queue's rule picks now, whoever has it left out. */
          | { kind: "rule"; from: string };
      }
    | { type: "pauseWork"; work: string; reason: string }
    | { type: "resumeWork"; work: string }
    | { type: "snoozeWork"; work: string; until: number | null; reason?: string }
    | {
        type: "retryIncident";
        incident: string;
        /** With the same action (the default), from the start of its step or of the run, or with the action after it. */
        how?: "action" | "step" | "run" | "skip";
        /** Why an action is skipped. */
        reason?: string;
        /** `object.field` and `run.variable`, as stored: put right before it goes on. */
        values?: Values;
      }
    | {
        type: "jump";
        how:
          | { kind: "jump"; token: string; to: string }
          | { kind: "skip"; token: string; port?: string }
          | { kind: "add"; node: string }
          | { kind: "add_item"; token: string; item: import("./model.ts").Plain };
        reason: string;
      }
    | {
        /** Goes on under another version, or another process of the same record type; `seen` is the run as it was looked at. */
        type: "migrateRun";
        to: import("./migrate/map.ts").VersionRef;
        plan: import("./migrate/map.ts").MigrationPlan;
        reason: string;
      }
    | {
        type: "undoMigration";
        /** The run as it was before the migration, rebuilt from its log by the caller. */
        before: import("./model.ts").Run;
        reason: string;
      }
    /** `clocks`: whether the time until it is resumed counts; `go_on` where nothing is said. */
    | { type: "suspendRun"; reason: string; clocks?: "pause" | "go_on" }
    | { type: "resumeRun" }
    /** A step of the process was stopped, or goes on: looked up in the world. */
    | { type: "reviewStops" }
    | { type: "cancelRun"; reason: string }
    | {
        type: "recomputeClocks";
        /** What was computed anew from the log by the caller, and what stood then; `seen` is the run as it was looked at. */
        clocks: {
          id: string;
          sla: string;
          node: string | null;
          visit: string | null;
          was: import("./clocks/sla.ts").SlaClock;
          clock: import("./clocks/sla.ts").SlaClock;
          breachedWith: string | null;
        }[];
        how: "adopted" | "reverted";
        reason: string;
      }
  );
export type RunCommandType = RunCommand["type"];
export type CommandOf<T extends RunCommandType> = Extract<RunCommand, { type: T }>;
