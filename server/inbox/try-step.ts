/** What a drawn step would do with one record, without doing it: whom it would ask, in which order and why; what its gate misses. */
import type { Deps } from "@/server/commands/deps.ts";
import { drawnTurn } from "@/server/commands/drawn-turn.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Plain } from "@/server/engine/model.ts";
import { plainOf } from "@/server/engine/turn.ts";
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

type Asked = {
  workspaceId: string;
  /** The drawing. */
  process: CompiledProcess;
  node: string;
  record: { type: string; id: string };
  requester: string | null;
  now: number;
};

/** Null when the drawing has no such step. `requester`: who would ask for it. */
export async function tryStep(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  { workspaceId, process, node: nodeId, record, requester, now }: Asked,
): Promise<TriedStep | null> {
  const node = process.nodes.get(nodeId);
  if (!node) return null;
  const turn = await drawnTurn({ store, contexts }, workspaceId, process, record, { at: now, now });
  turn.run.lastHuman = requester;
  const { people } = turn.world.directory;
  const gate = {
    entry: entryUnmet(turn, node).map((one) => unmetText(turn, one)),
    exit: exitUnmet(turn, node, null, { outcome: null, ticked: [], given: {} }).map((one) => unmetText(turn, one)),
  };
  const nobody = { levels: [], matrix: null, wrong: null, ...gate };
  if (node.node.kind !== "approval") return nobody;
  const name = (id: string | null | undefined) => (id ? (people.get(id)?.name ?? id) : null);
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
