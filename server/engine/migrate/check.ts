/**
 * May this run go on there? Every rule of semantics, section 3, as one sentence each. Nothing is changed here; what holds for every
 * run of a version is told apart from what holds for one, so that a map can be mended before any run is looked at.
 */
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import { portsOf } from "../graph.ts";
import type { Run, Token } from "../model.ts";
import { sameHours } from "../process.ts";
import { stuckAfter } from "./guard.ts";
import { type MigrationMap, type MigrationPlan, wholeMap } from "./map.ts";
import { comparable } from "./propose.ts";
import { waitingAt } from "./waiting.ts";

export type MigrationCode =
  | "SAME_VERSION"
  | "OTHER_RECORD_TYPE"
  | "UNKNOWN_STEP"
  | "SOURCE_TWICE"
  | "TARGET_TWICE"
  | "OTHER_KIND"
  | "OTHER_SCOPE"
  | "LOOP_MODE"
  | "BOUNDARY_MOVED"
  | "RUN_OVER"
  | "NOT_MAPPED"
  | "NOT_WAITING"
  | "EDGE_NOT_MAPPED"
  | "JOIN_TOO_NARROW"
  | "ACTIONS_CHANGED"
  | "NO_EXIT"
  | "VALUE_KIND"
  | "CALENDAR_CHANGED"
  | "WOULD_GET_STUCK";
/** `node`: the step of the source it is about. */
export type MigrationReason = { code: MigrationCode; text: string; node?: string };
export type MigrationVerdict = { ok: true; map: MigrationMap } | { ok: false; reasons: MigrationReason[] };

export function checkMigration(
  source: CompiledProcess,
  target: CompiledProcess,
  run: Run,
  plan: MigrationPlan,
): MigrationVerdict {
  const reasons = planProblems(source, target, plan);
  if (run.status === "completed" || run.status === "cancelled")
    reasons.push({ code: "RUN_OVER", text: "This run has ended." });
  const map = wholeMap(source, target, plan);
  if (reasons.length === 0) reasons.push(...runProblems({ source, target, run, plan, map }));
  if (reasons.length === 0) reasons.push(...stuckProblems({ source, target, run, plan, map }));
  return reasons.length ? { ok: false, reasons } : { ok: true, map };
}

/** What is wrong with the plan itself, whatever run it is for. */
export function planProblems(source: CompiledProcess, target: CompiledProcess, plan: MigrationPlan): MigrationReason[] {
  const reasons: MigrationReason[] = [];
  const blame = (code: MigrationCode, text: string, node?: string) =>
    void reasons.push({ code, text, ...(node !== undefined && { node }) });
  if (source.document.key === target.document.key && source.version === target.version)
    blame("SAME_VERSION", "It is on this version already.");
  if (source.document.recordType !== target.document.recordType)
    blame(
      "OTHER_RECORD_TYPE",
      `“${target.document.name}” is for another type of record: ${target.document.recordType}, not ${source.document.recordType}.`,
    );
  const name = nameIn(source);
  const nameThere = nameIn(target);
  const said = new Map<string, string>();
  const takers = new Map<string, string>();
  for (const { from, to } of plan.nodes) {
    const one = source.nodes.get(from);
    const other = target.nodes.get(to);
    if (!one || !other) {
      blame("UNKNOWN_STEP", `The map names a step that does not exist: ${one ? to : from}.`, from);
      continue;
    }
    if (said.has(from)) blame("SOURCE_TWICE", `“${name(from)}” is mapped twice. A step becomes one step.`, from);
    said.set(from, to);
    const taker = takers.get(to);
    if (taker !== undefined && taker !== from && isEvent(other))
      blame(
        "TARGET_TWICE",
        `“${name(taker)}” and “${name(from)}” would both become “${nameThere(to)}”. What waits can be taken once.`,
        from,
      );
    takers.set(to, from);
    if (!comparable(one, other)) reasons.push(otherKind(one, other));
  }
  for (const { from, to } of plan.nodes) {
    const one = source.nodes.get(from);
    const other = target.nodes.get(to);
    if (!one || !other) continue;
    const around = one.node.in === undefined ? null : (said.get(one.node.in) ?? one.node.in);
    if (around !== (other.node.in ?? null))
      blame(
        "OTHER_SCOPE",
        `“${name(from)}” and “${nameThere(to)}” are not in the same place: what is inside a step must stay inside it.`,
        from,
      );
  }
  reasons.push(...boundaryProblems(source, target, plan, said));
  const slasTaken = new Set<string>();
  for (const { from, to } of plan.slas ?? []) {
    if (!source.slas.has(from) || (to !== null && !target.slas.has(to)))
      blame("UNKNOWN_STEP", `The map names an SLA that does not exist: ${source.slas.has(from) ? to : from}.`);
    else if (to !== null && slasTaken.has(to))
      blame("TARGET_TWICE", `Two SLAs would become “${target.slas.get(to)!.sla.name}”. An SLA can be taken once.`);
    if (to !== null) slasTaken.add(to);
  }
  return reasons;
}

const nameIn = (process: CompiledProcess) => (id: string) => process.nodes.get(id)?.node.name || id;

/** Steps whose whole point is what comes in: two of the source cannot share one. */
const isEvent = ({ node }: CompiledNode) => node.kind === "wait" || node.kind === "start";

function otherKind(one: CompiledNode, other: CompiledNode): MigrationReason {
  const [from, to] = [one.node.name || one.id, other.node.name || other.id];
  const loops = one.node.kind === "for_each" && other.node.kind === "for_each";
  if (loops && one.config.mode !== other.config.mode)
    return {
      code: "LOOP_MODE",
      text: `“${from}” goes through its list one after the other or all at once, and “${to}” the other way. That cannot change on the way.`,
      node: one.id,
    };
  return {
    code: "OTHER_KIND",
    text: `“${from}” cannot become “${to}”: that is another kind of step.`,
    node: one.id,
  };
}

function boundaryProblems(
  source: CompiledProcess,
  target: CompiledProcess,
  plan: MigrationPlan,
  said: ReadonlyMap<string, string>,
): MigrationReason[] {
  const reasons: MigrationReason[] = [];
  const froms = new Set<string>();
  const tos = new Set<string>();
  for (const { from, to } of plan.boundaries ?? []) {
    const [host = "", event = ""] = from.split(".");
    const [there = "", other = ""] = to.split(".");
    const one = source.nodes.get(host)?.boundary.find(({ id }) => id === event);
    const its = target.nodes.get(there)?.boundary.find(({ id }) => id === other);
    if (!one || !its)
      reasons.push({ code: "UNKNOWN_STEP", text: `The map names an event that does not exist: ${one ? to : from}.` });
    else if (said.get(host) !== there)
      reasons.push({
        code: "BOUNDARY_MOVED",
        text: `The event “${event}” must stay at what “${nameIn(source)(host)}” becomes.`,
        node: host,
      });
    else if (one.kind !== its.kind)
      reasons.push({
        code: "OTHER_KIND",
        text: `The event “${event}” cannot become “${other}”: that is another kind of event.`,
        node: host,
      });
    if (froms.has(from))
      reasons.push({ code: "SOURCE_TWICE", text: `The event “${event}” is mapped twice. An event becomes one event.` });
    if (tos.has(to))
      reasons.push({ code: "TARGET_TWICE", text: `Two events would become “${other}”. An event can be taken once.` });
    froms.add(from);
    tos.add(to);
  }
  return reasons;
}

type Asked = { source: CompiledProcess; target: CompiledProcess; run: Run; plan: MigrationPlan; map: MigrationMap };

/** What stands in the way of this run: where its tokens are, what they hold, what its open clocks count in. */
function runProblems(asked: Asked): MigrationReason[] {
  const { source, target, run, map } = asked;
  const reasons: MigrationReason[] = [];
  const missing = new Set<string>();
  for (const token of Object.values(run.tokens)) {
    const node = source.nodes.get(token.node);
    const there = map.nodes[token.node];
    const other = there === undefined ? undefined : target.nodes.get(there);
    if (!node || !other) {
      if (!missing.has(token.node))
        reasons.push({
          code: "NOT_MAPPED",
          text: `It stands at “${nameIn(source)(token.node)}”, which becomes no step.`,
          node: token.node,
        });
      missing.add(token.node);
      continue;
    }
    const wrong = tokenProblem(asked, token, node, other);
    if (wrong) reasons.push({ ...wrong, node: token.node });
  }
  reasons.push(...valueProblems(target, run), ...calendarProblems(asked));
  return reasons;
}

function tokenProblem(
  { target, run, map }: Asked,
  token: Token,
  node: CompiledNode,
  other: CompiledNode,
): MigrationReason | null {
  const name = node.node.name || node.id;
  if (node.node.kind === "join" && token.state === "in") {
    if (
      token.edge === null ||
      map.edges[token.edge] === undefined ||
      edgeTo(target, map.edges[token.edge]!) !== other.id
    )
      return {
        code: "EDGE_NOT_MAPPED",
        text: `A branch waits before “${name}”, and the connection it came by becomes none into “${other.node.name || other.id}”.`,
      };
    if (other.in.length < node.in.length)
      return {
        code: "JOIN_TOO_NARROW",
        text: `“${name}” waits for ${node.in.length} branches, and “${other.node.name || other.id}” has only ${other.in.length} connections into it.`,
      };
    return null;
  }
  if (token.state === "held") return null;
  if (token.action !== undefined && token.phase && (token.effect !== undefined || token.state === "failed"))
    return actionProblem(token, node, other);
  if (token.state === "failed") return null;
  const waiting = waitingAt(other);
  if (!waits(run, token) || !waiting)
    return { code: "NOT_WAITING", text: `It does not wait at “${name}”; it can be moved only while it waits.` };
  return null;
}

const edgeTo = (process: CompiledProcess, id: string) => process.document.edges.find((edge) => edge.id === id)?.to;

/** Somebody, something or some time is awaited there. */
function waits(run: Run, token: Token): boolean {
  if (token.events !== undefined || token.condition || token.child !== undefined || token.loop) return true;
  return (
    Object.values(run.work).some((work) => work.token === token.id) ||
    Object.values(run.timers).some((timer) => timer.token === token.id) ||
    Object.values(run.scopes).some((scope) => scope.token === token.id)
  );
}

/** In the middle of its actions: those done must be the same there, and so must the one that is waited for. */
function actionProblem(token: Token, node: CompiledNode, other: CompiledNode): MigrationReason | null {
  const name = node.node.name || node.id;
  const [ours, theirs] = [node, other].map(
    ({ node: drawn }) => (token.phase === "enter" ? drawn.actions : drawn.onComplete) ?? [],
  );
  const at = token.action ?? 0;
  // What failed may have been mended there; what is under way must still be that.
  const done = token.state === "failed" ? at : at + 1;
  const same = JSON.stringify(ours!.slice(0, done)) === JSON.stringify(theirs!.slice(0, done));
  const mended = token.state !== "failed" || ours![at]?.verb === theirs![at]?.verb;
  if (!same || !mended || (ours![at]?.verb === "compensate" && token.state !== "failed"))
    return {
      code: "ACTIONS_CHANGED",
      text: `It is in the middle of what “${name}” does, and that is not the same in the other version.`,
    };
  if (token.phase === "complete" && token.port !== undefined && !portsOf(other).includes(token.port))
    return {
      code: "NO_EXIT",
      text: `It is leaving “${name}” by the exit “${token.port}”, which is not there in the other version.`,
    };
  return null;
}

/** A variable that holds text cannot be read as a number there. */
function valueProblems({ document }: CompiledProcess, run: Run): MigrationReason[] {
  return Object.entries(document.variables).flatMap(([name, { type }]): MigrationReason[] => {
    const held = run.variables[name];
    if (held === undefined || held === null) return [];
    const wanted =
      type === "boolean"
        ? "boolean"
        : type === "integer" || type === "decimal" || type === "percent"
          ? "number"
          : "string";
    return typeof held === wanted
      ? []
      : [{ code: "VALUE_KIND", text: `The run holds a value in “${name}” that the other version cannot read.` }];
  });
}

/** An open clock keeps counting in its calendar; one that belongs to the version itself must be there, with the same hours. */
function calendarProblems({ source, target, run, plan, map }: Asked): MigrationReason[] {
  return Object.values(run.clocks).flatMap(({ sla, clock: { calendar } }): MigrationReason[] => {
    if (!calendar || calendar.revision > 0 || map.slas[sla] === undefined || plan.rebase?.includes(sla)) return [];
    const [ours, theirs] = [source.document.calendars[calendar.key], target.document.calendars[calendar.key]];
    if (ours === undefined || (theirs !== undefined && sameHours(ours, theirs))) return [];
    return [
      {
        code: "CALENDAR_CHANGED",
        text: `The hours in which “${source.slas.get(sla)?.sla.name ?? sla}” counts are not the same there. Let it take the new target.`,
      },
    ];
  });
}

function stuckProblems({ source, target, run, map }: Asked): MigrationReason[] {
  const stuck = stuckAfter(source, target, run, map);
  if (!stuck) return [];
  const name = nameIn(target);
  const way = [...new Set(stuck.path), stuck.at].map((id) => `“${name(id)}”`).join(" → ");
  const text = stuck.meet
    ? `Two branches would meet at “${name(stuck.at)}”, where one is drawn, on the way ${way}.`
    : `It would get stuck at “${name(stuck.at)}”, on the way ${way}.`;
  return [{ code: "WOULD_GET_STUCK", text, node: stuck.from }];
}
