/**
 * A machine that can die: one database file, two engines on it, a clock that can be set wrong. A crash takes the file as it lies
 * on the disk in that instant, between any two writes, and everything is opened again from that; nothing the dead did counts.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lastWritten } from "@/db/queries/last-written.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { type EngineClock, engineClock } from "@/server/runtime/engine-clock.ts";
import { type Engine, startEngine } from "@/server/runtime/engine.ts";
import type { Outside } from "./outside.ts";
import { headLock, turnsOf } from "./turns.ts";

/** Memory where there is some: these files are thrown away, and a sync is none. */
const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

type Sqlite = ReturnType<typeof openSqlite>;
export type Life = {
  store: Sqlite;
  clock: EngineClock;
  engines: Engine[];
  /** Once set, nothing that goes on in it reaches anybody. */
  dead: boolean;
  died: Promise<void>;
  die: () => void;
};
export type Fault = "crash" | "ioerr" | "full";
export type World = Awaited<ReturnType<typeof openWorld>>;

/** `servers`: one, which keeps its runs warm, or two that take turns as on PostgreSQL. */
export async function openWorld(base: string, there: Outside, start: number, servers: 1 | 2) {
  const folder = mkdtempSync(path.join(place, "millrace-sim-"));
  const lives: Life[] = [];
  let file = path.join(folder, "0.db");
  let wall = start;
  let steady = 0;
  let made = 0;
  let patience: { until: number; over: () => void }[] = [];
  /** The fault that strikes after so many more writes; after a commit is one place more. */
  let armed: { fault: Fault; writes: number } | null = null;
  copyFileSync(base, file);

  /** The disk as it is now, and everybody on it gone. */
  function crash(): void {
    const life = lives.at(-1)!;
    if (life.dead) return;
    life.dead = true;
    life.die();
    armed = null;
    patience = [];
    const next = path.join(folder, `${lives.length}.db`);
    copyFileSync(file, next);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${next}-wal`);
    file = next;
  }

  function strike(): void {
    if (!armed || --armed.writes > 0) return;
    const { fault } = armed;
    armed = null;
    if (fault === "crash") crash();
    throw Object.assign(new Error(`simulated ${fault}`), {
      code: fault === "ioerr" ? "SQLITE_IOERR_WRITE" : fault === "full" ? "SQLITE_FULL" : "DEAD",
    });
  }

  const never = new Promise<never>(() => {});

  /** The store of one life: its writes can be struck, and after its death it neither takes nor answers anything. */
  function mortal(life: () => Life, store: Sqlite): Store {
    const writing =
      <A extends unknown[], T>(write: (...given: A) => Promise<T>) =>
      async (...given: A): Promise<T> => {
        if (life().dead) return never;
        try {
          const value = await write(...given);
          // Stored, but its answer may be lost.
          strike();
          return life().dead ? never : value;
        } catch (error) {
          if (life().dead) return never;
          throw error;
        }
      };
    return {
      ...store,
      commit: writing(store.commit),
      claimJobs: writing(store.claimJobs),
      finishJobs: writing(store.finishJobs),
    };
  }

  async function boot(): Promise<Life> {
    const store = openSqlite({ file, threads: false });
    store.writer.function("struck", () => {
      strike();
      return 0;
    });
    const tables = store.writer.prepare("select name from sqlite_master where type = 'table'").pluck().all();
    for (const table of tables as string[])
      if (!/^(sqlite_|__)/.test(table))
        for (const verb of ["insert", "update", "delete"])
          store.writer.exec(
            `create temp trigger "${table}_${verb}" before ${verb} on main."${table}" begin select struck(); end`,
          );
    const clock = engineClock(
      { wall: () => wall, steady: () => steady, slept: () => 0 },
      await lastWritten(store),
      () => {},
    );
    let die = () => {};
    const died = new Promise<void>((over) => (die = over));
    const life: Life = { store, clock, dead: false, died, die, engines: [] };
    const faced = mortal(() => life, store);
    const lock = headLock();
    const heads = store.writer.prepare<[string], string>("select hash from log_head where workspace_id = ?").pluck();
    const leases = store.writer
      .prepare<[string, string], number>("select lease from job where workspace_id = ? and id = ?")
      .pluck();
    const stored = {
      head: (id: string) => heads.get(id) ?? "none",
      lease: (id: string, job: string) => leases.get(id, job),
    };
    life.engines = Array.from({ length: servers }, () =>
      startEngine({
        store: servers === 1 ? faced : { ...faced, turns: turnsOf(faced.commit, stored, lock) },
        clock,
        alone: servers === 1,
        newId: (kind) => `${kind}_s${String(++made).padStart(6, "0")}`,
        send: async (effect, key, workspace, at) => (life.dead ? never : there.send(effect, key, workspace, at)),
        waitFor: (ms) => new Promise((over) => patience.push({ until: steady + ms, over })),
        onError: endAfterFailedWrite,
      }),
    );
    lives.push(life);
    return life;
  }

  /** As the server does: after a failed write it ends, and begins again from the disk. */
  function endAfterFailedWrite(error: unknown): void {
    if (String((error as { code?: string }).code).startsWith("SQLITE_IOERR")) crash();
  }

  function pass(ms: number): void {
    wall += ms;
    steady += ms;
    const over = patience.filter(({ until }) => until <= steady);
    patience = patience.filter(({ until }) => until > steady);
    for (const one of over) one.over();
  }

  let truth = 0;
  await boot();
  return {
    life: () => lives.at(-1)!,
    /** After a crash: opens what is left on the disk. A clock that leapt has been set right by then. */
    async reopen(): Promise<void> {
      if (!lives.at(-1)!.dead) return;
      wall -= truth;
      truth = 0;
      await boot();
    },
    crash,
    /** One look of a worker; how much it found. */
    async round(worker: number): Promise<number> {
      try {
        const { engines, died } = lives.at(-1)!;
        // What a failed write ends comes to no end of its own.
        return await Promise.race([engines[worker % servers]!.worker.round(), died.then(() => 1)]);
      } catch (error) {
        endAfterFailedWrite(error);
        return 1;
      }
    },
    arm: (fault: Fault, writes: number) => void (armed = { fault, writes }),
    disarm: () => void (armed = null),
    pass,
    /** Sets the machine's clock wrong by so much more; 0 sets it right. */
    leap(ms: number): void {
      wall += ms === 0 ? -truth : ms;
      truth = ms === 0 ? 0 : truth + ms;
    },
    lives: () => lives.length,
    async close(): Promise<void> {
      for (const life of lives) {
        life.dead = true;
        await life.store.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the event loop turn. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
