/**
 * A step kind says what a node of that kind needs and where a token goes next. It returns an outcome; only the engine
 * turns outcomes into events, so a new kind needs no new event, table, projection, report or screen.
 */
import type { z } from "zod";
import type { Plain } from "./model.ts";
import type { ApprovalDecision } from "./work/approval.ts";
import type { ProcessEdge, ProcessNode, StepKindId } from "./process.ts";

/** A public event somebody waits for: `correlate` (FEEL) gives the key that a message must carry. */
export type Awaited = {
  event: string;
  correlate?: string | undefined;
  port?: string;
  /** Only what comes while it waits. */
  fresh?: boolean | undefined;
};

/** The list a for-each goes through: a FEEL list, or the records of a type that refer to the run's record or a related one. */
export type Each = {
  over: "list" | "records";
  list?: string;
  records?: string;
  of?: string;
  as: string;
  mode: "sequential" | "parallel";
  /** FEEL, looked at after each instance; true cancels the rest. */
  completeWhen?: string;
};

/** A called process: which version (the live one without), what it is given and for which record. */
export type Call = {
  process: string;
  record: "same" | "related";
  version?: number;
  input?: Record<string, string>;
};

/** What makes a token stay at its node until something comes in. */
export type Waiting = {
  /** Offer work to a person: the node's role, or the named one. */
  work?: { approval: boolean };
  /** Timers by name; the name is given back in the signal. */
  timers?: { name: string; after?: string | undefined; until?: string | undefined; calendar?: string | undefined }[];
  /** Public events; the first that arrives wakes the token. */
  events?: Awaited[];
  /** FEEL over the record, looked at on every change of it; the first that is true wakes the token. */
  conditions?: { text: string; port?: string }[];
  /** A child run, awaited. */
  call?: Call;
  /** The nodes inside this one: once, or for each item. */
  body?: { each?: Each };
};

export type Outcome =
  /** Leave through this port; one edge. */
  | { type: "leave"; port: string; output?: Record<string, Plain> }
  /** Try the node's edges in order, the first whose condition is true (exclusive choice). */
  | { type: "choose" }
  /** Leave through every edge whose condition is true (inclusive split, multi-choice). */
  | { type: "choose_many" }
  /** Leave through every edge (AND split). */
  | { type: "split" }
  /** Wait for tokens on the incoming edges, then leave once: on each (AND), on those that can still come (OR), on `count`. */
  | { type: "merge"; mode: "all" | "taken" | "n_of_m"; count?: number; cancelRest?: boolean }
  | { type: "wait"; waiting: Waiting }
  | {
      type: "end";
      outcome: "success" | "neutral" | "negative";
      terminate: boolean;
      /** Thrown where it ends. */
      error?: string;
    }
  | { type: "fail"; code: string; text: string };

export type Signal =
  | { type: "timer"; name: string }
  | { type: "event"; event: string; port?: string }
  | { type: "condition"; port?: string }
  /** `decision`: what several approvers came to together, or that the request was taken back. */
  | {
      type: "work";
      outcome: string | null;
      values: Record<string, Plain>;
      decision?: ApprovalDecision | "withdrawn";
    }
  | { type: "child"; outcome: string | null }
  /** Every token inside has ended. */
  | { type: "body"; outcome: string | null };

export type StepDefinition<Config = Record<string, unknown>> = {
  kind: StepKindId;
  /** English label; screens use `steps.<kind>.label` of the messages. */
  label: string;
  config: z.ZodType<Config>;
  /** What a freshly drawn node of this kind holds. */
  initial: Partial<ProcessNode>;
  /** The named exits a node of this kind has (boundary timers and `late` come on top). Decisions and splits: one an edge. */
  ports(node: ProcessNode, config: Config): string[] | "one_per_edge" | "none";
  enter(node: ProcessNode, config: Config): Outcome;
  resume(node: ProcessNode, config: Config, signal: Signal): Outcome;
};

export const defineStep = <Config>(definition: StepDefinition<Config>) => definition;

export const leave = (port: string, output?: Record<string, Plain>): Outcome => ({
  type: "leave",
  port,
  ...(output && { output }),
});
export const wait = (waiting: Waiting): Outcome => ({ type: "wait", waiting });
export const fail = (code: string, text: string): Outcome => ({ type: "fail", code, text });

/** The port an edge leaves: its own name, or `done`. Edges of gateways are told apart by their id. */
export const portOf = (edge: ProcessEdge) => edge.port ?? "done";
