import { type Ast, childrenOf } from "@/server/engine/expression/ast.ts";
import { parse } from "@/server/engine/expression/parse.ts";

/**
 * FEEL text with the names it reads from outside written anew; everything else stays as it is. `rename` is asked with the name
 * and the path after it (`Applicant`, `["Age"]`) and answers what stands for all of it, or null to leave it. Text that
 * cannot be read is given back as it is.
 */
export function renameNames(
  text: string,
  mode: "expression" | "unary",
  names: Iterable<string>,
  rename: (root: string, path: readonly string[]) => string | null,
): string {
  const parsed = parse(text, mode, names);
  if (!parsed.ok) return text;
  const changes: { from: number; to: number; text: string }[] = [];
  const visit = (node: Ast, bound: ReadonlySet<string>): void => {
    const path = pathOf(node);
    if (path) {
      const [root = "", ...rest] = path;
      const to = root === "?" || bound.has(root) ? null : rename(root, rest);
      if (to !== null) changes.push({ from: node.from, to: node.to, text: to });
      return;
    }
    if (node.kind === "for" || node.kind === "quantified") {
      const inner = new Set([...bound, ...node.iterators.map((i) => i.name), "partial"]);
      for (const { list, to } of node.iterators) for (const one of to ? [list, to] : [list]) visit(one, inner);
      return visit(node.body, inner);
    }
    if (node.kind === "function") return visit(node.body, new Set([...bound, ...node.parameters.map((p) => p.name)]));
    if (node.kind === "context") {
      const inner = new Set(bound);
      for (const { key, value } of node.entries) {
        visit(value, inner);
        inner.add(key);
      }
      return;
    }
    if (node.kind === "call" && node.callee.kind === "name") {
      for (const argument of node.args) visit(argument, bound);
      return;
    }
    // Inside a filter a name may be a field of the item.
    if (node.kind === "filter") return visit(node.list, bound);
    for (const child of childrenOf(node)) visit(child, bound);
  };
  visit(parsed.ast, new Set());
  let out = text;
  for (const change of changes.sort((a, b) => b.from - a.from))
    out = out.slice(0, change.from) + change.text + out.slice(change.to);
  return out;
}

/** `a.b.c` as its words; null when it is something else. */
function pathOf(node: Ast): string[] | null {
  if (node.kind === "name") return [node.name];
  if (node.kind !== "path") return null;
  const before = pathOf(node.object);
  return before && [...before, node.name];
}
