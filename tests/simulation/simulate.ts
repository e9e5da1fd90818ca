/** One seed: a world, what people do in it and what befalls it, then rest, and everything that is wrong with what is left. */
import fc from "fast-check";
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { openBench } from "../stories/bench.ts";
import { chanceFrom } from "../support/chance.ts";
import { edited, edits, processOf, rows } from "../support/random-process.ts";
import { faults } from "./check.ts";
import { drawings } from "./drawings.ts";
import { outside } from "./outside.ts";
import { tidyUp, wish } from "./people.ts";
import { type Request, workspaceId } from "./request.ts";
import { openWorld, turns, type World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;
const start = Date.UTC(2026, 2, 2, 2);

/** A database with people and published processes; `variant` chooses the random one. Made once for all seeds that share it. */
export async function makeBase(variant: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-base-"));
  const file = path.join(folder, "base.db");
  const store = openSqlite({ file, threads: false });
  const bench = await openBench(store, start);
  for (const document of drawings) await bench.publish(document);
  const [block] = fc.sample(rows, { seed: variant, numRuns: 1 });
  await bench.publish(processOf(block!));
  const [changes] = fc.sample(edits, { seed: variant, numRuns: 1 });
  const next = processOf(changes!.reduce(edited, block!));
  const draft = processSchema.parse(next);
  if (checkDraft(draft).every(({ severity }) => severity !== "error")) await bench.publish(draft);
  for (const n of [1, 2]) {
    await bench.record("account", { name: `First ${n}`, billing_city: "Hue", owner_id: "lan" });
    await bench.record("lead", {
      last_name: `Lead ${n}`,
      email: `l${n}@sim.test`,
      company_name: `First ${n}`,
      source: "inbound_web",
      owner_id: "tom",
    });
  }
  store.writer.pragma("wal_checkpoint(TRUNCATE)");
  const done = path.join(folder, "done.db");
  copyFileSync(file, done);
  await store.close();
  return done;
}

/** A process of chance may go round for ever by its own conditions: a run that keeps moving is not one that is stuck. Caps end sooner. */
const goesRound = ({ visited }: Run): boolean => Math.max(0, ...Object.values(visited)) >= 20;

export type Ending = { wrong: string[]; events: number; lives: number; requests: number; ran: string[] };

export async function simulate(seed: number, base: string, steps = 150): Promise<Ending> {
  const chance = chanceFrom(seed);
  const there = outside(chance);
  const world = await openWorld(base, there, start, seed % 2 === 0 ? 1 : 2);
  const requests: Request[] = [];
  let keys = 0;
  const keyOf = () => `k${seed}x${++keys}`;
  const ran: string[] = [];

  /** Asks, and hears the answer unless the server dies first. */
  function send(request: Request, engine = chance() < 0.5 ? 0 : 1): void {
    const life = world.life();
    void request.ask(life.engines[engine % life.engines.length]!, life.clock.now()).then(
      (answer) => {
        // What was refused may be granted when it is asked again; a yes stands.
        if (!life.dead && request.said !== "yes" && (answer.ok || answer.code !== "BUSY"))
          request.said = answer.ok ? "yes" : "no";
      },
      // An error tells nobody whether it was done.
      (error: unknown) => void (request.error = String(error)),
    );
  }

  try {
    for (let step = 0; step < steps; step++) {
      await world.reopen();
      ran.push(await act(world, chance(), chance));
      await turns(Math.floor(chance() * 8));
    }
    await rest(world);
    const verdict = await verifyWorkspace(
      { store: world.life().store, contexts: world.life().engines[0]!.contexts },
      workspaceId,
    );
    const wrong = [...verdict.problems, ...faults(world.life().store.writer, requests, there)];
    const open = world.life().store.writer.prepare("select state from run where ended_at is null").pluck().all();
    for (const run of open.map((state) => JSON.parse(String(state)) as Run))
      if (!goesRound(run)) wrong.push(`${run.process} ${run.id} never ended`);
    for (const { key, said, error } of requests)
      if (said === "nothing") wrong.push(`${key} was never answered (${error ?? "no error"})`);
    return {
      wrong,
      events: verdict.events,
      lives: world.lives(),
      requests: requests.length,
      ran,
    };
  } finally {
    await world.close();
  }

  async function act(world: World, dice: number, chance: () => number): Promise<string> {
    const life = world.life();
    if (dice < 0.34) {
      const request = await wish(life, chance, keyOf());
      if (!request) return "idle";
      requests.push(request);
      send(request);
      return `ask ${request.makes ?? "message"}`;
    }
    if (dice < 0.6) {
      void world.round(chance() < 0.5 ? 0 : 1);
      return "round";
    }
    if (dice < 0.7) {
      there.answerOne();
      return "answer";
    }
    if (dice < 0.78) {
      world.pass(Math.floor(chance() * 20) * 1000);
      return "seconds";
    }
    if (dice < 0.84) {
      world.pass(Math.floor(chance() * 4 * hour));
      return "hours";
    }
    if (dice < 0.9) {
      // Asked again under its key, although it may have been answered.
      const again = requests[Math.floor(chance() * requests.length)];
      if (again) send(again);
      return "again";
    }
    if (dice < 0.95) {
      world.arm("crash", 1 + Math.floor(chance() * 60));
      return "arm crash";
    }
    if (dice < 0.96) {
      world.crash();
      return "crash";
    }
    if (dice < 0.97) {
      world.arm("ioerr", 1 + Math.floor(chance() * 30));
      return "arm ioerr";
    }
    if (dice < 0.98) {
      world.arm("full", 1 + Math.floor(chance() * 30));
      return "arm full";
    }
    const leaps = [hour, -hour, year, -year, 0, 0];
    const leap = leaps[Math.floor(chance() * leaps.length)]!;
    world.leap(leap);
    return `leap ${leap}`;
  }

  /** No more faults: what was not answered is asked again, all work is done, and time goes on until nothing is due. */
  async function rest(world: World): Promise<void> {
    world.disarm();
    there.behave();
    await world.reopen();
    world.leap(0);
    const settle = async () => {
      for (let i = 0; i < 200; i++) {
        await world.reopen();
        const { engines, died } = world.life();
        const done = await Promise.all([world.round(0), world.round(1)]);
        await turns(6);
        await Promise.race([died, Promise.all(engines.map((engine) => engine.loop.idle()))]);
        if (done.every((n) => n === 0)) return;
      }
    };
    for (let round = 0; round < 250; round++) {
      await settle();
      for (const request of requests) if (request.said === "nothing") send(request);
      await settle();
      const { store } = world.life();
      const count = (sql: string) => store.writer.prepare(sql).pluck().get() as number;
      const open = count("select count(*) from run where ended_at is null");
      const due = count("select count(*) from job where dead_at is null and kind <> 'schedule'");
      if (open === 0 && due === 0 && requests.every(({ said }) => said !== "nothing")) return;
      for (const request of await tidyUp(world.life(), chance, keyOf)) {
        request.makes = null;
        send(request);
      }
      await settle();
      world.pass(round < 30 ? 10 * minute : 2 * hour);
    }
  }
}
