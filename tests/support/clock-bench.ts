/** One run on one lead, decided in memory: the real engine and real calendars on a clock that is moved by hand. */
import { mapRecords } from "@/server/commands/load-world.ts";
import { layerOver } from "@/server/engine/layer.ts";
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run, Values } from "@/server/engine/model.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { quietTurn } from "@/server/engine/quiet-turn.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import type { Turn } from "@/server/engine/turn.ts";
import type { SlaClock } from "@/server/engine/clocks/sla.ts";
import type { LineStop, World } from "@/server/engine/world.ts";
import { standardModel } from "@/server/records/model.ts";
import { workspaceRules } from "@/server/records/rules.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { textGraph } from "./text-graph.ts";

const model = workspaceRules({ currency: "USD", zone: "UTC", settings: {} }, standardModel);

export const nineToFive = week("09:00", "17:00");
export function week(from: string, to: string, weekend = false): Process["calendars"][string]["week"] {
  const day = [{ from, to }];
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: weekend ? day : [], sun: weekend ? day : [] };
}

export type BenchClock = SlaClock & { id: string; sla: string; visit: string | null };
export type ClockBench = {
  events: Event[];
  /** What would be stored: the events of the run and of the lead. */
  log: StoredEvent[];
  process: CompiledProcess;
  /** Publishes the next version of the process; the run stays where it is until it is moved. */
  publish(text: string, more: NonNullable<Parameters<typeof textGraph>[2]>): CompiledProcess;
  versions: readonly CompiledProcess[];
  world(records: World["records"]): World;
  run(): Run;
  /** What can be seen of the run and its record now; what it emits goes nowhere. */
  turn(): Turn;
  now(): number;
  send(command: Given<RunCommand>, member?: boolean): Event[];
  /** Lets time pass; each timer is fired when it is due, as a running worker does. */
  to(text: string | number): ClockBench;
  /** Lets time pass without anybody looking: the next command finds the timers overdue. */
  asleep(text: string): ClockBench;
  /** `told`: the run hears of it only then. */
  change(changes: Values, news?: string[], told?: string): ClockBench;
  tell(...news: string[]): ClockBench;
  finish(node: string): ClockBench;
  work(type: "pauseWork" | "resumeWork" | "startWork"): ClockBench;
  /** Stops a step, its clocks standing still or not; `null`: it goes on. */
  stop(node: string, clocks: LineStop["clocks"] | null): ClockBench;
  /** Every clock of the run as it last was, in the order they began. */
  clocks(key?: string): BenchClock[];
  clock(key?: string): BenchClock;
  /** What clocks did, with the instant it counts at: `03-02T15:00 Paused`. */
  story(): string[];
};

type Given<T> = T extends RunCommand ? Omit<T, "id" | "workspaceId" | "runId" | "at" | "actor"> : never;

/** UTC instants as `2026-03-06T15:00`. */
export const at = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`);
export const iso = (instant: number | null | undefined): string | null =>
  instant == null
    ? null
    : new Date(instant)
        .toISOString()
        .replace(/(:00)?\.000Z$/, "")
        .replace(/Z$/, "");

/** `text`: the graph; `more`: its SLAs, calendars and what its nodes have. Starts at once. */
export function clockBench(
  text: string,
  more: NonNullable<Parameters<typeof textGraph>[2]>,
  { start, values = {}, zone = "UTC", created }: { start: string; values?: Values; zone?: string; created?: string },
): ClockBench {
  const process = compileVersion(processSchema.parse(textGraph("clocks", text, more)), 1);
  const lead: EngineRecord = {
    type: "lead",
    id: "lead",
    version: 1,
    createdAt: at(created ?? start),
    values: { owner_id: "lan", last_name: "Vu", ...values },
  };
  const versions = [process];
  const records = mapRecords(new Map([[lead.id, lead]]));
  const past = [{ at: lead.createdAt, values: lead.values }];
  const events: Event[] = [];
  const log: StoredEvent[] = [];
  const store = (facts: Event[]) => {
    for (const fact of facts) log.push({ ...fact, workspaceId: "ws", seq: log.length + 1, hash: "" } as StoredEvent);
  };
  const recordFact = (type: "RecordCreated" | "RecordChanged", version: number, data: object, atInstant: number) =>
    store([
      {
        type,
        stream: { kind: "record", id: "lead" },
        version,
        at: atInstant,
        actor: { kind: "system" },
        cause: `r${version}`,
        data,
      } as Event,
    ]);
  recordFact("RecordCreated", 1, { type: "lead", values: lead.values, source: "test" }, lead.createdAt);
  const stops = new Map<string, LineStop>();
  const stopped = (node: string) => stops.get(node) ?? null;
  let run: Run | null = null;
  let now = at(start);
  let count = 0;

  const send = (command: Given<RunCommand>, member = false) => {
    const layer = layerOver(records);
    const decided = decide(
      versions[(run?.version ?? 1) - 1]!,
      run,
      {
        id: `c${count++}`,
        workspaceId: "ws",
        runId: "run",
        at: now,
        actor: member ? { kind: "member", id: "lan" } : { kind: "system" },
        ...command,
      } as RunCommand,
      stops.size ? { ...worldOf(versions, layer, zone, past), stopped } : worldOf(versions, layer, zone, past),
    );
    if (!decided.ok) throw new Error(decided.text);
    layer.merge();
    events.push(...decided.events);
    store(decided.events);
    run = decided.run;
    return decided.events;
  };

  const bench: ClockBench = {
    events,
    log,
    process,
    versions,
    publish(drawing, parts) {
      const next = compileVersion(processSchema.parse(textGraph("clocks", drawing, parts)), versions.length + 1);
      versions.push(next);
      return next;
    },
    world: (layer) => worldOf(versions, layer, zone, past),
    run: () => run!,
    turn: () =>
      quietTurn(versions[run!.version - 1]!, copyRun(run!), worldOf(versions, layerOver(records), zone, past), now),
    now: () => now,
    send,
    to(text) {
      const end = typeof text === "number" ? text : at(text);
      for (;;) {
        const due = Math.min(...Object.values(run!.timers).map((timer) => timer.due));
        if (!(due <= end) || run!.status !== "active") break;
        now = Math.max(now, due);
        send({ type: "fireTimer", timer: "m0" });
      }
      now = Math.max(now, end);
      return bench;
    },
    asleep(text) {
      now = at(text);
      return bench;
    },
    change(changes, news = [], told) {
      const record = records.get("lead")!;
      const next = { ...record, version: record.version + 1, values: { ...record.values, ...changes } };
      records.set("lead", next);
      past.push({ at: now, values: next.values });
      const changed = Object.entries(changes).map(([field, to]) => [field, { from: record.values[field] ?? null, to }]);
      recordFact(
        "RecordChanged",
        next.version,
        { type: "lead", changes: Object.fromEntries(changed), source: "test" },
        now,
      );
      const since = now;
      if (told) now = at(told);
      send({ type: "recordChanged", recordType: "lead", recordId: "lead", events: news, since });
      return bench;
    },
    tell(...news) {
      send({ type: "recordChanged", recordType: "lead", recordId: "lead", events: news });
      return bench;
    },
    finish(node) {
      const work = Object.values(run!.work).find((item) => item.node === node);
      if (!work) throw new Error(`no task at ${node}`);
      send({ type: "completeWork", work: work.id, outcome: null, values: {} }, true);
      return bench;
    },
    work(type) {
      const [work] = Object.keys(run!.work);
      send({ type, work: work!, reason: "waits" } as Given<RunCommand>, true);
      return bench;
    },
    stop(node, clocks) {
      if (clocks) stops.set(node, { reason: "wrong", clocks });
      else stops.delete(node);
      send({ type: "reviewStops" });
      return bench;
    },
    clocks(key) {
      const known = new Map<string, BenchClock>();
      for (const event of events) {
        if (event.type === "ClockStarted")
          known.set(event.data.id, {
            ...event.data.clock,
            id: event.data.id,
            sla: event.data.sla,
            visit: event.data.visit,
          });
        else if (event.type.startsWith("Clock") && event.type !== "ClockRearmed" && "clock" in event.data) {
          const { id, clock } = event.data as { id: string; clock: SlaClock };
          known.set(id, { id, sla: known.get(id)!.sla, visit: known.get(id)!.visit, ...clock });
        }
      }
      return [...known.values()].filter((clock) => !key || clock.sla === key);
    },
    clock(key) {
      const found = bench.clocks(key).at(-1);
      if (!found) throw new Error("no clock was attached");
      return found;
    },
    story: () =>
      events
        .filter(({ type }) => type.startsWith("Clock"))
        .map((event) => `${iso(event.due ?? event.at)!.slice(5)} ${event.type.slice(5)}`),
  };
  send({
    type: "startRun",
    process: "clocks",
    version: 1,
    recordType: "lead",
    recordId: "lead",
    trigger: { event: "manual", at: now },
  });
  return bench;
}

function worldOf(
  versions: readonly CompiledProcess[],
  records: World["records"],
  zone: string,
  past: { at: number; values: Values }[],
): World {
  return {
    workspace: { id: "ws", zone, country: "VN", currency: "USD" },
    model,
    records,
    directory: {
      people: new Map(),
      queue: () => [],
      role: () => [],
      open: new Map(),
      today: new Map(),
      turns: new Map(),
      settings: () => ({}),
      admins: [],
    },
    atWork: () => true,
    heldBefore: () => null,
    processOwner: "lan",
    newest: () => [],
    version: (_, version) => versions[version - 1] ?? null,
    calendar(of, key) {
      const definition = key ? of.document.calendars[key] : undefined;
      if (!key || !definition) return null;
      const ref = { key, revision: 0, zone: definition.zone || zone, country: "" };
      return { calendar: resolveCalendar(key, definition, ref.zone, ""), key, zone: ref.zone, ref };
    },
    calendarAt: (of, ref) => resolveCalendar(ref.key, of.document.calendars[ref.key]!, ref.zone, ref.country),
    past: (id) => (id === "lead" ? past : []),
    live: () => null,
    watched: () => false,
    match: () => ({ duplicateOf: null, account: null }),
    recordId: (type, command, n) => `${type}_${command}_${n}`,
  };
}
