/**
 * What runs inside a node: an inline sub-process once, a for-each once for each item. A scope is one such round; its tokens name it
 * and it has ended when none is left.
 */
import type { CompiledNode } from "../graph.ts";
import { type Arrival, cancelScope, raise } from "./leave.ts";
import type { Plain, RunScope, Token } from "../model.ts";
import { none } from "../run-shape.ts";
import type { Each } from "../step.ts";
import {
  type Turn,
  emit,
  evaluate,
  freshToken,
  loopOf,
  nextId,
  nodeOf,
  plainOf,
  primary,
  recordNamed,
} from "../turn.ts";

/** Open tokens of a run, and so items of a for-each. */
export const mostItems = 1000;

/** Goes in. Null: there is nothing to go through. */
export function openBody(turn: Turn, token: string, node: CompiledNode, each: Each | undefined): Arrival[] | null {
  const entry = node.entryNode;
  if (!entry) return raise(turn, token, node, "NOTHING_INSIDE", `“${node.node.name}” has no steps inside.`);
  const owner = turn.run.tokens[token]!;
  if (!each) return [open(turn, owner, node, entry)];
  const items = itemsOf(turn, each, owner);
  if (typeof items === "string") return raise(turn, token, node, "NO_LIST", items);
  const standing = Object.keys(turn.run.tokens).length;
  if (items.length + (each.mode === "parallel" ? standing : 0) > mostItems)
    return raise(
      turn,
      token,
      node,
      "TOO_MANY_ITEMS",
      `“${node.node.name}” would go through ${items.length} items; a run has room for ${mostItems}.`,
    );
  emit(turn, "LoopStarted", { token, as: each.as, records: each.over === "records", items });
  if (items.length === 0) return null;
  const first = each.mode === "parallel" ? items : items.slice(0, 1);
  return first.map((item, index) => open(turn, owner, node, entry, { index, item }));
}

function open(
  turn: Turn,
  owner: Token,
  node: CompiledNode,
  entry: CompiledNode,
  round: { index: number; item: Plain } | null = null,
): Arrival {
  const id = nextId(turn, "scope");
  emit(turn, "ScopeOpened", {
    id,
    node: node.id,
    token: owner.id,
    ...(owner.scope && { scope: owner.scope }),
    ...round,
  });
  return { token: freshToken(turn), node: entry, edge: null, from: node.id, scope: id };
}

/** The items as they are now: later changes of the list change nothing. A sentence when it is none. */
function itemsOf(turn: Turn, each: Each, owner: Token): Plain[] | string {
  if (each.over === "records") {
    const of = each.of ? recordNamed(turn, each.of) : primary(turn);
    if (!of) return `There is no ${each.of ?? turn.run.recordType} whose records it could go through.`;
    const type = each.records ?? "";
    const found = turn.world.newest(type, of.id);
    return [...found].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).map((record) => record.id);
  }
  const expression = turn.process.expression(each.list ?? "");
  if (!expression) return `The list “${each.list}” cannot be read.`;
  const { value, seen } = evaluate(turn, expression, owner.visit ? turn.run.visits[owner.visit] : null);
  if (value === null) return seen.error ? `The list “${each.list}” failed: ${seen.error}` : [];
  const plain = plainOf(value);
  return Array.isArray(plain) ? plain : [plain];
}

/** A token whose inside is done goes on; `outcome`: the end that the last token inside came to. */
export type Finished = { token: string; outcome: string | null };

/** Scopes without a token left: closed, and either the next round begins or what is around them goes on. */
export function closeFinished(turn: Turn): { arrivals: Arrival[]; finished: Finished[] } {
  const arrivals: Arrival[] = [];
  const finished: Finished[] = [];
  if (turn.run.scopes === none) return { arrivals, finished };
  const busy = new Set(Object.values(turn.run.tokens).map((token) => token.scope));
  for (const scope of Object.values(turn.run.scopes)) {
    if (busy.has(scope.id) || !turn.run.scopes[scope.id]) continue;
    emit(turn, "ScopeClosed", { id: scope.id, how: "completed" });
    const owner = turn.run.tokens[scope.token];
    if (!owner) continue;
    const node = nodeOf(turn, owner.node);
    if (!owner.loop) finished.push({ token: owner.id, outcome: scope.lastEnd?.node ?? null });
    else if (isComplete(turn, node, owner)) {
      for (const rest of Object.values(turn.run.scopes))
        if (rest.token === owner.id) cancelScope(turn, rest.id, "enough of them were done");
      finished.push({ token: owner.id, outcome: scope.lastEnd?.node ?? null });
    } else arrivals.push(...next(turn, node, owner, scope, finished));
  }
  return { arrivals, finished };
}

function next(turn: Turn, node: CompiledNode, owner: Token, last: RunScope, finished: Finished[]): Arrival[] {
  const { items, opened } = owner.loop!;
  if (opened < items.length) {
    if (node.config.mode !== "sequential") return [];
    return [open(turn, owner, node, node.entryNode!, { index: opened, item: items[opened]! })];
  }
  const open_ = Object.values(turn.run.scopes).some((scope) => scope.token === owner.id);
  if (!open_) finished.push({ token: owner.id, outcome: last.lastEnd?.node ?? null });
  return [];
}

function isComplete(turn: Turn, node: CompiledNode, owner: Token): boolean {
  const text = node.config.completeWhen;
  const expression = typeof text === "string" && text.trim() ? turn.process.expression(text) : null;
  if (!expression) return false;
  turn.beside = { loop: loopOf(turn, owner.loop!) };
  const { isTrue } = evaluate(turn, expression, owner.visit ? turn.run.visits[owner.visit] : null);
  turn.beside = null;
  return isTrue;
}

/** One more item for a for-each that is open: nothing when it is not, or when it goes one after the other and waits anyway. */
export function addItem(turn: Turn, token: string, item: Plain): Arrival[] | null {
  const owner = turn.run.tokens[token];
  if (!owner?.loop) return null;
  const node = nodeOf(turn, owner.node);
  emit(turn, "LoopStarted", {
    token,
    as: owner.loop.as,
    records: owner.loop.records,
    items: [...owner.loop.items, item],
  });
  return node.config.mode === "parallel"
    ? [open(turn, owner, node, node.entryNode!, { index: owner.loop.opened, item })]
    : [];
}
