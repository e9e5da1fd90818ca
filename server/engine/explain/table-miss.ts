/** Which rules of a decision table did not count and why: the cells that the values of that moment did not fit. */
import type { StoredEvent } from "../events.ts";
import type { Plain, Run, Values } from "../model.ts";
import { plainOf, scopeOf, standAt } from "../turn.ts";
import { isTrue } from "../expression/index.ts";
import { lookingTurn } from "./looking.ts";
import { instantOfEvent, recordsUntil } from "./past.ts";
import type { Past } from "./why.ts";

export type Miss = {
  /** 1-based, as it is shown. */
  no: number;
  note: string | null;
  /** Cells that did not fit. None: all of it fits, but an earlier rule counted. */
  cells: { input: string; cell: string; value: Plain }[];
};

export type TableSaid = {
  seq: number;
  at: number;
  table: string;
  name: string;
  inputs: Values;
  outputs: Values;
  /** 1-based; empty: no rule fitted. */
  rules: { no: number; note: string | null }[];
  /** The rules that did not count, the nearest miss first. */
  misses: Miss[];
  error: string | null;
};

/** `then`: the run as it was right before the table was asked. */
export function tableMisses(
  { process, events, world }: Past,
  event: Extract<StoredEvent, { type: "DecisionMade" }>,
  then: Run,
): TableSaid {
  const { data, seq } = event;
  const compiled = process.nodes.get(data.node)?.tables.find(({ key }) => key === data.table);
  const written = process.document.decisionTables[data.table];
  const records = recordsUntil(events, (e) => e.seq < seq, world.records);
  const turn = lookingTurn(process, then, { ...world, records }, instantOfEvent(event));
  standAt(turn, data.token);
  const scope = scopeOf(turn, data.visit ? then.visits[data.visit] : null);
  const inputs = (compiled?.inputs ?? []).map(({ expression }) => expression?.evaluate(scope).value ?? null);
  const misses = (compiled?.rules ?? []).flatMap(({ when }, rule): Miss[] => {
    if (data.rules.includes(rule)) return [];
    const cells = when.flatMap((cell, i) =>
      !cell || cell.isAny || isTrue(cell.evaluate(scope, inputs[i] ?? null))
        ? []
        : [{ input: compiled!.inputs[i]!.text, cell: cell.text, value: plainOf(inputs[i] ?? null) }],
    );
    return [{ no: rule + 1, note: written?.rules[rule]?.note ?? null, cells }];
  });
  return {
    seq,
    at: instantOfEvent(event),
    table: data.table,
    name: written?.name ?? data.table.replaceAll("_", " "),
    inputs: data.inputs,
    outputs: data.outputs,
    rules: data.rules.map((rule) => ({ no: rule + 1, note: written?.rules[rule]?.note ?? null })),
    misses: misses.sort((a, b) => a.cells.length - b.cells.length || a.no - b.no),
    error: data.error ?? null,
  };
}
