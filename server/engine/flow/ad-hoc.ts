/** What somebody with the right to it does against what is drawn, with a reason: it is in the log as a deviation. */
import type { CommandOf } from "../commands.ts";
import { cancelToken, out, settleIncidents } from "./leave.ts";
import { guardedBetween } from "./guarded.ts";
import { arrivedIn, canFinishFrom } from "./finish-from.ts";
import { type Refusal, refuse } from "../model.ts";
import { firstPort, run as runTokens } from "./moves.ts";
import { addItem, mostItems } from "./scopes.ts";
import { type Turn, emit, freshToken, nodeOf, stopOf, stoppedRefusal } from "../turn.ts";

export function jump(turn: Turn, { how, reason }: CommandOf<"jump">): Refusal | null {
  if (turn.run.status !== "active")
    return refuse("CONFLICT", "This run is suspended. Resume it first; nothing was moved.");
  switch (how.kind) {
    case "jump":
      return jumpTo(turn, how.token, how.to, reason);
    case "skip":
      return skip(turn, how.token, how.port, reason);
    case "add":
      return add(turn, how.node, reason);
    case "add_item":
      return addOne(turn, how, reason);
    default:
      return how satisfies never;
  }
}

const gone = () => refuse("CONFLICT", "The run is not at that step any more. Nothing was moved.");

function guarded({ node, how }: NonNullable<ReturnType<typeof guardedBetween>>): Refusal {
  const name = node.node.name || node.id;
  return refuse(
    "NOT_ALLOWED",
    how === "skip"
      ? `“${name}” may not be passed over. Nothing was moved.`
      : `“${name}” is passed, and nobody goes back to before it. Nothing was moved.`,
  );
}

/** Forward, back or aside: the step is cancelled and the token goes on at the other one. */
function jumpTo(turn: Turn, id: string, to: string, reason: string): Refusal | null {
  const token = turn.run.tokens[id];
  if (!token) return gone();
  const node = turn.process.nodes.get(to);
  const from = nodeOf(turn, token.node);
  if (!node || node.node.kind === "start")
    return refuse("INVALID", "There is no such step to go to. Nothing was moved.");
  if ((node.node.in ?? null) !== (from.node.in ?? null))
    return refuse("INVALID", "A run can be moved only among the steps of one sub-process. Nothing was moved.");
  if (node.node.kind === "join")
    return refuse(
      "INVALID",
      "A run cannot be moved onto a join: it waits for its branches. Choose what comes after it.",
    );
  const guard = guardedBetween(turn.process, turn.run, from, node);
  if (guard) return guarded(guard);
  const others = Object.values(turn.run.tokens).filter((t) => t.id !== id && t.scope === token.scope && !t.alone);
  const after = [
    ...others.map(({ node: at, edge }) => ({ node: at, edge })),
    ...arrivedIn(turn.process, turn.run, token.scope ?? null),
    { node: to, edge: null },
  ];
  const finish = canFinishFrom(turn.process, node.node.in ?? null, after);
  if (!finish.ok)
    return refuse(
      "UNSOUND",
      `From there the run could get stuck at “${nodeOf(turn, finish.at).node.name || finish.at}”. Nothing was moved.`,
    );
  const fresh = freshToken(turn);
  emit(turn, "RunJumped", { how: "jump", token: fresh, from: from.id, to, reason });
  cancelToken(turn, token, reason);
  runTokens(turn, [{ token: fresh, node, edge: null, from: from.id, scope: token.scope ?? null }]);
  return null;
}

/** The step counts as skipped; the token leaves by its first exit or the one that is named. */
function skip(turn: Turn, id: string, port: string | undefined, reason: string): Refusal | null {
  const token = turn.run.tokens[id];
  if (!token?.visit) return token ? refuse("INVALID", "Only a step can be skipped. Nothing was moved.") : gone();
  const node = nodeOf(turn, token.node);
  if (node.node.gate?.noSkip) return guarded({ node, how: "skip" });
  settleIncidents(turn, id);
  emit(turn, "RunJumped", { how: "skip", token: id, from: node.id, to: node.id, reason });
  runTokens(turn, out(turn, id, node, port ?? firstPort(node), { visit: token.visit, skipped: true }));
  return null;
}

/** A step beside what runs: it ends when it is left. */
function add(turn: Turn, id: string, reason: string): Refusal | null {
  const node = turn.process.nodes.get(id);
  if (!node?.isStep || node.node.in) return refuse("INVALID", "There is no such step to add. Nothing was added.");
  if (stopOf(turn, id)) return stoppedRefusal(turn, id);
  const token = freshToken(turn);
  emit(turn, "RunJumped", { how: "add", token, from: null, to: id, reason });
  runTokens(turn, [{ token, node, edge: null, from: null, scope: null, alone: true }]);
  return null;
}

/** One more item for a for-each that is open (pattern 15). */
function addOne(
  turn: Turn,
  { token, item }: Extract<CommandOf<"jump">["how"], { kind: "add_item" }>,
  reason: string,
): Refusal | null {
  const owner = turn.run.tokens[token];
  if (!owner?.loop)
    return owner ? refuse("INVALID", "This step does not go through a list. Nothing was added.") : gone();
  if (Math.max(owner.loop.items.length, Object.keys(turn.run.tokens).length) >= mostItems)
    return refuse("TOO_LARGE", `A run has room for ${mostItems} items. Nothing was added.`);
  emit(turn, "RunJumped", { how: "add_item", token, from: owner.node, to: owner.node, reason });
  runTokens(turn, addItem(turn, token, item) ?? []);
  return null;
}
