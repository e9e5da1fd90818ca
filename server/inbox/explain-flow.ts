/**
 * Where a run is in the parts that plain steps do not have: rounds of a for-each, joins, waits for the first of several, events at
 * the edge, goals, messages that came early, called runs. Conditions are shown with their values now.
 */
import type { EngineRecord, Plain, Run, Token } from "@/server/engine/model.ts";
import type { Evaluated, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledNode, CompiledProcess } from "@/server/engine/graph.ts";
import type { Boundary } from "@/server/engine/process.ts";
import { lookingOn } from "@/server/engine/explain/looking.ts";
import { startedRun } from "@/server/engine/started-run.ts";
import { evaluate, standAt, type Turn } from "@/server/engine/turn.ts";
import type { RecordRules } from "@/server/engine/world.ts";

export type Awaits = {
  what: "event" | "condition" | "time";
  /** The event's name or the condition's text. */
  text: string;
  /** What it leads to, where there are several. */
  to: string | null;
  due: number | null;
  key: Plain;
  now: Evaluated | null;
};
export type AtEdge = {
  kind: Boundary["kind"];
  /** What it leads to. */
  to: string | null;
  /** The event, the error's code or the condition; null: any. */
  text: string | null;
  due: number | null;
  key: Plain;
  now: Evaluated | null;
  interrupting: boolean;
};
export type TokenFlow = {
  token: string;
  /** Which round of which for-each it stands in, the outermost first; no number in an inline sub-process. */
  inside: { name: string; index: number | null; total: number | null; item: string | null }[];
  loop: { total: number; done: number; open: number; success: number; negative: number; sequential: boolean } | null;
  join: { mode: "all" | "taken" | "n_of_m"; count: number; arrived: string[]; awaited: string[] } | null;
  waits: Awaits[];
  edges: AtEdge[];
  /** The run it waits for. */
  child: string | null;
  /** Put there by hand. */
  alone: boolean;
};
export type RunFlow = {
  tokens: TokenFlow[];
  goals: { name: string; event: string | null; now: Evaluated | null }[];
  messages: { event: string; key: Plain; at: number; until: number | null }[];
  /** Completed steps that a later one may take back. */
  compensable: string[];
  parent: string | null;
};

export type Known = {
  records: ReadonlyMap<string, EngineRecord>;
  title: (record: EngineRecord) => string;
  model: RecordRules;
  zone: string;
  now: number;
};

export function explainFlow(process: CompiledProcess, run: Run, known: Known): RunFlow {
  const looking = lookingOn(process, run, known);
  const name = (id: string) => process.nodes.get(id)?.node.name || id;
  return {
    tokens: Object.values(run.tokens).map((token) => ofToken(process, run, token, looking, known)),
    goals: process.goals.map((node) => ({
      name: name(node.id),
      event: typeof node.config.goalEvent === "string" ? node.config.goalEvent : null,
      now: node.goal ? see(looking, node.goal.text) : null,
    })),
    messages: Object.entries(run.messages).map(([id, message]) => ({
      event: message.event ?? id,
      key: message.key ?? null,
      at: message.at,
      until: Object.values(run.timers).find((timer) => timer.name === `message:${id}`)?.due ?? null,
    })),
    compensable: [...new Set((run.compensable ?? []).map(({ node }) => name(node)))].reverse(),
    parent: run.parent?.run ?? null,
  };
}

function ofToken(process: CompiledProcess, run: Run, token: Token, looking: Turn, known: Known): TokenFlow {
  const node = process.nodes.get(token.node);
  const { loop } = token;
  const done = loop ? loop.success + loop.neutral + loop.negative : 0;
  return {
    token: token.id,
    inside: roundsAround(process, run, token, known),
    loop: loop
      ? {
          total: loop.items.length,
          done,
          open: loop.opened - done,
          success: loop.success,
          negative: loop.negative,
          sequential: node?.config.mode === "sequential",
        }
      : null,
    join: node?.node.kind === "join" ? ofJoin(process, run, token, node) : null,
    waits: node && token.state === "in" ? waitsOf(run, token, node, looking) : [],
    edges: node && token.visit && token.state !== "held" ? edgesOf(process, run, token, node, looking) : [],
    child: token.child ? childRun(run, token.child) : null,
    alone: token.alone === true,
  };
}

/** The run that was started for a token: by the effect that asked for it, in older logs by its own id. */
export const childRun = (run: Run, child: string): string =>
  child.includes("/") ? (child.split("/")[0] ?? child) : startedRun(run.workspaceId, run.id, child);

/** Every run that this one called. */
export const calledRuns = (run: Run, events: readonly StoredEvent[]): string[] => [
  ...new Set(
    events.flatMap((e) => (e.type === "ChildStarted" && e.stream.id === run.id ? [childRun(run, e.data.child)] : [])),
  ),
];

/** Records that its for-eaches go through, as far as they are open. */
export const itemRecords = (run: Run): string[] =>
  Object.values(run.tokens).flatMap(({ loop }) =>
    loop?.records ? loop.items.flatMap((item) => (typeof item === "string" ? [item] : [])) : [],
  );

function roundsAround(process: CompiledProcess, run: Run, token: Token, known: Known): TokenFlow["inside"] {
  const rounds: TokenFlow["inside"] = [];
  for (let id = token.scope; id; ) {
    const scope = run.scopes?.[id];
    if (!scope) break;
    const owner = run.tokens[scope.token];
    rounds.unshift({
      name: process.nodes.get(scope.node)?.node.name || scope.node,
      index: scope.index === undefined ? null : scope.index + 1,
      total: owner?.loop ? owner.loop.items.length : null,
      item: scope.item === undefined ? null : itemName(scope.item, owner?.loop?.records === true, known),
    });
    id = scope.parent ?? undefined;
  }
  return rounds;
}

/** A record by its title, a value as it is, a context by what names it. */
export function itemName(item: Plain, records: boolean, known: Pick<Known, "records" | "title">): string {
  if (records && typeof item === "string") {
    const record = known.records.get(item);
    return record ? known.title(record) : item;
  }
  if (item === null || typeof item !== "object") return String(item);
  if (!Array.isArray(item))
    for (const key of ["name", "title", "label", "id", "key"])
      if (typeof item[key] === "string" || typeof item[key] === "number") return String(item[key]);
  return JSON.stringify(item).slice(0, 60);
}

/** The branches that have come, and the steps from which others still can. */
function ofJoin(process: CompiledProcess, run: Run, token: Token, node: CompiledNode): TokenFlow["join"] {
  const beside = Object.values(run.tokens).filter((other) => (other.scope ?? null) === (token.scope ?? null));
  const here = new Set(beside.flatMap((other) => (other.node === node.id && other.edge ? [other.edge] : [])));
  const name = (id: string) => process.nodes.get(id)?.node.name || id;
  const from = (edges: typeof node.in) => edges.map((edge) => edge.label || name(edge.from));
  const empty = node.in.filter((edge) => !here.has(edge.id));
  const { mode } = node.config;
  return {
    mode: mode === "taken" || mode === "n_of_m" ? mode : "all",
    count: mode === "n_of_m" ? Number(node.config.count ?? 0) : node.in.length,
    arrived: from(node.in.filter((edge) => here.has(edge.id))),
    awaited:
      mode === "taken"
        ? [
            ...new Set(
              beside
                .filter((other) => other.node !== node.id)
                .filter((other) => empty.some((edge) => node.upstream.get(edge.id)?.has(other.node)))
                .map((other) => name(other.node)),
            ),
          ]
        : from(empty),
  };
}

function waitsOf(run: Run, token: Token, node: CompiledNode, looking: Turn): Awaits[] {
  if (!token.events?.length && !token.condition && node.node.kind !== "wait") return [];
  const outcome = node.definition.enter(node.node, node.config);
  if (outcome.type !== "wait") return [];
  const { events = [], conditions = [], timers = [] } = outcome.waiting;
  const several = events.length + conditions.length + timers.length > 1;
  const to = (port: string | undefined) => (several ? leadsTo(looking.process, node, port) : null);
  const nothing = { due: null, key: null, now: null };
  return [
    ...events.map(
      (one, i): Awaits => ({
        ...nothing,
        what: "event",
        text: one.event,
        to: to(one.port ?? "event"),
        key: token.keys?.[i] ?? null,
      }),
    ),
    ...conditions.map(
      (one): Awaits => ({
        ...nothing,
        what: "condition",
        text: one.text,
        to: to(one.port ?? "event"),
        now: see(looking, one.text, token),
      }),
    ),
    ...timers.flatMap((one): Awaits[] => {
      const timer = Object.values(run.timers).find((t) => t.token === token.id && t.name === one.name);
      return timer ? [{ ...nothing, what: "time", text: "", to: to(one.name), due: timer.due }] : [];
    }),
  ];
}

/** What an exit leads to, when it is drawn. */
function leadsTo(process: CompiledProcess, node: CompiledNode, port: string | undefined): string | null {
  const edge = node.out.find((e) => e.port === port);
  const to = edge && process.nodes.get(edge.to);
  return to ? to.node.name || to.id : null;
}

function edgesOf(process: CompiledProcess, run: Run, token: Token, node: CompiledNode, looking: Turn): AtEdge[] {
  return node.boundary.map((boundary): AtEdge => {
    const timer = Object.values(run.timers).find((t) => t.token === token.id && t.name === `boundary:${boundary.id}`);
    return {
      kind: boundary.kind,
      to: leadsTo(process, node, boundary.id),
      text:
        boundary.kind === "message"
          ? boundary.event
          : boundary.kind === "error"
            ? (boundary.code ?? null)
            : boundary.kind === "record_changed"
              ? (boundary.when ?? null)
              : boundary.after,
      due: timer?.due ?? null,
      key: token.armed?.[boundary.id]?.key ?? null,
      now: boundary.kind === "record_changed" && boundary.when ? see(looking, boundary.when, token) : null,
      interrupting: boundary.kind === "error" || boundary.interrupting,
    };
  });
}

/** A condition with what it reads and gives now; null when it cannot be read. */
function see(looking: Turn, text: string, token?: Token): Evaluated | null {
  const expression = looking.process.expression(text);
  if (!expression) return null;
  standAt(looking, token?.id);
  return evaluate(looking, expression, token?.visit ? looking.run.visits[token.visit] : null).seen;
}
