/**
 * A step kind says what a node of that kind needs and where a token goes next. It returns an outcome; only the engine
 * turns outcomes into events, so a new kind needs no new event, table, projection, report or screen.
 */
import type { z } from "zod";
import type { Plain } from "./model.ts";
import type { ProcessEdge, ProcessNode, StepKindId } from "./process.ts";

/** What makes a token stay at its node until something comes in. */
export type Waiting = {
  /** Offer work to a person: the node's role, or the named one. */
  work?: { approval: boolean };
  /** Timers by name; the name is given back in the signal. */
  timers?: { name: string; after?: string; until?: string; calendar?: string }[];
  /** Public event names; the first that arrives wakes the token. */
  events?: string[];
  /** FEEL over the record, looked at on every change of it. */
  condition?: string;
  /** A child run, awaited. */
  call?: { process: string; record: "same" | "related" };
};

export type Outcome =
  /** Leave through this port; one edge. */
  | { type: "leave"; port: string; output?: Record<string, Plain> }
  /** Try the node's edges in order, the first whose condition is true (exclusive choice). */
  | { type: "choose" }
  /** Leave through every edge (AND split). */
  | { type: "split" }
  /** Wait until a token stands on each incoming edge, then leave once (AND join). */
  | { type: "merge" }
  | { type: "wait"; waiting: Waiting }
  | { type: "end"; outcome: "success" | "neutral" | "negative"; terminate: boolean }
  | { type: "fail"; code: string; text: string };

export type Signal =
  | { type: "timer"; name: string }
  | { type: "event"; event: string }
  | { type: "condition" }
  | { type: "work"; outcome: string | null; values: Record<string, Plain> }
  | { type: "child"; outcome: string | null };

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
