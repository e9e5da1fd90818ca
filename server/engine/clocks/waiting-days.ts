/**
 * When what tokens wait for has to be looked at though nothing happens: conditions of waits, of steps that may not begin yet, at
 * the edge of a step, and goals. Midnight of the workspace for `today()` and counts of days; the instants where a comparison with
 * `now()` turns, and each full hour of the workspace where nobody can say.
 */
import { nextMidnight } from "../calendar/instant.ts";
import { nextHour } from "../calendar/zone.ts";
import { type CompiledNode, type CompiledProcess, typeOf } from "../graph.ts";
import type { Run, Token } from "../model.ts";
import { type Turn, evaluate, standAt } from "../turn.ts";
import type { RecordRules } from "../world.ts";
import { type Point, turningPoints, turnOf } from "./turning-points.ts";

/** What of some conditions changes by time alone. */
type Use = { daily: boolean; hourly: boolean; points: readonly Point[] };
type Uses = {
  /** Of goals: looked at wherever the run stands. */
  always: Use | null;
  /** By node: before it begins, while it waits, and while it is open by the id of what is at its edge. */
  nodes: ReadonlyMap<string, { entry: Use | null; wait: Use | null; edges: ReadonlyMap<string, Use> }>;
};

const known = new WeakMap<CompiledProcess, Uses | null>();

/** Whether any token of this process can wait for something that time alone brings about. */
export const waitsForTime = (turn: Turn): boolean => timesOf(turn.process, turn.run, turn.world.model) !== null;

/** Whether one of this run's does, where it stands. */
export function standsWaiting(process: CompiledProcess, run: Run, model: RecordRules): boolean {
  const uses = timesOf(process, run, model);
  if (!uses) return false;
  return uses.always !== null || Object.values(run.tokens).some(({ node }) => uses.nodes.has(node));
}

/** The next instant at which one of those conditions may have changed; infinite where none does. */
export function waitingDue(turn: Turn): number {
  const uses = timesOf(turn.process, turn.run, turn.world.model);
  if (!uses) return Number.POSITIVE_INFINITY;
  let due = nextOf(turn, uses.always, null);
  for (const token of Object.values(turn.run.tokens)) {
    const own = uses.nodes.get(token.node);
    if (!own) continue;
    if (token.state === "held") due = Math.min(due, nextOf(turn, own.entry, token));
    if (token.state !== "in") continue;
    if (token.condition) due = Math.min(due, nextOf(turn, own.wait, token));
    for (const [id, use] of own.edges)
      if (token.armed?.[id]?.holds !== undefined) due = Math.min(due, nextOf(turn, use, token));
  }
  return due;
}

function nextOf(turn: Turn, use: Use | null, token: Token | null): number {
  if (!use) return Number.POSITIVE_INFINITY;
  const { zone } = turn.world.workspace;
  let due = use.daily ? nextMidnight(turn.instant, zone) : Number.POSITIVE_INFINITY;
  standAt(turn, token?.id);
  const visit = (token?.visit && turn.run.visits[token.visit]) || null;
  if (use.hourly) due = Math.min(due, nextHour(turn.instant, zone));
  for (const point of use.points)
    due = Math.min(
      due,
      turnOf(point, (it) => evaluate(turn, it, visit).value, turn.instant, zone),
    );
  return due;
}

/** Worked out once a version: the record model says which fields count days. */
function timesOf(process: CompiledProcess, run: Pick<Run, "recordType">, model: RecordRules): Uses | null {
  const found = known.get(process);
  if (found !== undefined) return found;
  const nodes = new Map<string, { entry: Use | null; wait: Use | null; edges: Map<string, Use> }>();
  const timeIn = (texts: readonly string[]) => textsUse(process, run, model, texts);
  for (const node of process.nodes.values()) {
    const own = {
      entry: timeIn(entryTexts(node)),
      wait: timeIn(waitTexts(node)),
      edges: new Map(
        node.boundary.flatMap((one) => {
          const use = one.kind === "record_changed" && one.when ? timeIn([one.when]) : null;
          return use ? [[one.id, use] as const] : [];
        }),
      ),
    };
    if (own.entry || own.wait || own.edges.size) nodes.set(node.id, own);
  }
  const always = timeIn(process.goals.flatMap(({ goal }) => goal?.text ?? []));
  const uses = always || nodes.size ? { always, nodes } : null;
  known.set(process, uses);
  return uses;
}

const entryTexts = ({ node: { entryCriteria, gate } }: CompiledNode): string[] => [
  ...(entryCriteria ? [entryCriteria] : []),
  ...(gate?.entry ?? []).flatMap((one) =>
    one.kind === "condition" ? one.when : one.kind === "record" && one.where ? one.where : [],
  ),
];

function waitTexts(node: CompiledNode): string[] {
  const outcome = (node.entered ??= node.definition.enter(node.node, node.config));
  return outcome.type === "wait" ? (outcome.waiting.conditions ?? []).map(({ text }) => text) : [];
}

function textsUse(
  process: CompiledProcess,
  run: Pick<Run, "recordType">,
  model: RecordRules,
  texts: readonly string[],
): Use | null {
  const compiled = texts.flatMap((text) => (text.trim() ? (process.expression(text) ?? []) : []));
  const daily = compiled.some(
    ({ usesToday, paths }) =>
      usesToday || paths.some(({ object, field }) => model.countsDays(typeOf(process, run, object), field)),
  );
  const turns = compiled.filter(({ usesNow }) => usesNow).map(({ text }) => turningPoints(text));
  const points = turns
    .flatMap((one) => one.points)
    .flatMap(({ at, against, moved }): Point[] => {
      const read = [at, against, ...moved].map((text) => process.expression(text));
      const [first, second, ...others] = read.flatMap((one) => one ?? []);
      return first && second && others.length === moved.length ? [{ at: first, against: second, moved: others }] : [];
    });
  const hourly = turns.some(({ free }) => free);
  return daily || hourly || points.length ? { daily, hourly, points } : null;
}
