/**
 * Walks a process until everything drawn in it has happened: each node, connection, promise in each of its states, answer of each
 * approval and rule of each table. At every step it tries on a copy what people, clocks and senders could do, and does what brings
 * most that is new. Always the same way: there is no chance in it.
 */
import type { Event } from "@/server/engine/events.ts";
import { type Deed, dryRun } from "@/server/engine/explain/dry-run.ts";
import { lookingTurn } from "@/server/engine/explain/looking.ts";
import { waysToMakeTrue } from "@/server/engine/explain/make-true.ts";
import { whatMoves } from "@/server/engine/explain/what-moves.ts";
import type { Setting } from "@/server/engine/explain/settings.ts";
import { byObject } from "@/server/engine/explain/settings.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run, Values } from "@/server/engine/model.ts";
import { standAt } from "@/server/engine/turn.ts";
import type { openBareBench } from "./bare-bench.ts";
import { doDeeds } from "./do-deeds.ts";

type Bench = ReturnType<typeof openBareBench>;

/** Everything that can happen in it, by name: what a story of it must have shown. */
export function drawn(process: CompiledProcess): string[] {
  const { document } = process;
  const answers = (id: string): string[] => {
    const node = process.nodes.get(id)!;
    if (node.node.kind !== "approval") return [];
    return ["approved", "rejected"].map((how) => `approval ${id} ${how}`);
  };
  const pauses = (sla: (typeof document.slas)[string]) => sla.pauseWhen?.trim() || sla.pauses;
  return [
    ...document.nodes.map(({ id, kind }) => `${kind === "end" ? "end" : "node"} ${id}`),
    ...document.edges.map(({ id }) => `edge ${id}`),
    ...document.nodes.flatMap(({ id }) => answers(id)),
    ...Object.entries(document.slas).flatMap(([key, sla]) =>
      [
        "started",
        "met",
        ...(sla.warnAt.length ? ["warned"] : []),
        "breached",
        ...(pauses(sla) ? ["paused", "resumed"] : []),
      ].map((state) => `sla ${key} ${state}`),
    ),
    ...Object.entries(document.decisionTables).flatMap(([key, table]) =>
      table.rules.map((_, i) => `rule ${key} ${i + 1}`),
    ),
  ];
}

/** What of that these events of one run are, given what was known of its clocks and tasks before. */
export function happened(events: readonly Event[], before: Run | null): Set<string> {
  const found = new Set<string>();
  const slas = new Map(
    Object.values(before?.clocks ?? {}).map(({ id, sla, clock }) => [
      id,
      { sla, breached: clock.breachedAt !== undefined },
    ]),
  );
  const works = new Map(Object.values(before?.work ?? {}).map(({ id, node }) => [id, node]));
  const sla = (id: string, state: string) => {
    const one = slas.get(id);
    if (one) found.add(`sla ${one.sla} ${state}`);
  };
  for (const e of events) {
    switch (e.type) {
      case "TokenEntered":
        found.add(`node ${e.data.node}`);
        break;
      case "TokenLeft":
        for (const edge of e.data.edges) found.add(`edge ${edge}`);
        if (e.data.end) found.add(`end ${e.data.node}`);
        break;
      case "GoalReached":
      case "RunCompleted":
        found.add(`end ${e.type === "RunCompleted" ? e.data.end : e.data.node}`);
        break;
      case "WorkOffered":
        works.set(e.data.work, e.data.node);
        break;
      case "ApprovalDecided":
        found.add(`approval ${works.get(e.data.work)} ${e.data.decision}`);
        break;
      case "DecisionMade":
        for (const rule of e.data.rules) found.add(`rule ${e.data.table} ${rule + 1}`);
        break;
      case "ClockStarted":
        slas.set(e.data.id, { sla: e.data.sla, breached: false });
        sla(e.data.id, "started");
        break;
      case "ClockWarned":
        sla(e.data.id, "warned");
        break;
      case "ClockBreached": {
        sla(e.data.id, "breached");
        const one = slas.get(e.data.id);
        if (one) one.breached = true;
        break;
      }
      case "ClockPaused":
        sla(e.data.id, "paused");
        break;
      case "ClockResumed":
        sla(e.data.id, "resumed");
        break;
      case "ClockCompleted":
        sla(e.data.id, slas.get(e.data.id)?.breached ? "late" : "met");
        break;
      default:
        break;
    }
  }
  return found;
}

/** `near`: connections from where it would stand to the next thing that has not happened. */
type Try = { deeds: Deed[]; gain: number; near: number; worn: number };

/** Follows one run to its end; `left` is what has not happened yet, and shrinks. `worn`: how often each thing was done. */
export async function explore(
  bench: Bench,
  runId: string,
  left: Set<string>,
  worn: Map<string, number>,
  mostSteps = 60,
): Promise<void> {
  let told = 0;
  const tell = async () => {
    const facts = (await bench.factsOf(runId)) as Event[];
    // Clocks and tasks are known from the whole log.
    for (const one of happened(facts, null)) left.delete(one);
    for (const one of happened(facts.slice(told), null)) worn.set(one, (worn.get(one) ?? 0) + 1);
    told = facts.length;
  };
  await tell();
  for (let step = 0; step < mostSteps && left.size > 0; step++) {
    await bench.advance(1000);
    await tell();
    const run = await bench.run(runId);
    if (run.endedAt !== null) return;
    const process = bench.process(run);
    const far = distances(process, left, worn);
    const judge = (deeds: Deed[]): Try[] => {
      const tried = dryRun(process, run, bench.world(), deeds, bench.now());
      if (!tried.ok) return [];
      const found = [...happened(tried.events, run)];
      return [
        {
          deeds,
          gain: found.filter((one) => left.has(one)).length,
          near: Math.min(99, ...Object.values(tried.run.tokens).map(({ node }) => far.get(node) ?? 99)),
          worn: found.reduce((sum, one) => sum + (worn.get(one) ?? 0), 0) / Math.max(1, found.length),
        },
      ];
    };
    const moves = whatMoves(process, run, bench.world(), bench.now()).flatMap(({ movers }) =>
      movers.map(({ deeds }) => deeds),
    );
    const doable = moves.filter((deeds) => deeds.every((deed) => deed.kind !== "set" || deed.settings.every(byHand)));
    const plain = doable.flatMap(judge);
    const best = (all: Try[]) => all.toSorted((a, b) => b.gain - a.gain || a.near - b.near || a.worn - b.worn)[0];
    let chosen = best([...plain, ...patient(run).flatMap(judge)]);
    if (!chosen || chosen.gain === 0) {
      const prepared = best(preparations(process, run, bench, left, doable).flatMap(judge));
      if (prepared && prepared.gain > 0) chosen = prepared;
    }
    if (!chosen || chosen.gain === 0)
      for (const { node } of Object.values(run.tokens)) worn.set(`stood ${node}`, (worn.get(`stood ${node}`) ?? 0) + 1);
    // Nothing new from here: on by the way least gone.
    const next = chosen && chosen.gain > 0 ? chosen : plain.toSorted((a, b) => a.near - b.near || a.worn - b.worn)[0];
    if (!next) return;
    const refused = await doDeeds(bench, runId, next.deeds);
    if (refused) throw new Error(`${refused.text} ${JSON.stringify(next.deeds)}`);
    await tell();
  }
}

export type Begun = { bench: Bench; runId: string };

/**
 * Runs of one process, one after the other, until nothing is left or `most` have been: each begins with a record that makes
 * something come true that has not happened yet. `begin` opens a bench and says which record it is about.
 */
export async function exploreAll(
  process: CompiledProcess,
  begin: (round: number) => Promise<{ bench: Bench; recordId: string }>,
  most: number,
  known: ReadonlySet<string> = new Set(),
): Promise<Set<string>> {
  const left = new Set(drawn(process).filter((one) => !known.has(one)));
  const worn = new Map<string, number>();
  const { key, recordType } = process.document;
  const begun = async (round: number, way: readonly Setting[]): Promise<Begun> => {
    const { bench, recordId } = await begin(round);
    for (const [, settings] of byObject(way)) {
      const { record, type } = settings[0]!;
      // What it is not related to yet is there all the same: the one account, the one contact.
      const about = record ?? [...bench.world().records.values()].find((one) => one.type === type)?.id;
      if (about) bench.put(about, Object.fromEntries(settings.map(({ field, to }) => [field, to])));
    }
    const runId = await bench.start(key, recordId, recordType);
    await bench.engine.worker.drain();
    return { bench, runId };
  };
  for (let round = 0; round < most && left.size > 0; round++) {
    const first = await begun(round, []);
    const run = await first.bench.run(first.runId);
    const turn = lookingTurn(process, run, first.bench.world(), first.bench.now());
    const texts = targets(process, left);
    // Another eight of them each time, so that one that cannot be had does not keep the others waiting.
    const ways = Array.from({ length: Math.min(8, texts.length) }, (_, i) => texts[(round * 5 + i) % texts.length]!)
      .flatMap((text) => waysToMakeTrue(turn, text).slice(0, 2))
      .filter((way) => way.length > 0 && way.every(({ object }) => object !== "run"));
    let best = { ...first, gain: await gainOf(first, left) };
    for (const way of ways) {
      const one = await begun(round, way);
      const gain = await gainOf(one, left);
      if (gain > best.gain) best = { ...one, gain };
    }
    await explore(best.bench, best.runId, left, worn);
  }
  return left;
}

const gainOf = async ({ bench, runId }: Begun, left: ReadonlySet<string>): Promise<number> =>
  [...happened((await bench.factsOf(runId)) as Event[], null)].filter((one) => left.has(one)).length;

const byHand = (one: Setting) => !one.computed && one.object !== "run";

/** From each node, how many connections lead to one at which something is left. */
function distances(
  { document }: CompiledProcess,
  left: ReadonlySet<string>,
  worn: ReadonlyMap<string, number>,
): Map<string, number> {
  const far = new Map<string, number>();
  for (const { id, slas = [] } of document.nodes) {
    const states = ["started", "met", "warned", "breached", "paused", "resumed"];
    const open =
      document.edges.some((edge) => edge.from === id && left.has(`edge ${edge.id}`)) ||
      left.has(`approval ${id} approved`) ||
      left.has(`approval ${id} rejected`) ||
      slas.some((sla) => states.some((state) => left.has(`sla ${sla} ${state}`)));
    // Where it stood often without finding it, it is not drawn to for a while.
    if (open && (worn.get(`stood ${id}`) ?? 0) % 12 < 3) far.set(id, 0);
  }
  const queue = [...far.keys()];
  for (const to of queue)
    for (const edge of document.edges)
      if (edge.to === to && !far.has(edge.from)) {
        far.set(edge.from, far.get(to)! + 1);
        queue.push(edge.from);
      }
  return far;
}

/** Waiting for the clock: each instant at which something rings, and a task that is blocked meanwhile and taken up again. */
function patient(run: Run): Deed[][] {
  const promised = Object.values(run.clocks).flatMap(({ clock }) => clock.dueAt ?? []);
  const rings = Object.values(run.timers).map(({ due }) => due);
  const dues = [...new Set([...rings, ...promised])].sort((a, b) => a - b);
  return dues.slice(0, 12).map((due) => [{ kind: "time", due: due + 1 }]);
}

/** Records and answers set so that a branch, rule, gate or pause that was not seen yet comes true. */
function preparations(
  process: CompiledProcess,
  run: Run,
  bench: Bench,
  left: ReadonlySet<string>,
  moves: Deed[][],
): Deed[][] {
  const found: Deed[][] = [];
  const ends = moves.filter((deeds) => deeds.length === 1 && deeds[0]!.kind === "complete");
  const others = moves.filter((deeds) => deeds.every(({ kind }) => kind !== "complete"));
  const turn = lookingTurn(process, run, bench.world(), bench.now());
  standAt(turn, Object.keys(run.tokens)[0] ?? null);
  // Paused and at once taken up again, before the step is left.
  for (const [key, { pauseWhen }] of Object.entries(process.document.slas))
    if (pauseWhen?.trim() && left.has(`sla ${key} resumed`))
      for (const way of waysToMakeTrue(turn, pauseWhen).slice(0, 2)) {
        if (way.length === 0 || !way.every(byHand)) continue;
        const back = way.map((one) => ({ ...one, from: one.to, to: one.from }));
        found.push([
          { kind: "set", settings: way },
          { kind: "set", settings: back },
        ]);
      }
  for (const text of targets(process, left)) {
    for (const way of waysToMakeTrue(turn, text).slice(0, 3)) {
      const inRecords = way.filter(byHand);
      const sets: Deed[] = inRecords.length
        ? [...byObject(inRecords).values()].map((settings) => ({ kind: "set", settings }))
        : [];
      if (inRecords.length === way.length && sets.length) {
        found.push(sets);
        for (const deeds of others) found.push([...sets, ...deeds]);
      }
      for (const [deed] of ends) {
        if (deed?.kind !== "complete") continue;
        const form = process.nodes.get(run.work[deed.work]?.node ?? "")?.form?.fields ?? [];
        const takes = (path: string) => form.some(({ field, readOnly }) => field === path && !readOnly);
        const answers: Values = {};
        for (const one of way) if (takes(one.path)) answers[one.path] = one.to;
        const rest = way.filter((one) => !takes(one.path));
        if (!rest.every(byHand)) continue;
        const before: Deed[] = [...byObject(rest).values()].map((settings) => ({ kind: "set", settings }));
        found.push([...before, { ...deed, values: { ...deed.values, ...answers } }]);
      }
    }
    if (found.length > 250) break;
  }
  return found;
}

/** Conditions of what has not happened yet, in words of the process. */
function targets(process: CompiledProcess, left: ReadonlySet<string>): string[] {
  const { document } = process;
  const wanted = (texts: (string | undefined)[]) => texts.flatMap((text) => (text?.trim() ? [text] : []));
  /** When none of the others holds. */
  const noneOf = (texts: string[]) =>
    texts.length ? [`not(${texts.map((text) => `((${text}) = true)`).join(" or ")})`] : [];
  return [
    ...document.edges.flatMap((edge) => {
      if (!left.has(`edge ${edge.id}`)) return [];
      const beside = document.edges.filter((one) => one.from === edge.from && one !== edge);
      return edge.otherwise ? noneOf(wanted(beside.map(({ when }) => when))) : wanted([edge.when]);
    }),
    ...Object.entries(document.decisionTables).flatMap(([key, table]) =>
      table.rules.flatMap((rule, i) => {
        if (!left.has(`rule ${key} ${i + 1}`)) return [];
        const textOf = ({ when }: typeof rule) =>
          when.flatMap((cell, j) => (cell.trim() === "-" ? [] : [`(${table.inputs[j]} in (${cell}))`])).join(" and ");
        return textOf(rule) ? [textOf(rule)] : noneOf(table.rules.slice(0, i).map(textOf));
      }),
    ),
    ...Object.entries(document.slas).flatMap(([key, sla]) => [
      ...(left.has(`sla ${key} started`) ? wanted([sla.appliesWhen, sla.startWhen]) : []),
      ...(left.has(`sla ${key} met`) ? wanted([sla.stopWhen]) : []),
      ...(left.has(`sla ${key} paused`) ? wanted([sla.pauseWhen]) : []),
      ...(left.has(`sla ${key} resumed`) ? wanted([sla.resumeWhen, sla.pauseWhen && `not(${sla.pauseWhen})`]) : []),
    ]),
    ...document.nodes.flatMap((node) =>
      left.has(`node ${node.id}`) ? wanted([node.entryCriteria, node.skipWhen]) : [],
    ),
    ...document.nodes.flatMap((node) =>
      (node.boundary ?? []).flatMap((b) => (b.kind === "record_changed" ? wanted([b.when]) : [])),
    ),
  ];
}
