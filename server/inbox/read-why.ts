/** The whole explanation of a run in names instead of ids: why it is where it is, why not elsewhere, what would move it. */
import { namesOfQueues } from "@/db/queries/picks.ts";
import { eventsOf } from "@/db/queries/runs.ts";
import type { Deps } from "@/server/commands/deps.ts";
import type { Evaluated } from "@/server/engine/events.ts";
import type { Deed } from "@/server/engine/explain/dry-run.ts";
import { type OwnerWhy, whyOwner } from "@/server/engine/explain/owner.ts";
import type { Mover } from "@/server/engine/explain/what-moves.ts";
import { whatMoves } from "@/server/engine/explain/what-moves.ts";
import { type Assigned, type Left, type Stay, type Why, whyHere } from "@/server/engine/explain/why.ts";
import type { NotTaken } from "@/server/engine/explain/why-not.ts";
import { type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import { retold } from "@/server/engine/migrate/retold.ts";
import type { Actor, Plain } from "@/server/engine/model.ts";
import type { FieldDescription, RecordLabels } from "@/server/records/rules.ts";
import { tellPick, type ToldPick } from "@/server/routing/tell-pick.ts";
import type { Say } from "@/server/wording/translator.ts";
import { describeVariable } from "./form-view.ts";
import type { RunStory } from "./run-story.ts";

type Named = { id: string; name: string };
/** Who did it: a person's name, else the kind of actor. */
export type Who = { kind: Actor["kind"]; name: string | null };
type PickView = ToldPick & { seq: number | null };
type AssignedView = Omit<Assigned, "to" | "from" | "by" | "pick"> & {
  to: string | null;
  from: string | null;
  by: Who;
  pick: PickView | null;
};
export type NotTakenView = Omit<NotTaken, "to"> & { label: string | null; to: Named | null };
type LeftView = Omit<Left, "actor" | "edge" | "others"> & { actor: Who; label: string | null; others: NotTakenView[] };
export type StayView = Omit<Stay, "node" | "assigned" | "left"> & {
  node: Named;
  kind: string;
  assigned: AssignedView[];
  left: LeftView | null;
};
type Setting = {
  path: string;
  record: Named | null;
  type: string;
  from: Plain;
  to: Plain;
  computed: boolean;
  example: boolean;
};
/** `who`: a name. Of a task: what is still empty in its form. */
export type DeedView =
  | { kind: "set"; values: Setting[] }
  | { kind: "complete"; task: string; who: string; outcome: string | null; fill: string[]; tick: string[] }
  | { kind: "time"; due: number }
  | { kind: "message"; event: string; key: Plain }
  | { kind: "answer" | "child" | "retry" | "resume" | "skip" }
  | { kind: "jump"; to: string };
export type MoverView = { deeds: DeedView[]; to: string[]; end: string | null };
export type PlaceView = {
  token: string;
  node: Named | null;
  state: "held" | "in" | "failed" | "over";
  way: StayView[];
  movers: MoverView[];
  /** Other values that would do as well and are not told one by one. */
  more: { n: number; atLeast: boolean };
  after: string[];
};
export type WhyView = {
  run: string;
  processName: string;
  version: number;
  published: { at: number; by: Who; note: string; seq: number } | null;
  started: (Omit<Why["started"], "actor" | "version"> & { actor: Who }) | null;
  places: PlaceView[];
  owner:
    | (Omit<OwnerWhy, "to" | "from" | "by" | "pick" | "step" | "branch"> & {
        to: string | null;
        from: string | null;
        by: Who;
        step: Named | null;
        pick: PickView | null;
        branch: { seq: number; node: string; seen: Evaluated } | null;
      })
    | null;
  /** What names in conditions are called, by `object.field`. */
  fields: Record<string, Pick<FieldDescription, "label" | "type" | "options">>;
  now: number;
};

type Wording = {
  name: (member: string | null | undefined) => string | null;
  labels: RecordLabels;
  title: (id: string) => string | null;
  say: Say;
};

/** At most as many places as a page shows. */
const mostPlaces = 12;

export async function readWhy(
  { store }: Pick<Deps, "store">,
  { run, process, record, events: written, world }: RunStory,
  processId: string | null,
  now: number,
  { name, labels, title, say }: Wording,
): Promise<WhyView> {
  const events = retold(written);
  const named = (id: string): Named => ({ id, name: process.nodes.get(id)?.node.name || id });
  const who = (actor: Actor): Who => ({
    kind: actor.kind,
    name: actor.kind === "member" ? (name(actor.id) ?? actor.id) : null,
  });
  const past = { process, events, world };
  const stuck = new Map(whatMoves(process, run, world, now).map((one) => [one.token, one]));
  const tokens = Object.values(run.tokens).slice(0, mostPlaces);
  const whys = tokens.length ? tokens.map((token) => whyHere(past, token.id)) : [whyHere(past, null)];
  const published = processId
    ? (await eventsOf(store, run.workspaceId, "process", [processId])).findLast(
        (e) => e.type === "ProcessPublished" && e.data.version === run.version,
      )
    : undefined;

  const { roles, queues } = process.document;
  const queueNames = await namesOfQueues(store, run.workspaceId);
  const picked = {
    person: (id: string) => name(id) ?? id,
    queue: (key: string) => queueNames.get(key) ?? queues[key]?.name ?? key.replaceAll("_", " "),
    role: (key: string) => roles[key]?.name ?? key.replaceAll("_", " "),
    say,
  };
  const pickView = (pick: Assigned["pick"], seq: number | null): PickView | null =>
    pick && { seq, ...tellPick(pick, picked) };
  const edgeLabel = (id: string | null) => process.document.edges.find((edge) => edge.id === id)?.label || null;
  const stayView = (stay: Stay): StayView => ({
    ...stay,
    node: named(stay.node),
    kind: process.nodes.get(stay.node)?.node.kind ?? "task",
    tables: stay.tables.map((table) => ({ ...table, error: table.error && say(table.error) })),
    assigned: stay.assigned.map((one) => ({
      ...one,
      to: name(one.to),
      from: name(one.from),
      by: who(one.by),
      pick: pickView(one.pick, one.seq),
    })),
    left: stay.left && {
      ...stay.left,
      actor: who(stay.left.actor),
      label: edgeLabel(stay.left.edge),
      others: stay.left.others.map((other) => ({
        ...other,
        label: edgeLabel(other.edge),
        to: other.to ? named(other.to) : null,
      })),
    },
  });
  const deedView = (deed: Deed): DeedView => {
    switch (deed.kind) {
      case "set":
        return {
          kind: "set",
          values: deed.settings.map(({ path, record: id, object, type, from, to, computed, example }) => ({
            path,
            record: id ? { id, name: title(id) ?? labels.type(type) } : null,
            type: object === "run" ? "" : labels.type(type),
            from,
            to:
              field(path)?.type === "member" || path.endsWith("_id")
                ? (name(String(to)) ?? title(String(to)) ?? to)
                : to,
            computed,
            example,
          })),
        };
      case "complete":
        return {
          kind: "complete",
          task: named(run.work[deed.work]?.node ?? "").name,
          who: name(deed.by) ?? deed.by,
          outcome: deed.outcome && answerLabel(process, run.work[deed.work]?.node ?? "", deed.outcome, labels),
          fill: deed.fill,
          tick: (process.nodes.get(run.work[deed.work]?.node ?? "")?.node.checklist ?? []).flatMap(({ id, text }) =>
            deed.tick?.includes(id) ? text : [],
          ),
        };
      case "time":
        return { kind: "time", due: deed.due };
      case "message":
        return { kind: "message", event: deed.event, key: deed.key };
      case "answer":
      case "child":
      case "retry":
      case "resume":
      case "skip":
        return { kind: deed.kind };
      case "jump":
        return { kind: "jump", to: named(deed.to).name };
      default:
        return deed satisfies never;
    }
  };
  const moverView = (mover: Mover): MoverView => ({
    deeds: mover.deeds.map(deedView),
    to: mover.to.map((id) => named(id).name),
    end: mover.end && named(mover.end).name,
  });
  const fields: WhyView["fields"] = {};
  /** What a name in a condition is called; null for what is no field. */
  function field(path: string): WhyView["fields"][string] | null {
    const dot = path.indexOf(".");
    if (dot < 0) return null;
    const [object, key] = [path.slice(0, dot), path.slice(dot + 1)];
    const { label, type, options } =
      object === "run" ? describeVariable(process, key) : labels.describe(typeOf(process, run, object), key);
    return (fields[path] ??= { label, type, options });
  }

  const places = whys.flatMap((why, i): PlaceView[] => {
    const token = tokens[i];
    const one = token && stuck.get(token.id);
    if (!why) return [];
    return [
      {
        token: why.token,
        node: why.way.length ? named(why.way.at(-1)!.node) : null,
        state: token?.state ?? "over",
        way: why.way.map(stayView),
        movers: togetherIfAlike((one?.movers ?? []).map(moverView)),
        more: one?.more ?? { n: 0, atLeast: false },
        after: [...new Set((one?.after ?? []).map((id) => named(run.tokens[id]?.node ?? id).name))],
      },
    ];
  });
  const owner = whyOwner(events, record.id);
  const view: WhyView = {
    run: run.id,
    processName: process.document.name,
    version: run.version,
    published:
      published?.type === "ProcessPublished"
        ? { at: published.at, by: who(published.actor), note: published.data.note, seq: published.seq }
        : null,
    started: whys[0] ? { ...whys[0].started, actor: who(whys[0].started.actor) } : null,
    places,
    owner: owner && {
      ...owner,
      to: name(owner.to),
      from: name(owner.from),
      by: who(owner.by),
      step: owner.step && named(owner.step.node),
      pick: pickView(owner.pick, owner.pick?.seq ?? null),
      branch: owner.branch && { ...owner.branch, node: named(owner.branch.node).name },
    },
    fields,
    now,
  };
  for (const path of namesIn(view)) field(path);
  return view;
}

/** Answers that lead to the same place are one way on. */
function togetherIfAlike(movers: MoverView[]): MoverView[] {
  const alike = new Map<string, MoverView>();
  for (const mover of movers) {
    const key = JSON.stringify({
      ...mover,
      deeds: mover.deeds.map((d) => (d.kind === "complete" ? { ...d, outcome: "" } : d)),
    });
    const first = alike.get(key);
    const [one, other] = [first?.deeds.at(-1), mover.deeds.at(-1)];
    if (first && one?.kind === "complete" && other?.kind === "complete" && one.outcome && other.outcome)
      one.outcome = `${one.outcome}”, “${other.outcome}`;
    else if (!first) alike.set(key, mover);
  }
  return [...alike.values()];
}

/** An answer in the words of its button. */
function answerLabel(process: CompiledProcess, node: string, outcome: string, labels: RecordLabels): string {
  const step = process.nodes.get(node);
  const exits = step?.config.outcomes as { id: string; label: string }[] | undefined;
  const decision = labels.phrase(`decision.${outcome}`);
  return (
    exits?.find(({ id }) => id === outcome)?.label ??
    (decision !== `decision.${outcome}` ? decision : outcome.replaceAll("_", " "))
  );
}

/** Every name that some condition, table or change in the view is about. */
function namesIn(view: unknown): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if ((key === "inputs" || key === "outputs") && typeof inner === "object" && inner !== null)
        for (const name of Object.keys(inner)) found.add(name);
      if ((key === "path" || key === "input") && typeof inner === "string") found.add(inner);
      if (key === "fill" && Array.isArray(inner))
        for (const name of inner) if (typeof name === "string") found.add(name);
      look(inner);
    }
  };
  look(view);
  return found;
}
