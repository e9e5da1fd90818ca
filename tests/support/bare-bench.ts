/**
 * The bare engine with the face of a whole Millrace: `decide` and nothing else, in memory. The clock is moved by hand, timers ring
 * in due order, and what a run asks of other runs is carried over to them. No receipts, no re-entry, no start triggers.
 */
import { mapRecords } from "@/server/commands/load-world.ts";
import { layerOver } from "@/server/engine/layer.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Effect, Event, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { changesOf } from "@/server/engine/records.ts";
import { type EngineRecord, type Refusal, type Run, type Values, refuse } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { startedRun } from "@/server/engine/started-run.ts";
import type { World } from "@/server/engine/world.ts";
import { checkDraft, compileVersion } from "@/server/steps/index.ts";
import { type BarePerson, bareWorld } from "./bare-world.ts";
import type { FlowBench, Given } from "./flow-play.ts";

type Asked = { due: number; run: string; id: string; effect: Effect };
type Answer = { ok: true } | Refusal;

const workspaceId = "ws";
const team = ["lan", "tom"];

/** `people`: who is there besides the two of the team; changed by a test, the next command sees it. */
export function openBareBench(begin = Date.UTC(2026, 2, 2, 2), people: BarePerson[] = []) {
  let now = begin;
  let ids = 0;
  const stored = new Map<string, EngineRecord>();
  const records = mapRecords(stored);
  const runs = new Map<string, Run>();
  const versions = new Map<string, CompiledProcess[]>();
  const log: Event[] = [];
  /** The same with what people did to records: everything a whole Millrace would have stored. */
  const story: StoredEvent[] = [];
  const store = (events: readonly Event[]) => {
    for (const event of events) story.push({ ...event, workspaceId, seq: story.length + 1, hash: "" });
  };
  let asked: Asked[] = [];
  const newest = (key: string) => versions.get(key)?.at(-1);
  const watching = (record: string, except: string | null) =>
    [...runs.values()].filter(
      (run) =>
        run.endedAt === null &&
        run.id !== except &&
        (run.recordId === record || Object.values(run.related).includes(record)),
    );

  function worldOver(layer: World["records"]): World {
    const bare = bareWorld(layer, team, people);
    return {
      ...bare,
      newest: (type, to) =>
        [...layer.values()]
          .filter((r) => r.type === type && bare.model.references(type).some(({ field }) => r.values[field] === to))
          .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
      version: (key, version) => versions.get(key)?.find((one) => one.version === version) ?? null,
      live: (key) => {
        const live = newest(key);
        return live ? { key, version: live.version, recordType: live.document.recordType } : null;
      },
      watched: (run, _type, id) => watching(id, run?.id ?? null).length > 0,
    };
  }
  const { model } = worldOver(records);

  function submit(command: RunCommand): Answer {
    const before = runs.get(command.runId) ?? null;
    const [key, version] =
      command.type === "startRun" ? [command.process, command.version] : [before?.process ?? "", before?.version];
    const process = versions.get(key)?.find((one) => one.version === version);
    if (!process) return refuse("NOT_FOUND", "This run does not exist.");
    if (
      command.type === "startRun" &&
      process.document.runPolicy === "one_active_per_record" &&
      watching(command.recordId, null).some((run) => run.process === key && run.recordId === command.recordId)
    )
      return refuse("ALREADY_RUNNING", "This record is already in this process. Nothing was started.");
    const layer = layerOver(records);
    const decided = decide(process, before, command, worldOver(layer));
    if (!decided.ok) return decided;
    layer.merge();
    runs.set(command.runId, decided.run);
    log.push(...decided.events);
    store(decided.events);
    for (const { type, data, at } of decided.events)
      if (type === "EffectRequested") {
        const { effect, id } = data;
        const due = at + (effect.kind === "start_process" ? (effect.after ?? 0) : 0);
        asked.push({ due, run: command.runId, id, effect });
      }
    return { ok: true };
  }

  const send = (command: Given<RunCommand>, memberId?: string): Answer =>
    submit({
      id: `cmd_${++ids}`,
      workspaceId,
      at: now,
      actor: memberId ? { kind: "member", id: memberId } : { kind: "system" },
      ...command,
    } as RunCommand);

  function carry({ run, id, effect }: Asked): void {
    switch (effect.kind) {
      case "start_process": {
        const { process, recordType, recordId, variables, parent } = effect;
        const child = parent && runs.get(parent.run)?.tokens[parent.token]?.child;
        if (parent && !child?.includes("/") && child !== id) return;
        const runId = startedRun(workspaceId, run, id);
        const answer = send({
          type: "startRun",
          runId,
          process,
          version: effect.version ?? newest(process)!.version,
          recordType,
          recordId,
          trigger: { event: "process.started", at: now },
          ...(variables && { variables }),
          ...(parent && { parent }),
        });
        if (!answer.ok && parent)
          send({
            type: "childEnded",
            runId: parent.run,
            token: parent.token,
            child: runId,
            outcome: null,
            error: { code: "CALL_REFUSED", text: answer.text },
          });
        return;
      }
      case "child_ended": {
        const { kind: _, run: runId, ...ended } = effect;
        send({ type: "childEnded", runId, child: run, ...ended });
        return;
      }
      case "cancel_child":
        send({ type: "cancelRun", runId: startedRun(workspaceId, run, effect.child), reason: effect.reason });
        return;
      case "record_changed":
        tell(effect.recordType, effect.recordId, effect.events, run);
        return;
      case "emit":
        tell(effect.recordType, effect.recordId, [effect.event], run);
        return;
      case "http":
      case "connector":
        send({ type: "effectAnswered", runId: run, effect: id, ok: true, result: null });
        return;
      case "mail":
      case "chat":
      case "notice":
        return;
      default:
        return effect satisfies never;
    }
  }

  function tell(recordType: string, recordId: string, events: string[], except: string | null): void {
    for (const { id } of watching(recordId, except))
      send({ type: "recordChanged", runId: id, recordType, recordId, events });
  }

  /** The next instant at which something is due, of timers and of what was asked. */
  function nextDue(): number {
    const active = [...runs.values()].filter((run) => run.status === "active");
    const dues = active.flatMap((run) => Object.values(run.timers).map((timer) => timer.due));
    return Math.min(...dues, ...asked.map(({ due }) => due));
  }

  function settle(): void {
    while (nextDue() <= now) {
      const ready = asked.filter(({ due }) => due <= now);
      asked = asked.filter(({ due }) => due > now);
      for (const one of ready) carry(one);
      for (const run of runs.values()) {
        const due = Object.values(run.timers).find((timer) => timer.due <= now);
        if (due && run.status === "active") send({ type: "fireTimer", runId: run.id, timer: due.id });
      }
    }
  }

  /** What a record is added up from, as far as it is there. */
  const besideOf = (type: string, id: string) => {
    const beside: Record<string, Values[]> = {};
    for (const part of model.parts(type))
      if (part.as === "lines" || part.as === "payments")
        beside[part.as] = [...records.values()].flatMap((r) =>
          r.type === part.type && r.values[part.field] === id ? [r.values] : [],
        );
    return beside;
  };

  const bench = {
    errors: [],
    engine: { worker: { drain: async () => settle() } },
    /** `asItIs`: unchecked, as a version of an older release may be. */
    publish: async (document: unknown, { asItIs = false } = {}) => {
      const parsed = processSchema.parse(document);
      const wrong = !asItIs && checkDraft(parsed).find((problem) => problem.severity === "error");
      if (wrong) throw new Error(wrong.text);
      const before = versions.get(parsed.key) ?? [];
      versions.set(parsed.key, [...before, compileVersion(parsed, before.length + 1)]);
      return before.length + 1;
    },
    record: async (type: string, values: Values) => {
      const id = `${type}_${++ids}`;
      const given = model.numbered(type, id, { ...model.defaults(type), ...values });
      const made = {
        type,
        id,
        version: 1,
        createdAt: now,
        values: model.derive(type, given, now, null, besideOf(type, id)),
      };
      records.set(id, made);
      const stream = { kind: "record", id } as const;
      const data = { type, values: made.values, source: "person" };
      const actor = { kind: "member", id: "linh" } as const;
      store([{ type: "RecordCreated", stream, version: 1, at: now, actor, cause: null, data }]);
      for (const whole of model.wholes(type)) {
        const to = made.values[whole.field];
        if (typeof to === "string" && records.get(to)?.type === whole.type) await bench.change(to, {});
      }
      for (const about of [id, ...Object.values(made.values).filter((v) => typeof v === "string")])
        tell(type, about, ["record.created", ...model.businessEvents(type, null, made.values)], null);
      return id;
    },
    change: async (id: string, values: Values) => {
      const before = records.get(id)!;
      const after = model.derive(
        before.type,
        { ...before.values, ...values },
        now,
        before.values,
        besideOf(before.type, id),
      );
      const version = before.version + 1;
      records.set(id, { ...before, version, values: after });
      const data = { type: before.type, changes: changesOf(before.values, after), source: "person" };
      const actor = { kind: "member", id: "linh" } as const;
      store([{ type: "RecordChanged", stream: { kind: "record", id }, version, at: now, actor, cause: null, data }]);
      tell(before.type, id, model.businessEvents(before.type, before.values, after), null);
      return { ok: true as const };
    },
    send: async (command: Given<RunCommand>, memberId?: string) => send(command, memberId),
    start: async (process: string, recordId: string, recordType: string) => {
      const runId = `run_${++ids}`;
      const { version } = newest(process)!;
      const trigger = { event: "manual", at: now };
      const answer = send({ type: "startRun", runId, process, version, recordType, recordId, trigger }, "linh");
      if (!answer.ok) throw new Error(answer.text);
      return runId;
    },
    run: async (id: string) => runs.get(id)!,
    runsOf: async (recordId: string) => [...runs.values()].filter((run) => run.recordId === recordId),
    factsOf: async (runId: string) => log.filter(({ stream }) => stream.kind === "run" && stream.id === runId),
    valuesOf: async (recordId: string) => records.get(recordId)!.values,
    advance: async (ms: number) => {
      const end = now + ms;
      settle();
      for (let due = nextDue(); due <= end; due = nextDue()) {
        now = Math.max(now, due);
        settle();
      }
      now = end;
    },
  } satisfies FlowBench;
  return {
    ...bench,
    now: () => now,
    runs: () => [...runs.values()],
    /** What a decision about this run could look at now. */
    world: () => worldOver(layerOver(records)),
    process: (run: Run) => versions.get(run.process)!.find((one) => one.version === run.version)!,
    /** The run's log with that of all records, numbered as a store would. */
    storyOf: (runId: string) => story.filter(({ stream }) => stream.kind === "record" || stream.id === runId),
    /** The log of a record, as far as runs wrote it. */
    recordFactsOf: async (id: string) => log.filter(({ stream }) => stream.kind === "record" && stream.id === id),
  };
}
