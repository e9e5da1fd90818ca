/**
 * Tells the runs of a shipped process in the words of its steps, one a line: `first_touch voicemail` finishes that step with the
 * answers its cast has for the word. Other words of a cast are what people and systems around it do. These are the same everywhere:
 *
 *   wait                     until the wait it stands in runs out
 *   hours N, days N          time passes
 *   late SLA                 until this promise is broken, past its warnings
 *   take STEP                its task is taken by somebody of the role
 *   skip STEP, move STEP TO  operations pass over it, or bring it to another step, by hand
 *   beside STEP              operations add a task of this step beside what runs
 *   at PLACE, ends END       where it stands now
 *   fails CONNECTOR, works   a system outside refuses from now on; all answer again
 *   retry                    what stands still is tried again
 *   # …                      a remark
 */
import { expect } from "vitest";
import type { Store } from "@/db/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Work, Values } from "@/server/engine/model.ts";
import { outcomeField } from "@/server/engine/work/form.ts";
import { drawn, happened } from "../../support/cover.ts";
import type { Bench } from "../bench.ts";
import { company, openTemplates, placeOf, runOf } from "../template-walk.ts";

export const hour = 3_600_000;
export const day = 24 * hour;

/** What a word means for one run: the answers of that step; or something is done, and no answers come back. */
export type Cast = Readonly<
  Record<string, (told: Told, ...words: string[]) => Values | Promise<Values | string | void>>
>;

export type Told = {
  bench: Bench;
  runId: string;
  /** The record it is about, and others that the words of its cast speak of. */
  id: string;
  now: () => number;
  /** A day from today, as it is written in records. */
  date: (daysFromNow: number) => string;
  change: (id: string, values: Values) => Promise<void>;
};

/** What happens to the people: all of them leave, among them whoever published the process, so that nothing may be done; and return. */
export const workspaceWords: Cast = {
  everybody: async ({ bench }, does = "leave") => {
    const { store, workspaceId, engine } = bench;
    const members = (await store.read.select().from(store.t.member)).map((one) => ({
      ...one,
      status: does === "leave" ? ("disabled" as const) : ("active" as const),
    }));
    await store.commit([{ workspaceId, guards: [], events: [], put: { member: members }, drop: {} }]);
    engine.contexts.forget(workspaceId);
  },
};

export type Tale = Awaited<ReturnType<typeof openTale>>;

/** A workspace in which `key` and what it calls are published, and the stories of it are told. */
export async function openTale(store: Store, cast: Cast, key: string, ...others: string[]) {
  const refused = new Set<string>();
  const bench = await openTemplates(store, [key, ...others], {
    send: async (effect) =>
      effect.kind === "connector" && refused.has(effect.connector)
        ? { ok: false, text: "This system is down.", final: true }
        : { ok: true, result: null },
  });
  const toldOf = (id: string, runId: string): Told => ({
    bench,
    runId,
    id,
    now: () => bench.clock.now(),
    date: (days) => new Date(bench.clock.now() + 7 * hour + days * day).toISOString().slice(0, 10),
    change: async (record, values) => {
      const answer = await bench.change(record, values);
      if (!answer.ok) throw new Error(`${answer.text} ${JSON.stringify(answer.details ?? {})}`);
      await bench.engine.worker.drain();
    },
  });

  async function line(told: Told, words: readonly string[]): Promise<void> {
    const [verb = "", ...rest] = words;
    const [first = ""] = rest;
    const run = await bench.run(told.runId);
    switch (verb) {
      case "#":
        return;
      case "hours":
      case "days":
        return bench.advance(Number(first) * (verb === "days" ? day : hour));
      case "wait": {
        const rings = Object.values(run.timers).filter(
          ({ token, clock, work, back }) => token && !clock && !work && !back,
        );
        if (rings.length === 0) throw new Error(`there is nothing to wait for at ${await placeOf(bench, told.runId)}`);
        return bench.advance(Math.min(...rings.map(({ due }) => due)) - bench.clock.now() + 1000);
      }
      case "late": {
        const dues = Object.values(run.clocks).flatMap(({ sla, clock }) =>
          sla === first && clock.state === "in_progress" && clock.breachedAt === undefined ? (clock.dueAt ?? []) : [],
        );
        if (dues.length === 0) throw new Error(`no clock of ${first} runs at ${await placeOf(bench, told.runId)}`);
        return bench.advance(Math.min(...dues) - bench.clock.now() + 1000);
      }
      case "take": {
        const work = taskAt(Object.values(run.work), first);
        await answered(told, { type: "assignWork", work: work.id, how: { kind: "claim" } }, someone(work));
        return;
      }
      case "skip":
      case "move": {
        const token = Object.values(run.tokens).find(({ node }) => node === first)?.id;
        if (!token) throw new Error(`nothing is at ${first}`);
        const how = verb === "skip" ? { kind: "skip" as const, token } : { kind: "jump" as const, token, to: rest[1]! };
        return answered(told, { type: "jump", how, reason: "by hand" }, "linh");
      }
      case "beside":
        return answered(told, { type: "jump", how: { kind: "add", node: first }, reason: "by hand" }, "linh");
      case "at":
        expect(await placeOf(bench, told.runId)).toBe(rest.join(" "));
        return;
      case "ends":
        expect(await placeOf(bench, told.runId)).toBe(first);
        expect(run.status).toBe("completed");
        return;
      case "fails":
        refused.add(first);
        return;
      case "works":
        refused.clear();
        return;
      case "retry":
        for (const { id } of Object.values(run.incidents))
          await answered(told, { type: "retryIncident", incident: id }, "linh");
        return;
      default: {
        const meant = cast[verb] ? await cast[verb](told, ...rest) : {};
        if (typeof meant === "object") await finish(told, verb, meant);
        // What it sends leaves when the ten seconds to undo have passed.
        return bench.advance(11_000);
      }
    }
  }

  type Command = Parameters<Bench["send"]>[0] extends infer C
    ? C extends { runId: string }
      ? Omit<C, "runId">
      : never
    : never;
  async function answered({ runId }: Told, command: Command, by: string): Promise<void> {
    const answer = await bench.send({ ...command, runId } as Parameters<Bench["send"]>[0], by);
    if (!answer.ok) throw new Error(`${command.type}: ${answer.text} ${JSON.stringify(answer.details ?? {})}`);
    await bench.engine.worker.drain();
  }

  /** As the inbox does: the button that is pressed is a value of the deciding field. */
  async function finish(told: Told, node: string, values: Values): Promise<void> {
    const run = await bench.run(told.runId);
    // Of two tasks of one step, the one that was added last.
    const work = Object.values(run.work).findLast((one) => one.node === node);
    if (!work) throw new Error(`no task at ${node}; the run is at ${await placeOf(bench, told.runId)}`);
    const { model } = await bench.engine.contexts.get(bench.workspaceId, bench.clock.now());
    const process = (await bench.engine.contexts.version(bench.workspaceId, run.process, run.version))!;
    const field = outcomeField(process, process.nodes.get(node)!, model, run);
    const chosen = field && values[field.field];
    const outcome = typeof chosen === "string" ? chosen : null;
    await answered(told, { type: "completeWork", work: work.id, outcome, values }, work.assignee ?? someone(work));
  }

  return {
    bench,
    toldOf,
    refuse: (connector: string) => void refused.add(connector),
    /** One run, told to its end: `begin` makes the record and what else there is. */
    async story(begin: string | (() => Promise<string>), text: string): Promise<Told> {
      const id = typeof begin === "string" ? begin : await begin();
      const told = toldOf(id, await runOf(bench, id, key));
      let at = "";
      try {
        for (const one of text.split("\n").map((words) => words.trim()))
          if (one) await line(told, (at = one).split(/\s+/));
      } catch (error) {
        throw new Error(`${key}, “${at}”: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
      return told;
    },
    /** What is drawn in the process and no run of this workspace has shown. */
    async unseen(): Promise<string[]> {
      const { t, read } = bench.store;
      const process = (await bench.engine.contexts.version(bench.workspaceId, key, 1))!;
      const runs = (await read.select().from(t.run)).filter((run) => run.process === key);
      const seen = new Set<string>();
      for (const { id } of runs) for (const one of happened(await bench.factsOf(id))) seen.add(one);
      return drawn(process).filter((one) => !seen.has(one));
    },
    /** Nothing went wrong on the way, and figures and states are what the log says. */
    async sound(): Promise<void> {
      expect(bench.errors).toEqual([]);
      expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
    },
  };
}

const taskAt = (all: Work[], node: string): Work => {
  const work = all.find((one) => one.node === node);
  if (!work) throw new Error(`no task at ${node}`);
  return work;
};

/** The first of the company that works in this role. */
const someone = ({ role, node }: Work): string => {
  const member = company.find(({ processRoles }) => processRoles.includes(role));
  if (!member) throw new Error(`nobody works as ${role} for ${node}`);
  return member.id;
};
