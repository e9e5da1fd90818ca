/**
 * Can every run always finish? Three questions about the token game of each scope:
 *
 * 1. Does every node lead on to an end, all branches of a parallel split included? If so, each token has a number (steps to an
 *    end, the longest branch counting) that falls when it takes its shortest way, so runs can always be played until nothing
 *    moves: a run that cannot finish is then one where every token left stands before a join (a deadlock).
 * 2. Can such a deadlock be reached? Nothing but its own move takes a token from inside a node, and a join that may fire may
 *    fire until it does. So at each marking it is enough to follow one token through all its exits (a persistent set: P.
 *    Godefroid, "Partial-Order Methods", 1996, ch. 4; every deadlock stays reachable), and branches add up, not multiply.
 * 3. Can two tokens be in one node, or before a join on one edge? One token is stopped there for good and the rest played on,
 *    for each place where branches of a split may meet. Only tokens that can still come there are played.
 *
 * What cancels single tokens (an n-of-m join that cancels the rest) breaks the argument of 2 for the tokens it can cancel:
 * those are played in every order. Where 1 does not hold (only something that ends the whole run can stop a branch), all is
 * played in every order. `tests/properties/soundness.test.ts` compares all this with a plain exploration.
 */
import type { Flow, FlowNode } from "./flow-graph.ts";
import { cancels, meetings } from "./meetings.ts";
import {
  type Game,
  type Marking,
  type Move,
  type Standing,
  type Step,
  fire,
  gameOf,
  play,
  sorted,
  standing,
  tokensOf,
  without,
} from "./token-game.ts";

/** A game that shows it: firings in order, and the tokens that stand at its end. */
export type CounterExample = { steps: Step[]; standing: Standing[] };
export type Unsound = {
  code: "DEADLOCK" | "LACK_OF_SYNCHRONISATION" | "NEVER_ENDS";
  node: string;
  /** Both tokens came by this edge. */
  edge: string | null;
  game: CounterExample;
};
/**
 * `dead`: nodes that no run comes to, though edges lead there: the whole run always ends before. `cutOff`: nothing was found
 * as far as was looked, which was not everywhere.
 */
export type Verdict = { unsound: Unsound | null; dead: string[]; cutOff: boolean };

/** Markings looked at in all, of one scope. A process of 200 steps has some thousands. */
const mostMarkings = 40_000;
/** Where several tokens are meant (multi-merge), so many in one place are played. */
const mostInOnePlace = 3;

export function checkSoundness(flow: Flow): Verdict {
  const game = gameOf(flow);
  const shared: Shared = {
    game,
    meant: downstreamOfMany(flow),
    left: mostMarkings,
    cutOff: flow.tooWide,
    fired: new Set(),
  };
  const { orderly, unsound } = findTrouble(shared);
  if (orderly && !unsound) walkAll(shared);
  const dead =
    unsound || shared.cutOff ? [] : game.nodes.filter((n) => !n.ends && !shared.fired.has(n.id)).map((n) => n.id);
  return { unsound, dead, cutOff: unsound === null && shared.cutOff };
}

/** The same of a game that begins with these tokens: of a run that stands somewhere. */
export function troubleFrom(game: Game, tokens: Marking): Unsound | null {
  const shared: Shared = {
    game: { ...game, start: tokens },
    meant: downstreamOfMany(game.flow),
    left: mostMarkings,
    cutOff: game.flow.tooWide,
    fired: new Set(),
  };
  const double = twin(shared, tokens);
  return double === null ? findTrouble(shared).unsound : met(shared, [], -1, { marking: tokens, steps: [] }, double);
}

function findTrouble(shared: Shared): { orderly: boolean; unsound: Unsound | null } {
  const orderly = allFinish(shared.game.flow);
  return { orderly, unsound: orderly ? (findDeadlock(shared) ?? findMeeting(shared)) : findAnything(shared) };
}

type Shared = {
  game: Game;
  /** Nodes where two tokens are no mistake. */
  meant: ReadonlySet<string>;
  left: number;
  cutOff: boolean;
  /** Nodes seen to fire. */
  fired: Set<string>;
};

/** Question 1: the least set of nodes that holds the ends and every node with a firing all of whose edges lead into it. */
export const allFinish = (flow: Flow): boolean => finishingNodes(flow, (n) => n.ends).size === flow.nodes.size;

function finishingNodes({ nodes, edges }: Flow, isEnd: (node: FlowNode) => boolean): Set<string> {
  const found = new Set([...nodes.values()].filter(isEnd).map((n) => n.id));
  const leads = (e: string) => found.has(edges.get(e)!.to);
  for (let grew = true; grew; ) {
    grew = false;
    for (const node of nodes.values())
      if (!found.has(node.id) && node.beside.every(leads) && node.firings.some((f) => f.length > 0 && f.every(leads))) {
        found.add(node.id);
        grew = true;
      }
  }
  return found;
}

function downstreamOfMany({ nodes, edges }: Flow): Set<string> {
  const found = new Set([...nodes.values()].filter((n) => n.many).map((n) => n.id));
  for (const id of found) for (const e of outOf(nodes.get(id)!)) found.add(edges.get(e)!.to);
  return found;
}
const outOf = (node: FlowNode) => [...new Set([...node.firings.flat(), ...node.beside])];

/** Nodes (by number) from which one of these can be reached, these included. */
function upstream({ flow, indexOf, nodes }: Game, goals: Iterable<string>): Uint8Array {
  const marks = new Uint8Array(nodes.length);
  const found = new Set(goals);
  for (const id of found) {
    marks[indexOf.get(id)!] = 1;
    for (const e of flow.nodes.get(id)!.in) found.add(flow.edges.get(e)!.from);
  }
  return marks;
}

type State = { marking: Marking; from: number; steps: readonly Step[] };
type Next = { marking: Marking; steps: Step[] };

/** The place where two tokens are, unless they are meant to. */
function twin({ game, meant }: Shared, marking: Marking, frozen = -1): number | null {
  const seen = new Set<number>();
  for (const place of frozen < 0 ? marking : [...marking, frozen]) {
    const { node, kind } = game.places[place]!;
    if (kind === "arrived") continue;
    // Before a join each edge counts alone, inside a node all tokens do.
    const where = kind === "edge" ? -1 - place : node;
    if (seen.has(where) && !meant.has(game.nodes[node]!.id)) return place;
    seen.add(where);
  }
  return null;
}

function met(shared: Shared, states: readonly State[], from: number, last: Next, place: number): Unsound {
  const { node, edge } = shared.game.places[place]!;
  const steps = [...stepsTo(states, from), ...last.steps];
  return {
    code: "LACK_OF_SYNCHRONISATION",
    node: shared.game.nodes[node]!.id,
    edge,
    game: { steps, standing: endOf(shared.game, steps) },
  };
}

function stepsTo(states: readonly State[], at: number): Step[] {
  const parts: (readonly Step[])[] = [];
  for (let i = at; i >= 0; i = states[i]!.from) parts.push(states[i]!.steps);
  return parts.reverse().flat();
}

const keyOf = (marking: Marking) => String.fromCharCode(...marking);

/** What is followed, and how. */
type Plan = {
  /** Tokens in these places are left where they are: they can do nothing to the question. */
  idle: Uint8Array;
  /** The order of these tokens counts, so that they are played in every order: see `volatileOf`. */
  volatile: Uint8Array;
  moves: Game["moves"];
  /** Whether ends of the whole run are played. */
  terminating: boolean;
  /** The one place whose token is not carried on by itself. */
  hold: (place: number) => boolean;
};

/** Carries tokens on that have one way to go, so that only those with a choice are looked at. */
function settle(plan: Plan, given: readonly number[], steps: Step[]): number[] | null {
  const rest: number[] = [];
  const open = [...given];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (plan.idle[place]) continue;
    const moves = plan.moves[place]!;
    const [only] = moves;
    const loose = plan.volatile[place] === cancellable ? only?.to.length === 1 : plan.volatile[place] === 0;
    if (!only || moves.length > 1 || plan.hold(place) || !loose) {
      rest.push(place);
      continue;
    }
    steps.push(only.step);
    if (only.terminates) return null;
    open.push(...only.to);
  }
  return rest;
}

/** The marking after a move; null when the run is over. */
function after(plan: Plan, marking: Marking, place: number, move: Move): Next | null {
  if (move.terminates) return null;
  const steps: Step[] = [move.step];
  const put = settle(plan, move.to, steps);
  return put && { marking: sorted([...without(marking, [place]), ...put]), steps };
}

/**
 * What is enough to follow from a marking: a join that may fire, else all exits of the first token; of tokens that may be
 * cancelled everything. `frozen` stops the join it stands before. Empty: nothing moves.
 */
function successors(game: Game, plan: Plan, marking: Marking, frozen: number): (Next | null)[] {
  const open: (Next | null)[] = [];
  const whole = frozen < 0 ? marking : sorted([...marking, frozen]);
  let last = -1;
  for (const place of marking) {
    const { node } = game.places[place]!;
    const join = game.joinAt.get(node);
    if (!join || node === last) continue;
    last = node;
    if (frozen >= 0 && game.places[frozen]!.node === join.at) continue;
    if (join.move.terminates && !plan.terminating) continue;
    const fired = fire(game, whole, join);
    if (!fired) continue;
    const next = fired.over ? null : settled(plan, fired, frozen);
    if (!plan.volatile[join.edges[0]!.place]) return [next];
    open.push(next);
  }
  for (const place of marking) {
    const moves = plan.moves[place]!;
    if (moves.length === 0) continue;
    const next = moves.map((move) => after(plan, marking, place, move));
    if (!plan.volatile[place]) return next;
    open.push(...next);
  }
  return open;
}

function settled(plan: Plan, fired: { marking: Marking; step: Step }, frozen: number): Next | null {
  const steps: Step[] = [fired.step];
  const left = frozen < 0 ? fired.marking : without(fired.marking, [frozen]);
  // The stopped token was cancelled: nothing can meet it any more.
  if (frozen >= 0 && left.length === fired.marking.length) return null;
  const put = settle(plan, left, steps);
  return put && { marking: sorted(put), steps };
}

const byNode = (game: Game, marks: Uint8Array, value: 0 | 1) =>
  Uint8Array.from(game.places, ({ node }) => (marks[node] === value ? 1 : 0));

/** Why the order of a token counts: it may be cancelled, or no end but one of the whole run may lie before it. */
const cancellable = 1;
const endless = 2;

function volatileOf(game: Game, terminating: boolean): Uint8Array {
  const cancelling = game.joins.filter(({ node: { join } }) => cancels(join));
  const marks = upstream(
    game,
    cancelling.map((j) => j.node.id),
  );
  const finishing = terminating ? null : finishingNodes(game.flow, (n) => n.ends && !n.terminates);
  return Uint8Array.from(game.places, ({ node }) =>
    finishing && !finishing.has(game.nodes[node]!.id) ? endless : marks[node] ? cancellable : 0,
  );
}

/** Question 2. A token that can come to no join and to no end of the whole run always finishes by itself: it is left out. */
function findDeadlock(shared: Shared): Unsound | null {
  const { game } = shared;
  const matters = [...game.joins.map((j) => j.node), ...game.nodes.filter((n) => n.terminates)].map((n) => n.id);
  const plan: Plan = {
    idle: byNode(game, upstream(game, matters), 0),
    volatile: volatileOf(game, true),
    moves: game.moves,
    terminating: true,
    hold: () => false,
  };
  return explore(shared, plan, null);
}

/**
 * Every node fires in some sound run, unless something ends the run or cancels tokens before: then it is looked at. Nothing is
 * left out but the ends of the whole run, which make nothing possible.
 */
function walkAll(shared: Shared): void {
  const { game, fired } = shared;
  const ending = game.nodes.some((n) => n.terminates) || game.joins.some(({ node: { join } }) => cancels(join));
  if (!ending) {
    for (const { id } of game.nodes) fired.add(id);
    return;
  }
  explore(shared, { ...meetingPlan(game), idle: new Uint8Array(game.places.length), hold: () => false }, () => false);
}

function meetingPlan(game: Game): Pick<Plan, "volatile" | "moves" | "terminating"> {
  const moves = game.moves.map((some) => some.filter((m) => !m.terminates));
  return { volatile: volatileOf(game, false), moves, terminating: false };
}

/** Question 3, for each place where it could be. What ends the whole run is left out: nothing meets after it. */
function findMeeting(shared: Shared): Unsound | null {
  const { game } = shared;
  const plan = meetingPlan(game);
  for (const { node, edge } of meetings(game, shared.meant)) {
    const idle = byNode(game, upstream(game, [edge === null ? node.id : game.flow.edges.get(edge)!.from]), 0);
    const at = game.indexOf.get(node.id)!;
    const mine = (place: number) => {
      const p = game.places[place]!;
      return edge === null ? p.node === at && p.kind === "node" : p.edge === edge && p.kind === "edge";
    };
    game.places.forEach((_, place) => mine(place) && (idle[place] = 0));
    const found = explore(shared, { ...plan, idle, hold: mine }, mine);
    if (found) return found;
    if (shared.left <= 0) return null;
  }
  return null;
}

/** Plays on from the start. `meet`: looks for a second token in this place, once one was stopped in it; else for a deadlock. */
function explore(shared: Shared, plan: Plan, meet: ((place: number) => boolean) | null): Unsound | null {
  const { game } = shared;
  const steps: Step[] = [];
  const first = settle(plan, game.start, steps);
  if (!first) return null;
  const states: (State & { frozen: number })[] = [{ marking: sorted(first), from: -1, steps, frozen: -1 }];
  const known = new Set([keyOf(states[0]!.marking)]);
  for (const { node } of steps) shared.fired.add(node);
  const double = twin(shared, states[0]!.marking);
  if (double !== null) return met(shared, states, -1, { marking: first, steps }, double);
  for (let i = 0; i < states.length; i++) {
    const { marking, frozen } = states[i]!;
    if (frozen >= 0 && marking.length === 0) continue;
    if (shared.left-- <= 0) {
      shared.cutOff = true;
      return null;
    }
    if (!plan.terminating) noteEnders(shared, plan, marking);
    const next = successors(game, plan, marking, frozen);
    if (meet === null && next.length === 0) {
      const left = tokensOf(game, marking);
      if (left.length > 0) return stuck(shared, states, i, left);
    }
    const add = (to: Next, stopped: number) => {
      for (const { node } of to.steps) shared.fired.add(node);
      const key = stopped < 0 ? keyOf(to.marking) : `${keyOf(to.marking)}|${stopped}`;
      if (known.has(key)) return;
      known.add(key);
      states.push({ marking: to.marking, from: i, steps: to.steps, frozen: stopped });
    };
    for (const to of next) {
      if (!to) continue;
      const place = twin(shared, to.marking, frozen);
      if (place !== null) return met(shared, states, i, to, place);
      if (crowded(to.marking)) shared.cutOff = true;
      else add(to, frozen);
    }
    if (meet && frozen < 0)
      for (const place of marking) if (meet(place)) add({ marking: without(marking, [place]), steps: [] }, place);
  }
  return null;
}

/** Where ends of the whole run are not played, what would lead into one fires all the same. */
function noteEnders({ game, fired }: Shared, plan: Plan, marking: Marking): void {
  for (const place of marking)
    if (game.moves[place]!.length > plan.moves[place]!.length) fired.add(game.nodes[game.places[place]!.node]!.id);
  for (const join of game.joins) if (join.move.terminates && fire(game, marking, join)) fired.add(join.node.id);
}

/** Markings are in order, so equal tokens stand side by side. */
const crowded = (marking: Marking) => marking.some((place, i) => place === marking[i + mostInOnePlace]);

function stuck(shared: Shared, states: readonly State[], at: number, left: readonly number[]): Unsound {
  const { game } = shared;
  const steps = finish(game, stepsTo(states, at));
  const [token] = left;
  return {
    code: "DEADLOCK",
    node: game.nodes[game.places[token!]!.node]!.id,
    edge: null,
    game: { steps, standing: endOf(game, steps) },
  };
}

/** Tokens left out of a game go to their ends too, so that it ends with what is stuck. */
function finish(game: Game, steps: Step[]): Step[] {
  let marking = markingAfter(game, steps);
  const rank = ranks(game.flow);
  const far = (move: Move) => Math.max(0, ...move.step.edges.map((e) => rank.get(game.flow.edges.get(e)!.to) ?? 0));
  for (;;) {
    const place = marking.find((p) => game.moves[p]!.length > 0);
    if (place === undefined) return steps;
    const shortest = game.moves[place]!.filter((m) => !m.step.stays && !m.terminates).sort(
      (a, b) => far(a) - far(b),
    )[0];
    if (!shortest || steps.length > 5000) return steps;
    steps.push(shortest.step);
    marking = sorted([...without(marking, [place]), ...shortest.to]);
  }
}

/** Steps to an end by the shortest way, the longest branch of a split counting. */
function ranks({ nodes, edges }: Flow): Map<string, number> {
  const rank = new Map([...nodes.values()].filter((n) => n.ends).map((n) => [n.id, 0]));
  for (let round = 1, grew = true; grew; round++) {
    grew = false;
    const reached: string[] = [];
    for (const node of nodes.values())
      if (!rank.has(node.id) && node.firings.some((f) => f.length > 0 && f.every((e) => rank.has(edges.get(e)!.to))))
        reached.push(node.id);
    for (const id of reached) rank.set(id, round);
    grew = reached.length > 0;
  }
  return rank;
}

function markingAfter(game: Game, steps: readonly Step[]): Marking {
  let marking: Marking = game.start;
  for (const step of steps) {
    const next = play(game, marking, step);
    if (!next) throw new Error(`the step ${step.node} cannot be played`);
    marking = next;
  }
  return marking;
}
const endOf = (game: Game, steps: readonly Step[]) => standing(game, markingAfter(game, steps));

/** Everything in every order: markings from which the run cannot be brought to its end, and meetings. */
function findAnything(shared: Shared): Unsound | null {
  const { game } = shared;
  const states: State[] = [{ marking: game.start, from: -1, steps: [] }];
  const known = new Map([[keyOf(game.start), 0]]);
  const before: number[][] = [[]];
  const alive: number[] = [];
  for (let i = 0; i < states.length; i++) {
    const { marking } = states[i]!;
    if (shared.left-- <= 0) {
      shared.cutOff = true;
      return null;
    }
    if (tokensOf(game, marking).length === 0) alive.push(i);
    for (const to of everyMove(game, marking)) {
      const place = twin(shared, to.marking);
      if (place !== null) return met(shared, states, i, to, place);
      if (crowded(to.marking)) {
        shared.cutOff = true;
        return null;
      }
      shared.fired.add(to.steps[0]!.node);
      const key = keyOf(to.marking);
      let at = known.get(key);
      if (at === undefined) {
        known.set(key, (at = states.length));
        states.push({ marking: to.marking, from: i, steps: to.steps });
        before.push([]);
      }
      before[at]!.push(i);
    }
  }
  const canFinish = new Set(alive);
  for (const at of canFinish) for (const b of before[at]!) canFinish.add(b);
  const dead = states.findIndex((_, i) => !canFinish.has(i));
  if (dead < 0) return null;
  const left = tokensOf(game, states[dead]!.marking);
  const at = states.findIndex(({ marking }, i) => !canFinish.has(i) && everyMove(game, marking).length === 0);
  if (at >= 0) return stuck(shared, states, at, tokensOf(game, states[at]!.marking));
  const steps = stepsTo(states, dead);
  const node = game.nodes[game.places[left[0]!]!.node]!.id;
  return { code: "NEVER_ENDS", node, edge: null, game: { steps, standing: standing(game, states[dead]!.marking) } };
}

/** All firings of a marking; a finished run has the empty marking. */
export function everyMove(game: Game, marking: Marking): Next[] {
  const found: Next[] = [];
  for (const join of game.joins) {
    const fired = fire(game, marking, join);
    if (fired) found.push({ marking: fired.over ? [] : fired.marking, steps: [fired.step] });
  }
  for (const place of new Set(marking))
    for (const move of game.moves[place]!)
      found.push({
        marking: move.terminates ? [] : sorted([...without(marking, [place]), ...move.to]),
        steps: [move.step],
      });
  return found;
}
