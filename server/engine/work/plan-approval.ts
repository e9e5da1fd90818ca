/** Who is asked at an approval and in which order: the levels as drawn, or as a decision table gives them for this record. */
import { evaluateDecisionTable, type TableAnswer } from "../tables/decision-table.ts";
import type { FeelValue } from "../expression/index.ts";
import type { CompiledNode } from "../graph.ts";
import type { Visit } from "../model.ts";
import { type Turn, scopeOf } from "../turn.ts";
import { approvalOf, levelOf } from "./approval-config.ts";
import { type ApprovalLevel, joinLevels, readLevels, roleAsked } from "./approval-path.ts";

export type Planned =
  | { ok: true; levels: ApprovalLevel[]; asked?: { table: string; answer: TableAnswer } }
  | { ok: false; code: string; text: string; asked?: { table: string; answer: TableAnswer } };

export function planApproval(turn: Turn, node: CompiledNode, visit: Visit | null): Planned {
  const config = approvalOf(node);
  const drawn = (config.levels ?? []).map(levelOf);
  if (config.matrix === undefined) return known(turn, node, drawn);
  const table = node.matrix;
  if (!table)
    return {
      ok: false,
      code: "APPROVERS_UNKNOWN",
      text: `The table ${config.matrix} of “${nameOf(node)}” is missing.`,
    };
  const answer = evaluateDecisionTable(table, scopeOf(turn, visit));
  const asked = { table: table.key, answer };
  if (answer.error)
    return {
      ok: false,
      asked,
      code: "MATRIX_FAILED",
      text: `The table that says who approves “${nameOf(node)}” gave no usable answer: ${answer.error.text}`,
    };
  const column = (name: string) => table.outputs.findIndex(({ field }) => field === name);
  const levels = levelsOf(answer, column("approvers"), column("level"));
  if (levels.length) return { ...known(turn, node, [...drawn, ...levels]), asked };
  if (config.whenNobody) return { ...known(turn, node, [...drawn, levelOf(config.whenNobody)]), asked };
  return {
    ok: false,
    asked,
    code: "NO_APPROVER",
    text: `The table says that nobody approves “${nameOf(node)}” here. Nothing was approved; add a rule or a default level, then retry.`,
  };
}

/** Each counted row gives levels; those of one number are asked together, rows without a number stand one after the other. */
function levelsOf({ rows }: TableAnswer, approvers: number, place: number): ApprovalLevel[] {
  const given = rows.flatMap((row, i) =>
    textsOf(row[approvers] ?? null)
      .flatMap(readLevels)
      .map((level, j) => {
        const at = place >= 0 ? row[place] : undefined;
        return { at: (typeof at === "number" ? at : i + 1) * 1000 + j, level };
      }),
  );
  return joinLevels(given);
}

const textsOf = (value: FeelValue): string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.flatMap(textsOf) : [];

const nameOf = ({ node }: CompiledNode) => node.name || node.id;

/** Roles and people that are not there any more are no approvers: somebody has to look at it. */
function known(turn: Turn, node: CompiledNode, levels: ApprovalLevel[]): Planned {
  const wrong = levels
    .flatMap(({ ask }) => ask)
    .find((ask) => {
      const role = roleAsked(ask);
      return role !== null && !Object.hasOwn(turn.process.document.roles, role);
    });
  return wrong
    ? {
        ok: false,
        code: "APPROVERS_UNKNOWN",
        text: `“${nameOf(node)}” asks ${wrong}, which is no role of this process. Correct it, then retry.`,
      }
    : { ok: true, levels };
}
