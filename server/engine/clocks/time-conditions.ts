/**
 * Conditions that change by time alone (semantics, section 1): `today()` is looked at again at each midnight, `now()` against a
 * date-time field at that instant. Any other `now()` could change at any moment, so nobody could say when to look again.
 */
import { childrenOf } from "../expression/index.ts";
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";

export type TimeUse = {
  today: boolean;
  /** Fields that `now()` is compared with: `deal.valid_until`. */
  fields: string[];
  /** A `now()` that is not compared with a field. */
  free: boolean;
};

export function timeUse(text: string): TimeUse {
  const use: TimeUse = { today: false, fields: [], free: false };
  const parsed = parse(text, "expression");
  if (parsed.ok) look(parsed.ast, use);
  return use;
}

function look(ast: Ast, use: TimeUse): void {
  if (isCall(ast, "today")) use.today = true;
  if (isCall(ast, "now")) use.free = true;
  const field = comparedField(ast);
  if (field) use.fields.push(field);
  else for (const child of childrenOf(ast)) look(child, use);
}

/** The field of `now() < deal.valid_until`, `deal.valid_until >= now()`. */
function comparedField(ast: Ast): string | null {
  if (ast.kind !== "compare") return null;
  if (isCall(ast.left, "now")) return fieldOf(ast.right);
  return isCall(ast.right, "now") ? fieldOf(ast.left) : null;
}

const isCall = (ast: Ast, name: string): boolean =>
  ast.kind === "call" && ast.callee.kind === "name" && ast.callee.name === name;

/** A qualified name as text, `deal.valid_until`; null for anything else. */
export function fieldOf(ast: Ast): string | null {
  return ast.kind === "path" && ast.object.kind === "name" ? `${ast.object.name}.${ast.name}` : null;
}
