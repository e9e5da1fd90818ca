/** What a drawn step would do with one record, without doing it: whom it would ask, in which order and why; what its gate misses. */
import type { Row } from "@/db/store.ts";
import { engineRecord, mapRecords } from "@/server/commands/load-world.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Plain } from "@/server/engine/model.ts";
import { newRun } from "@/server/engine/run-shape.ts";
import { newTurn, plainOf, type Turn } from "@/server/engine/turn.ts";
import type { World } from "@/server/engine/world.ts";
import { roleAsked } from "@/server/engine/work/approval-path.ts";
import { isLevelled, fillSeats } from "@/server/engine/work/open-approval.ts";
import { requiredOf } from "@/server/engine/work/approval-path.ts";
import { pickAssignee } from "@/server/engine/work/assign.ts";
import { entryUnmet, exitUnmet, unmetText } from "@/server/engine/work/gate.ts";
import { planApproval } from "@/server/engine/work/plan-approval.ts";

export type TriedSeat = {
  asked: string;
  everybody: boolean;
  who: string | null;
  for: string | null;
  queue: boolean;
  rule: string;
};
export type TriedLevel = { name: string; required: number; seats: TriedSeat[]; enough: boolean };
export type TriedStep = {
  levels: TriedLevel[];
  /** Rules of the table that counted, 1-based, and what its inputs held. */
  matrix: { table: string; rules: number[]; inputs: { input: string; value: Plain }[] } | null;
  /** Why nobody would be asked. */
  wrong: string | null;
  entry: string[];
  exit: string[];
};

export function tryStep(
  context: WorkspaceContext,
  process: CompiledProcess,
  nodeId: string,
  found: ReadonlyMap<string, Row<"record"> | null>,
  requester: string | null,
  now: number,
): TriedStep | null {
  const node = process.nodes.get(nodeId);
  const record = found.get(process.document.recordType);
  if (!node || !record) return null;
  const turn = turnOn(context, process, record, found, requester, now);
  const gate = {
    entry: entryUnmet(turn, node).map((one) => unmetText(turn, one)),
    exit: exitUnmet(turn, node, null, { outcome: null, ticked: [], given: {} }).map((one) => unmetText(turn, one)),
  };
  const nobody = { levels: [], matrix: null, wrong: null, ...gate };
  if (node.node.kind !== "approval") return nobody;
  const name = (id: string | null | undefined) => (id ? (context.directory.people.get(id)?.name ?? id) : null);
  const role = (key: string) => process.document.roles[key]?.name ?? key;
  if (!isLevelled(node)) {
    const own = node.node.role ?? "";
    const pick = pickAssignee(turn, own, node);
    const seat = {
      asked: role(own),
      everybody: false,
      who: name(pick.chosen),
      for: null,
      queue: pick.rule === "pull",
      rule: pick.rule,
    };
    return { ...nobody, levels: [{ name: "", required: 1, seats: [seat], enough: seat.who !== null || seat.queue }] };
  }
  const planned = planApproval(turn, node, null);
  const matrix = planned.asked
    ? {
        table: planned.asked.table,
        rules: planned.asked.answer.rules.map((rule) => rule + 1),
        inputs: (node.matrix?.inputs ?? []).map(({ text }, i) => ({
          input: text,
          value: plainOf(planned.asked?.answer.inputs[i] ?? null),
        })),
      }
    : null;
  if (!planned.ok) return { ...nobody, matrix, wrong: planned.text };
  const levels = planned.levels.map((level, i): TriedLevel => {
    const { seats, approvers } = fillSeats(turn, node, requester, level.ask, i);
    const required = requiredOf(level.needs, seats.length);
    return {
      name: level.name,
      required,
      enough: approvers.filter((one) => one !== null).length >= required,
      seats: seats.map((seat, j): TriedSeat => {
        const approver = approvers[j];
        const key = roleAsked(seat.ask);
        return {
          asked: key === null ? (name(seat.ask.slice(1)) ?? seat.ask) : role(key),
          everybody: seat.ask.startsWith("*"),
          who: name(approver?.member),
          for: name(approver?.for),
          queue: approver?.member === null,
          rule: approver?.pick.rule ?? "nobody",
        };
      }),
    };
  });
  return { ...nobody, levels, matrix };
}

/** A run that stands nowhere, on this record: rules are only looked at, and need no more of the world than this. */
function turnOn(
  context: WorkspaceContext,
  process: CompiledProcess,
  record: Row<"record">,
  found: ReadonlyMap<string, Row<"record"> | null>,
  requester: string | null,
  now: number,
): Turn {
  const { document } = process;
  const records = mapRecords(
    new Map([...found.values()].flatMap((row) => (row ? [[row.id, engineRecord(row)] as const] : []))),
  );
  const run = newRun(
    "try",
    {
      workspaceId: context.id,
      process: document.key,
      version: 0,
      recordType: record.type,
      recordId: record.id,
      trigger: { event: "manual", at: now },
      variables: Object.fromEntries(Object.entries(document.variables).map(([key, one]) => [key, one.default ?? null])),
      related: Object.fromEntries(Object.keys(document.related).map((key) => [key, found.get(key)?.id ?? null])),
      parent: null,
    },
    now,
  );
  run.lastHuman = requester;
  const world = {
    workspace: { id: context.id, zone: context.zone, country: context.country, currency: context.currency },
    model: context.model,
    records,
    directory: context.directory,
    processOwner: context.owners.get(document.key) ?? null,
  } as unknown as World;
  return newTurn(process, run, world, { id: "try", actor: { kind: "system" }, at: now });
}
