/** Why a record went to whom it went: who or what wrote its owner, at which step, by which rule and pool. */
import type { Evaluated, Pick, StoredEvent } from "../events.ts";
import type { Actor, Plain } from "../model.ts";
import { instantOfEvent } from "./past.ts";

export type OwnerWhy = {
  seq: number;
  at: number;
  to: string | null;
  from: string | null;
  by: Actor;
  /** The step whose action wrote it; null when a person, an import or an API key did. */
  step: { run: string; node: string; seq: number } | null;
  /** The pool and rule, where the log has them. */
  pick: (Pick & { seq: number }) | null;
  /** Tables that were asked in the same stay, with what they looked at. */
  tables: {
    seq: number;
    table: string;
    inputs: Record<string, Plain>;
    rules: number[];
    outputs: Record<string, Plain>;
  }[];
  /** The branch that led to the step. */
  branch: { seq: number; node: string; seen: Evaluated } | null;
};

/** The last time its owner was written. Null: nobody has it. `events`: of the record and of its runs, in order of the log. */
export function whyOwner(events: readonly StoredEvent[], recordId: string, field = "owner_id"): OwnerWhy | null {
  const written = events.findLast(
    (e) =>
      e.stream.id === recordId &&
      ((e.type === "RecordChanged" && Object.hasOwn(e.data.changes, field)) ||
        (e.type === "RecordCreated" && e.data.values[field] != null)),
  );
  if (!written) return null;
  const change = written.type === "RecordChanged" ? written.data.changes[field] : undefined;
  const to = change ? change.to : written.type === "RecordCreated" ? (written.data.values[field] ?? null) : null;
  const text = (value: Plain | undefined): string | null => (typeof value === "string" ? value : null);
  const together = events.filter((e) => e.cause !== null && e.cause === written.cause && e.stream.kind === "run");
  const entered = together.findLast(
    (e): e is Extract<StoredEvent, { type: "TokenEntered" }> => e.type === "TokenEntered" && e.seq < written.seq,
  );
  const since = entered?.seq ?? written.seq;
  const picked = together
    .filter((e) => e.seq > since)
    .sort((a, b) => Math.abs(a.seq - written.seq) - Math.abs(b.seq - written.seq))
    .flatMap((e) => ("pick" in e.data && e.data.pick?.chosen === to ? [{ ...e.data.pick, seq: e.seq }] : []))[0];
  const branch = entered
    ? events.findLast(
        (e): e is Extract<StoredEvent, { type: "TokenLeft" }> =>
          e.type === "TokenLeft" &&
          e.stream.id === entered.stream.id &&
          e.seq < entered.seq &&
          (e.data.conditions?.length ?? 0) > 0,
      )
    : undefined;
  const seen = branch?.data.conditions?.find(({ edge }) => edge !== undefined && branch.data.edges.includes(edge));
  return {
    seq: written.seq,
    at: instantOfEvent(written),
    to: text(to),
    from: text(change?.from),
    by: written.actor,
    step: entered ? { run: entered.stream.id, node: entered.data.node, seq: entered.seq } : null,
    pick: picked ?? null,
    tables: together.flatMap((e) =>
      e.type === "DecisionMade" && e.seq > since && e.seq < written.seq
        ? { seq: e.seq, table: e.data.table, inputs: e.data.inputs, rules: e.data.rules, outputs: e.data.outputs }
        : [],
    ),
    branch: branch && seen ? { seq: branch.seq, node: branch.data.node, seen } : null,
  };
}
