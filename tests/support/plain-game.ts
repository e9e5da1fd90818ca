/**
 * The token game once more, played over the drawing itself in every order, apart from the product's code: the judge of its
 * checks. Small graphs only. A token is a word: `task`, `task+timer` (an event on its border has rung), `join<edge` (stands
 * before a join); `join!edge` is the note of an n-of-m join that this edge has had its token in this round.
 */
export type DrawnNode = {
  id: string;
  kind: string;
  config?: Record<string, unknown>;
  boundary?: { id: string; interrupting: boolean }[];
  multiMerge?: boolean;
};
export type DrawnEdge = { id: string; from: string; to: string; port?: string; otherwise?: boolean };
export type Drawing = { nodes: DrawnNode[]; edges: DrawnEdge[] };

type State = string[];
type Firing = { node: string; edges: string[]; stays?: boolean; to: State };

/** Every firing that the rules allow in this state. The empty state is a finished run. */
export function firings(drawing: Drawing, state: State): Firing[] {
  const node = (id: string) => drawing.nodes.find((n) => n.id === id)!;
  const edge = (id: string) => drawing.edges.find((e) => e.id === id)!;
  const out = (id: string) => drawing.edges.filter((e) => e.from === id);
  const into = (id: string) => drawing.edges.filter((e) => e.to === id);
  const put = (tokens: State, edges: string[]): State => {
    const next = [...tokens];
    for (const id of edges) {
      const target = node(edge(id).to);
      if (target.kind === "end") {
        if (target.config?.terminate === true) return [];
      } else next.push(target.kind === "join" ? `${target.id}<${id}` : target.id);
    }
    return next.every((token) => token.includes("!")) ? [] : next.sort();
  };
  const less = (tokens: State, gone: string[]): State => {
    const left = [...tokens];
    for (const one of gone) if (left.includes(one)) left.splice(left.indexOf(one), 1);
    return left;
  };
  const found: Firing[] = [];
  const add = (id: string, rest: State, edges: string[], stays?: boolean) =>
    found.push({ node: id, edges, to: put(rest, edges), ...(stays && { stays }) });

  for (const token of new Set(state)) {
    if (token.includes("<") || token.includes("!")) continue;
    const [id = "", ...rung] = token.split("+");
    const one = node(id);
    const rest = less(state, [token]);
    const quiet = (one.boundary ?? []).filter((b) => !b.interrupting).map((b) => b.id);
    const leaving = out(id).filter((e) => !quiet.includes(e.port ?? "done"));
    if (one.kind === "parallel")
      add(
        id,
        rest,
        leaving.map((e) => e.id),
      );
    else if (one.kind === "inclusive") for (const some of inclusiveSets(leaving)) add(id, rest, some);
    else for (const e of leaving) add(id, rest, [e.id]);
    for (const e of out(id))
      if (e.port && quiet.includes(e.port) && !rung.includes(e.port))
        add(id, [...rest, [id, ...[...rung, e.port].sort()].join("+")], [e.id], true);
  }

  for (const join of drawing.nodes.filter((n) => n.kind === "join")) {
    const edges = into(join.id).map((e) => e.id);
    const standing = edges.filter((e) => state.includes(`${join.id}<${e}`));
    const eaten = less(
      state,
      standing.map((e) => `${join.id}<${e}`),
    );
    const leave = out(join.id).map((e) => e.id);
    const split = splitBefore(drawing, join.id);
    const comesBy = (id: string, by: string) => id !== join.id && comes(drawing, id, edge(by).from, join.id, split);
    const elsewhere = state.filter((t) => !t.includes("!") && placeOf(t) !== join.id).map(placeOf);
    if (join.config?.mode === "taken") {
      const missing = edges.filter((e) => !standing.includes(e));
      const waits = missing.some((e) => elsewhere.some((id) => comesBy(id, e)));
      if (standing.length > 0 && !waits) add(join.id, eaten, leave);
    } else if (join.config?.mode === "n_of_m") {
      const noted = edges.filter((e) => state.includes(`${join.id}!${e}`));
      const need = Math.min(Number(join.config.count), edges.length);
      if (noted.length > 0) {
        const [late] = standing.filter((e) => !noted.includes(e));
        if (late) add(join.id, round(less(state, [`${join.id}<${late}`]), [late], noted), []);
      } else if (standing.length > 0 && standing.length >= need) {
        if (join.config.cancelRest)
          add(
            join.id,
            eaten.filter(
              (t) => t.includes("!") || !edges.some((e) => comesBy(placeOf(t), e) || placeOf(t) === join.id),
            ),
            leave,
          );
        else add(join.id, round(eaten, standing, []), leave);
      }
    } else if (standing.length === edges.length && edges.length > 0) add(join.id, eaten, leave);

    function round(tokens: State, come: string[], noted: string[]): State {
      const all = come.length + noted.length === edges.length;
      const notes = (list: string[]) => list.map((e) => `${join.id}!${e}`);
      return all ? less(tokens, notes(noted)) : [...tokens, ...notes(come)];
    }
  }
  return found;
}

const placeOf = (token: string) => token.split(/[+<!]/)[0]!;

function inclusiveSets(edges: DrawnEdge[]): string[][] {
  let sets: string[][] = [[]];
  for (const e of edges) if (!e.otherwise) sets = [...sets, ...sets.map((s) => [...s, e.id])];
  return [...sets.filter((s) => s.length > 0), ...edges.filter((e) => e.otherwise).map((e) => [e.id])];
}

/** Whether one can walk from one node to another without stepping on `not`. */
function walks(drawing: Drawing, from: string, to: string, not: string): boolean {
  const seen = [from];
  for (const id of seen) {
    if (id === not) continue;
    if (id === to) return true;
    for (const e of drawing.edges) if (e.from === id && !seen.includes(e.to)) seen.push(e.to);
  }
  return false;
}

/** The last of the nodes that nobody gets round who walks to the join. */
function splitBefore(drawing: Drawing, join: string): string | null {
  const start = drawing.nodes.find((n) => n.kind === "start")!.id;
  if (!walks(drawing, start, join, "")) return null;
  const gates = drawing.nodes.map((n) => n.id).filter((id) => id !== join && !walks(drawing, start, join, id));
  return gates.find((gate) => gates.every((other) => other === gate || walks(drawing, gate, join, other))) ?? null;
}

/** Whether one can walk to a node before the join without stepping on the join, or on the split before it if one is not there. */
function comes(drawing: Drawing, from: string, to: string, join: string, split: string | null): boolean {
  const seen = [from];
  for (const id of seen) {
    if (id === join || (id === split && id !== from)) continue;
    if (id === to) return true;
    for (const e of drawing.edges) if (e.from === id && !seen.includes(e.to)) seen.push(e.to);
  }
  return false;
}

/** Two tokens in one node, or before a join on one edge. */
export function meets(drawing: Drawing, state: State): boolean {
  const many = drawing.nodes.filter((n) => n.multiMerge).map((n) => n.id);
  const meant = (id: string) => many.some((m) => walks(drawing, m, id, ""));
  const places = state.filter((t) => !t.includes("!")).map((t) => (t.includes("<") ? t : placeOf(t)));
  return places.some((p, i) => places.indexOf(p) !== i && !meant(placeOf(p)));
}

export type Judgement =
  | "sound"
  | "unreachable"
  | "no end"
  | "endless loop"
  | "stuck"
  | "meets"
  /** More states than looked at. */
  | "open";

/** The same of tokens that stand anywhere: whether all can come to an end, and none meets another. */
export function judgeFrom(drawing: Drawing, state: State, most = 5000): "sound" | "stuck" | "meets" | "open" {
  const states = [[...state].sort()];
  const number = new Map([[states[0]!.join(" "), 0]]);
  const next: number[][] = [];
  for (let i = 0; i < states.length; i++) {
    if (states.length > most) return "open";
    if (meets(drawing, states[i]!)) return "meets";
    next[i] = firings(drawing, states[i]!).map(({ to }) => {
      const key = to.join(" ");
      const known = number.get(key);
      if (known !== undefined) return known;
      number.set(key, states.length);
      return states.push(to) - 1;
    });
  }
  const finishing = new Set(states.flatMap((s, i) => (s.length === 0 ? i : [])));
  for (let grew = true; grew; ) {
    const before = finishing.size;
    next.forEach((to, i) => to.some((at) => finishing.has(at)) && finishing.add(i));
    grew = finishing.size > before;
  }
  return finishing.size < states.length ? "stuck" : "sound";
}

const waiting = ["task", "approval", "wait", "subprocess"];

export function judge(drawing: Drawing, most = 20_000): Judgement[] {
  const start = drawing.nodes.find((n) => n.kind === "start")!.id;
  const found = new Set<Judgement>();
  for (const { id } of drawing.nodes) {
    if (!walks(drawing, start, id, "")) found.add("unreachable");
    else if (!drawing.nodes.some((n) => n.kind === "end" && walks(drawing, id, n.id, ""))) found.add("no end");
  }
  if (found.size > 0) return [...found];
  const states = [[start]];
  const number = new Map([[start, 0]]);
  const next: { node: string; to: number }[][] = [];
  for (let i = 0; i < states.length; i++) {
    if (states.length > most) return ["open"];
    next[i] = [];
    if (meets(drawing, states[i]!)) return ["meets"];
    for (const { node, to } of firings(drawing, states[i]!)) {
      const key = to.join(" ");
      let at = number.get(key);
      if (at === undefined) {
        number.set(key, (at = states.length));
        states.push(to);
      }
      next[i]!.push({ node, to: at });
    }
  }
  const fired = new Set(next.flatMap((steps) => steps.map(({ node }) => node)));
  if (drawing.nodes.some((n) => n.kind !== "end" && !fired.has(n.id))) found.add("unreachable");
  const finishing = new Set(states.flatMap((s, i) => (s.length === 0 ? i : [])));
  for (let grew = true; grew; ) {
    const before = finishing.size;
    next.forEach((steps, i) => steps.some(({ to }) => finishing.has(to)) && finishing.add(i));
    grew = finishing.size > before;
  }
  if (finishing.size < states.length) found.add("stuck");
  const kindOf = new Map(drawing.nodes.map((n) => [n.id, n.kind]));
  const quiet = next.map((steps) =>
    steps.filter(({ node }) => !waiting.includes(kindOf.get(node)!)).map(({ to }) => to),
  );
  if (hasCycle(quiet)) found.add("endless loop");
  return found.size > 0 ? [...found] : ["sound"];
}

/** Leaves fall off until none is left, or a cycle is. */
function hasCycle(next: number[][]): boolean {
  const open = new Set(next.keys());
  for (let fell = true; fell; ) {
    fell = false;
    for (const i of open)
      if (!next[i]!.some((to) => open.has(to))) {
        open.delete(i);
        fell = true;
      }
  }
  return open.size > 0;
}

/** Plays these firings by the rules above; null when one is not allowed. */
export function playAlong(
  drawing: Drawing,
  steps: readonly { node: string; edges: readonly string[]; stays?: boolean }[],
): State | null {
  let states: State[] = [[drawing.nodes.find((n) => n.kind === "start")!.id]];
  for (const step of steps) {
    // Which of two tokens of a node moves is not said: all that fit are played on.
    const to = states.flatMap((s) =>
      firings(drawing, s)
        .filter(
          (f) =>
            f.node === step.node &&
            f.edges.join() === step.edges.join() &&
            (f.stays ?? false) === (step.stays ?? false),
        )
        .map((f) => f.to),
    );
    if (to.length === 0) return null;
    states = to;
  }
  return states[0]!;
}

/** Whether the run can still come to its end from here. */
export function canFinish(drawing: Drawing, from: State): boolean {
  const seen = new Map([[from.join(" "), from]]);
  for (const state of seen.values()) {
    if (state.length === 0) return true;
    for (const { to } of firings(drawing, state)) if (seen.size < 3000) seen.set(to.join(" "), to);
  }
  return false;
}
