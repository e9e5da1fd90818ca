/**
 * What would make each token go on: who has to do what, which fields have to hold what, which timer rings when, which message has to
 * come. Only what has been tried on a copy of the run and moved the token is named, the least to do first.
 */
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { Run, Token, Values, Work } from "../model.ts";
import { asSaved, formProblems, outcomeField } from "../work/form.ts";
import { type Unmet, entryUnmet, exitUnmet, whoRefusal } from "../work/gate.ts";
import { membersOf } from "../work/assign.ts";
import { type Turn, standAt } from "../turn.ts";
import type { World } from "../world.ts";
import { type Deed, dryRun } from "./dry-run.ts";
import { gateWays } from "./gate-ways.ts";
import { lookingTurn } from "./looking.ts";
import { type Ways, anyValueFor, savable, waysToMakeTrue } from "./make-true.ts";
import { byObject } from "./settings.ts";

export type Mover = {
  deeds: Deed[];
  /** Nodes that tokens come to by it. */
  to: string[];
  /** The end that the run comes to by it. */
  end: string | null;
};
export type Stuck = {
  token: string;
  node: string;
  movers: Mover[];
  /** Other values that would do as well and are not told one by one; `atLeast`: they were not all counted. */
  more: { n: number; atLeast: boolean };
  /** It goes on when these have: branches that a join waits for, what runs inside. */
  after: string[];
};

/** Moves by hand and what else is always possible is named only where nothing else helps. */
const mostMovers = 12;
/** A run in a long list stands in many places. */
const mostTokens = 12;

export function whatMoves(process: CompiledProcess, run: Run, world: World, at: number): Stuck[] {
  if (run.status !== "active" && run.status !== "suspended") return [];
  const first: Deed[] = run.status === "suspended" ? [{ kind: "resume" }] : [];
  return Object.values(run.tokens)
    .slice(0, mostTokens)
    .map((token) => {
      const node = process.nodes.get(token.node);
      const turn = lookingTurn(process, run, world, at);
      standAt(turn, token.id);
      const attempt = (deeds: Deed[]): Mover[] => {
        const tried = dryRun(process, run, world, [...first, ...deeds], at);
        return tried.ok && hasMoved(run, tried.run, token) ? [moverOf([...first, ...deeds], run, tried.run)] : [];
      };
      const after = node ? othersFirst(run, token, node) : [];
      const place = { token: token.id, node: token.node };
      if (!node || after.length) return { ...place, movers: [], more: { n: 0, atLeast: false }, after };
      const { ways, more, atLeast } = waysOn(turn, token, node);
      const movers = distinct(ways.flatMap(attempt));
      const left = { n: more + Math.max(0, movers.length - mostMovers), atLeast };
      return movers.length
        ? { ...place, movers: movers.slice(0, mostMovers), more: left, after }
        : {
            ...place,
            movers: byHand(token, node).flatMap(attempt).slice(0, 3),
            more: { n: 0, atLeast: false },
            after,
          };
    });
}

const placeOf = (run: Run, id: string): string => {
  const t = run.tokens[id];
  return t
    ? JSON.stringify([t.node, t.state, t.visit, t.phase, t.action, t.effect, t.child, t.edge])
    : run.status === "active" || run.status === "suspended"
      ? "gone"
      : "over";
};

/** Elsewhere, let in, or no longer stopped by the same incident. */
export const hasMoved = (before: Run, after: Run, { id }: Pick<Token, "id">): boolean =>
  placeOf(before, id) !== placeOf(after, id);

function moverOf(deeds: Deed[], before: Run, after: Run): Mover {
  const come = Object.values(after.tokens).filter(({ id }) => placeOf(before, id) !== placeOf(after, id));
  return { deeds, to: [...new Set(come.map(({ node }) => node))], end: after.end };
}

const distinct = (movers: Mover[]): Mover[] => [
  ...new Map(movers.map((mover) => [JSON.stringify(mover.deeds), mover])).values(),
];

/** Tokens that have to come first: those a join still waits for, or those inside a for-each or sub-process. */
function othersFirst(run: Run, token: Token, node: CompiledNode): string[] {
  const others = Object.values(run.tokens);
  const scopes = new Set(Object.values(run.scopes).flatMap((s) => (s.token === token.id ? s.id : [])));
  if (scopes.size) return others.flatMap((t) => (t.scope && scopes.has(t.scope) ? t.id : []));
  if (node.node.kind !== "join" || token.state !== "in") return [];
  return others.flatMap((t) =>
    (t.scope ?? null) === (token.scope ?? null) && (t.node !== node.id || t.state !== "in") ? t.id : [],
  );
}

/** Deeds that may move it, each list a way of its own; and how many others there are. */
type Found = { ways: Deed[][]; more: number; atLeast: boolean };
const only = (...ways: Deed[][]): Found => ({ ways, more: 0, atLeast: false });
const joined = (found: readonly Found[]): Found => ({
  ways: found.flatMap(({ ways }) => ways),
  more: found.reduce((sum, { more }) => sum + more, 0),
  atLeast: found.some(({ atLeast }) => atLeast),
});

function waysOn(turn: Turn, token: Token, node: CompiledNode): Found {
  if (token.state === "held") return settingsOf(turn, gateWays(turn, wholeGate(turn, node)));
  if (token.state === "failed") return afterFault(turn, token, node);
  const begun: Deed[][] = [
    ...(token.effect ? [[{ kind: "answer" as const, effect: token.effect }]] : []),
    ...(token.child ? [[{ kind: "child" as const, token: token.id, child: token.child }]] : []),
    ...Object.values(turn.run.work).flatMap((work) => (work.token === token.id ? waysToFinish(turn, work, node) : [])),
  ];
  return joined([
    only(...begun),
    waitsOf(turn, token, node),
    edgesOf(turn, token, node),
    only(...timersOf(turn, token)),
  ]);
}

/** What is missing, with its conditions as they are drawn: the list of what is missing names one alternative of each `or`. */
function wholeGate(turn: Turn, node: CompiledNode): Unmet[] {
  const { entryCriteria, gate } = node.node;
  const conditions = [entryCriteria, ...(gate?.entry ?? []).map((one) => (one.kind === "condition" ? one.when : ""))];
  return [
    ...entryUnmet(turn, node).filter(({ kind }) => kind !== "condition"),
    ...conditions.flatMap((when): Unmet[] => (when?.trim() ? [{ kind: "condition", fields: [], when }] : [])),
  ];
}

const settingsOf = (turn: Turn, { ways, ...rest }: Ways): Found => ({
  ...rest,
  ways: ways
    .filter((way) => way.length > 0)
    .map((way) => [...byObject(savable(turn, way)).values()].map((settings) => ({ kind: "set", settings }))),
});

/** One way for each answer, by whoever has the task or may take it. */
function waysToFinish(turn: Turn, work: Work, node: CompiledNode): Deed[][] {
  const { model, directory } = turn.world;
  const outcomes = node.config.outcomes as { id: string }[] | undefined;
  const field = outcomes?.length ? null : outcomeField(turn.process, node, model, turn.run);
  const answers: (string | null)[] = outcomes?.length
    ? outcomes.map(({ id }) => id)
    : field
      ? [...field.values]
      : work.approval && node.config.exits === "decision"
        ? ["approved", "rejected", "returned"]
        : [null];
  const isHere = (id: string | null): id is string => id !== null && directory.people.get(id)?.active === true;
  const pool = [...membersOf(turn, work.role, work.queue), turn.world.processOwner, ...directory.people.keys()];
  const owner = turn.world.records.get(turn.run.recordId)?.values.owner_id;
  const mayDecide = (id: string) =>
    whoRefusal(turn, node, id) === null &&
    (!work.approval || node.config.selfApproval === "allow" || (id !== owner && id !== turn.run.lastHuman));
  const taker = pool.find((id): id is string => isHere(id) && mayDecide(id)) ?? pool.find(isHere);
  const by = isHere(work.assignee) ? work.assignee : taker;
  if (!by) return [];
  return answers.map((answer): Deed[] => {
    const form = filled(turn, node, work, field && answer !== null ? { [field.field]: answer } : {});
    const { values, fill, tick } = throughGate(turn, node, work, answer, form);
    const ticked = tick.length > 0 && { tick };
    return [
      { kind: "complete", work: work.id, by, claim: work.assignee === null, outcome: answer, values, fill, ...ticked },
    ];
  });
}

type Filled = { values: Values; fill: string[] };

/** The form with what it still lacks; a field may be needed only because of another. */
function filled(turn: Turn, node: CompiledNode, work: Work, given: Values): Filled {
  const values = { ...given };
  const fill: string[] = [];
  for (let round = 0; round < 6; round++) {
    const missing = formProblems(turn, node, values, work.draft ?? {}).filter(({ code }) => code === "MISSING");
    if (missing.length === 0) break;
    for (const { field } of missing) {
      values[field] = anyValueFor(turn, field);
      fill.push(field);
    }
  }
  return { values, fill };
}

/** What the gate at the end of the step lacks beyond that is filled in on the spot. */
function throughGate(turn: Turn, node: CompiledNode, work: Work, outcome: string | null, form: Filled) {
  if (!node.node.gate?.exit?.length) return { ...form, tick: [] };
  const visit = turn.run.visits[work.visit] ?? null;
  const saved = asSaved(turn, form.values);
  const unmet = exitUnmet(saved, node, visit, { outcome, ticked: [], given: form.values });
  const [way = []] = gateWays(saved, unmet, visit).ways;
  return {
    values: { ...form.values, ...Object.fromEntries(way.map(({ path, to }) => [path, to])) },
    fill: [...form.fill, ...way.map(({ path }) => path)],
    tick: unmet.flatMap(({ item }) => item ?? []),
  };
}

/** What a wait looks out for. */
function waitsOf(turn: Turn, token: Token, node: CompiledNode): Found {
  if (!token.events?.length && !token.condition) return only();
  const outcome = node.definition.enter(node.node, node.config);
  const conditions = outcome.type === "wait" ? (outcome.waiting.conditions ?? []) : [];
  const visit = token.visit ? turn.run.visits[token.visit] : null;
  return joined([
    only(...(token.events ?? []).map((event, i): Deed[] => [{ kind: "message", event, key: token.keys?.[i] ?? null }])),
    ...conditions.map(({ text }) => settingsOf(turn, waysToMakeTrue(turn, text, visit ?? null))),
  ]);
}

/** What may happen at the edge of a step, but for time. */
function edgesOf(turn: Turn, token: Token, node: CompiledNode): Found {
  const visit = token.visit ? (turn.run.visits[token.visit] ?? null) : null;
  const found = node.boundary.map((boundary): Found => {
    const armed = token.armed?.[boundary.id];
    switch (boundary.kind) {
      case "message":
        return only([{ kind: "message", event: boundary.event, key: armed?.key ?? null }]);
      case "record_changed":
        return boundary.when?.trim() && armed?.holds === false
          ? settingsOf(turn, waysToMakeTrue(turn, boundary.when, visit))
          : only();
      case "timer":
      case "error":
        return only();
      default:
        return boundary satisfies never;
    }
  });
  return joined(found);
}

/** Instants at which time alone moves it: its own timers, and clocks that end the step when they run out. */
function timersOf(turn: Turn, token: Token): Deed[][] {
  const { timers, clocks } = turn.run;
  const dues = Object.values(timers).flatMap((timer) => {
    if (timer.token === token.id) return timer.due;
    const clock = timer.clock ? clocks[timer.clock] : undefined;
    if (!clock || clock.visit !== token.visit) return [];
    const { dueAt, breachedAt } = clock.clock;
    // It is late a millisecond after it is due; its timer may ring for a warning before that.
    return dueAt !== undefined && breachedAt === undefined ? dueAt + 1 : [];
  });
  return [...new Set(dues)].sort((a, b) => a - b).map((due) => [{ kind: "time", due }]);
}

/** Trying again, first as things are, then with what the fault names put right. */
function afterFault(turn: Turn, token: Token, node: CompiledNode): Found {
  const incident = Object.values(turn.run.incidents).find((one) => one.token === token.id);
  if (!incident) return only();
  const retry: Deed = { kind: "retry", incident: incident.id };
  const visit = token.visit ? (turn.run.visits[token.visit] ?? null) : null;
  const made = (text: string | undefined): Found => {
    if (!text?.trim()) return only();
    const found = settingsOf(turn, waysToMakeTrue(turn, text, visit));
    return { ...found, ways: found.ways.map((deeds) => [...deeds, retry]) };
  };
  const outcome =
    incident.code === "NO_DATE" ? node.definition.enter(node.node, node.config) : ({ type: "none" } as const);
  return joined([
    only([retry]),
    ...(incident.code === "NO_BRANCH" ? node.out.map((edge) => made(edge.when)) : []),
    ...(outcome.type === "wait" ? (outcome.waiting.timers ?? []) : []).map(({ until }) =>
      made(until && `(${until}) != null`),
    ),
  ]);
}

/** Against what is drawn, for whoever may. */
function byHand(token: Token, node: CompiledNode): Deed[][] {
  return [
    ...(token.visit ? [[{ kind: "skip" as const, token: token.id, port: null }]] : []),
    ...node.out.map((edge): Deed[] => [{ kind: "jump", token: token.id, to: edge.to }]),
  ];
}
