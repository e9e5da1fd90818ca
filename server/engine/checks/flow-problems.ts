/**
 * What is wrong with the flow of a drawn process: what nothing leads to, what never ends, a loop without a wait, and runs that
 * could get stuck or do a step twice, each with a game that shows it.
 */
import { type Flow, type FlowNode, type Scopes, scopesOf } from "./flow-graph.ts";
import type { CompiledProcess } from "../graph.ts";
import type { Problem } from "./problems.ts";
import { type CounterExample, type Unsound, checkSoundness, everyMove } from "./soundness.ts";
import { type Game, type Marking, type Step, gameOf, standing } from "./token-game.ts";

export const flowProblems = (process: CompiledProcess): Problem[] => problemsOf(scopesOf(process));

export function problemsOf({ flows, headless }: Scopes): Problem[] {
  const problems: Problem[] = headless.map(({ owner, name, entries }) => ({
    severity: "error",
    code: "BODY_ENTRY",
    text:
      entries.length === 0
        ? `What is inside “${name}” has no first step: every step in it follows another one.`
        : `What is inside “${name}” begins in several places. Lead to all but one of its steps.`,
    node: entries[1] ?? owner,
  }));
  for (const flow of flows) problems.push(...problemsOfScope(flow));
  return problems;
}

function problemsOfScope(flow: Flow): Problem[] {
  const unreachable = reachability(flow);
  if (unreachable.length > 0) return shown(flow, unreachable);
  const { unsound, dead, cutOff } = checkSoundness(flow);
  const problems = unsound ? [told(flow, unsound)] : [];
  for (const node of dead)
    problems.push({
      severity: "error",
      code: "UNREACHABLE",
      text: `No run comes to “${flow.nodes.get(node)!.name}”: what leads there is over before.`,
      node,
    });
  // A loop that no run gets to shows itself as what keeps runs from it.
  problems.push(...endlessLoop(flow).filter(({ game }) => game || !unsound));
  if (cutOff)
    problems.push({
      severity: "warning",
      code: "TOO_MANY_BRANCHES",
      text: "There are too many parallel branches to check that every run can finish.",
      ...(flow.owner !== null && { node: flow.owner }),
    });
  return problems;
}

/** No run gets to where it never ends when it gets stuck before: then that is shown. */
function shown(flow: Flow, problems: Problem[]): Problem[] {
  const never = problems.find(({ code }) => code === "NEVER_ENDS");
  if (!never || problems.some(({ game }) => game)) return problems;
  const { unsound } = checkSoundness(flow);
  if (unsound) never.game = unsound.game;
  return problems;
}

function told({ nodes }: Flow, { code, node: id, edge, game }: Unsound): Problem {
  const node = nodes.get(id)!;
  const { name } = node;
  const at = { severity: "error" as const, code, node: id, game };
  switch (code) {
    case "DEADLOCK":
      return { ...at, text: `A run can get stuck at “${name}”: it waits for a branch that may never come.` };
    case "NEVER_ENDS":
      return { ...at, text: `A run that comes to “${name}” can never finish: something always goes on.` };
    case "LACK_OF_SYNCHRONISATION":
      return edge === null
        ? {
            ...at,
            text: `Parallel branches meet at “${name}” without a join, so it would be done twice. Put a join before it.`,
          }
        : {
            ...at,
            edge,
            text: `The same branch can come to “${name}” twice before the others have come once. Join the branches before the loop goes round.`,
          };
    default:
      return code satisfies never;
  }
}

function reachability(flow: Flow): Problem[] {
  const { nodes, edges, start } = flow;
  const to = (id: string) => leadsTo(flow, nodes.get(id)!);
  const from = (id: string) => nodes.get(id)!.in.map((e) => edges.get(e)!.from);
  const goals = [...nodes.values()].filter((n) => n.goal).map((n) => n.id);
  const reached = reach([start, ...goals], to);
  const finishing = reach(
    [...nodes.values()].filter((n) => n.ends).map((n) => n.id),
    from,
  );
  return [...nodes.values()].flatMap((node): Problem[] => {
    const at = { severity: "error" as const, node: node.id };
    if (!reached.has(node.id)) return [{ ...at, code: "UNREACHABLE", text: `Nothing leads to “${node.name}”.` }];
    if (finishing.has(node.id)) return [];
    const game = gameTo(flow, node.id);
    return [
      {
        ...at,
        code: "NEVER_ENDS",
        text: `From “${node.name}” no end can be reached.`,
        ...(game && { game }),
      },
    ];
  });
}

function reach(from: string[], next: (id: string) => string[]): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const to of next(id)) seen.add(to);
  return seen;
}

/** A split straight into an end of the whole run ends it at once: its other branches are never walked. */
function leadsTo({ nodes, edges }: Flow, node: FlowNode): string[] {
  const target = (e: string) => edges.get(e)!.to;
  const at = (e: string) => nodes.get(target(e))!;
  const lead = (firing: readonly string[]) =>
    (firing.some((e) => at(e).terminates) ? firing.filter((e) => at(e).ends) : firing).map(target);
  return [...node.firings.flatMap(lead), ...node.beside.map(target)];
}

/**
 * A loop that goes round without anything in it that waits. A join only goes round if what it needs comes without a wait too:
 * the greatest set of nodes that do not wait and get their tokens from one another. Most drawings have none; else it is played.
 */
function endlessLoop(flow: Flow): Problem[] {
  const { nodes, edges } = flow;
  const round = new Set([...nodes.values()].filter((n) => !n.waits && !n.ends).map((n) => n.id));
  const over = (e: string) => nodes.get(edges.get(e)!.to)!.terminates;
  const feeding = new Set(
    [...nodes.values()].flatMap((n) => [...n.beside, ...n.firings.filter((f) => !f.some(over)).flat()]),
  );
  const fed = (node: FlowNode) => {
    const coming = node.in.filter((e) => feeding.has(e) && round.has(edges.get(e)!.from)).length;
    const { join } = node;
    if (join?.mode === "taken" || !join) return coming > 0;
    // An n-of-m join goes round when all its edges have come, or when it cancels the rest.
    const need = join.mode === "n_of_m" && join.cancelRest ? Math.min(join.count, node.in.length) : node.in.length;
    return coming > 0 && coming >= need;
  };
  for (let shrank = true; shrank; ) {
    shrank = false;
    for (const id of round)
      if (!fed(nodes.get(id)!)) {
        round.delete(id);
        shrank = true;
      }
  }
  if (round.size === 0) return [];
  const found = roundOf(flow, round);
  if (found === "none") return [];
  const cycle = found === "open" ? cycleIn(flow, round) : found.nodes;
  return [
    {
      severity: "error",
      code: "ENDLESS_LOOP",
      text: `This loop has no step that waits: ${cycle.map((id) => nodes.get(id)!.name).join(" → ")}. Put a task or a wait into it.`,
      node: cycle[0]!,
      ...(found !== "open" && { game: found.game }),
    },
  ];
}

/** Each node of the set has one before it in the set: going back from any of them comes round. */
function cycleIn({ nodes, edges }: Flow, round: ReadonlySet<string>): string[] {
  const path: string[] = [];
  let at = [...round][0]!;
  while (!path.includes(at)) {
    path.push(at);
    const before = nodes.get(at)!.in.map((e) => edges.get(e)!.from);
    at = before.find((id) => round.has(id))!;
  }
  return path.slice(path.indexOf(at)).reverse();
}

/** Markings looked at to show how a run comes somewhere, and the most tokens in one. */
const mostLooked = 1000;
const mostTokens = 12;

type Played = { marking: Marking; steps: Step[] };
const shownBy = (game: Game, { marking, steps }: Played): CounterExample => ({
  steps,
  standing: standing(game, marking),
});

/** The shortest game that brings a token to the node; null when none was found as far as was looked. */
function gameTo(flow: Flow, node: string): CounterExample | null {
  const game = gameOf(flow);
  if (node === flow.start) return shownBy(game, { marking: game.start, steps: [] });
  const open: Played[] = [{ marking: game.start, steps: [] }];
  const known = new Set([game.start.join()]);
  for (const { marking, steps } of open) {
    if (open.length > mostLooked) return null;
    for (const next of everyMove(game, marking)) {
      const step = next.steps[0]!;
      const to = { marking: next.marking, steps: [...steps, step] };
      if (next.marking.length > 0 && step.edges.some((e) => flow.edges.get(e)!.to === node)) return shownBy(game, to);
      const key = to.marking.join();
      if (known.has(key) || to.marking.length > mostTokens) continue;
      known.add(key);
      open.push(to);
    }
  }
  return null;
}

/** A game that comes to the same tokens twice while only these nodes fire. `none`: there is none; `open`: none as far as looked. */
function roundOf(flow: Flow, round: ReadonlySet<string>): { game: CounterExample; nodes: string[] } | "none" | "open" {
  const game = gameOf(flow);
  const states: { marking: Marking; from: number; step: Step | null }[] = [
    { marking: game.start, from: -1, step: null },
  ];
  const known = new Map([[game.start.join(), 0]]);
  const quick: { to: number; step: Step }[][] = [];
  let whole = true;
  for (let i = 0; i < states.length && i < mostLooked; i++) {
    quick[i] = [];
    for (const next of everyMove(game, states[i]!.marking)) {
      const step = next.steps[0]!;
      const key = next.marking.join();
      let to = known.get(key);
      if (to === undefined && next.marking.length > mostTokens) whole = false;
      else if (to === undefined) {
        known.set(key, (to = states.length));
        states.push({ marking: next.marking, from: i, step });
      }
      if (to !== undefined && round.has(step.node)) quick[i]!.push({ to, step });
    }
  }
  const cycle = cycleOf(quick);
  if (!cycle) return whole && states.length <= mostLooked ? "none" : "open";
  const steps: Step[] = [];
  for (let at = cycle.at; states[at]!.step; at = states[at]!.from) steps.unshift(states[at]!.step!);
  return {
    game: shownBy(game, { marking: states[cycle.at]!.marking, steps: [...steps, ...cycle.steps] }),
    nodes: [...new Set(cycle.steps.map(({ node }) => node))],
  };
}

function cycleOf(next: { to: number; step: Step }[][]): { at: number; steps: Step[] } | null {
  // What cannot go on falls away, again and again; from what is left one comes round.
  const left = new Set(next.keys());
  for (let fell = true; fell; ) {
    fell = false;
    for (const at of left)
      if (!next[at]!.some(({ to }) => left.has(to))) {
        left.delete(at);
        fell = true;
      }
  }
  let [at] = left;
  if (at === undefined) return null;
  const seen = new Map<number, number>();
  const steps: Step[] = [];
  while (!seen.has(at)) {
    seen.set(at, steps.length);
    const go: { to: number; step: Step } = next[at]!.find(({ to }) => left.has(to))!;
    steps.push(go.step);
    at = go.to;
  }
  return { at, steps: steps.slice(seen.get(at)) };
}
