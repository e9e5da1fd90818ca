/**
 * Durable steps a second through the public engine on SQLite with `synchronous=FULL`, 64 and 256 clients waiting, beside raw
 * better-sqlite3 writing the very same rows in the same batches (raw-sqlite.ts), and beside xstate in memory. Runs are
 * interleaved; the median counts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSqlite } from "@/db/sqlite/store.ts";
import { xstateSteps } from "./core.ts";
import { type Figure, median } from "./figure.ts";
import { writeRaw } from "./raw-sqlite.ts";
import { type How, openClients } from "./through-engine.ts";

const stepsInAll = 5120;
const warming = 1500;
/** Interleaved, engine and raw by turns; the first pair warms up and does not count. */
const rounds = 3;
const parts = [
  { how: "whole", clients: 64 },
  { how: "whole", clients: 256 },
  { how: "bare", clients: 64 },
  { how: "bare", clients: 256 },
] as const;
const goals = { whole: 0.4, bare: 0.7 };
const names = {
  whole: "with authorisation, SLA clocks, assignment, the visits and the counters of the reports",
  bare: "the commands alone, no authorisation and no clocks (counters on)",
};

export async function durable(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const figures: Figure[] = [];
  let fastest = 0;
  try {
    for (const { how, clients } of parts) {
      const measured: { rate: number; p99: number; raw: number; rawP99: number }[] = [];
      for (let round = 0; round <= rounds; round++) {
        const { rate, p99, batches, steps } = await throughEngine(path.join(folder, `engine${round}.db`), how, clients);
        const raw = await writeRaw(path.join(folder, `raw${round}.db`), batches, clients);
        if (round > 0) measured.push({ rate, p99, raw: steps / raw.seconds, rawP99: raw.p99 });
        for (const name of [`engine${round}.db`, `raw${round}.db`])
          for (const end of ["", "-wal", "-shm", ".lock"]) rmSync(path.join(folder, name + end), { force: true });
      }
      const rate = median(measured.map((one) => one.rate));
      const raw = median(measured.map((one) => one.raw));
      const ratio = median(measured.map((one) => one.rate / one.raw));
      fastest = Math.max(fastest, rate);
      figures.push({
        name: `durable steps, SQLite FULL, ${clients} clients, ${names[how]}`,
        value: rate,
        unit: "steps/s",
        reference: { name: "raw SQLite, same rows and batches", value: raw },
        ratio,
        goal: `≥ ${goals[how] * 100} % of raw`,
        ok: ratio >= goals[how],
      });
      if (clients < 256) continue;
      const p99 = median(measured.map((one) => one.p99));
      const rawP99 = median(measured.map((one) => one.rawP99));
      figures.push({
        name: `p99 of a durable step at ${clients} waiting clients, ${names[how]}`,
        value: p99,
        unit: "ms",
        reference: { name: "raw SQLite, same rows and batches", value: rawP99 },
        ratio: p99 / rawP99,
        goal: "≤ 10 ms",
        ok: p99 <= 10,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const peer = xstateSteps();
  figures.push({
    name: "durable steps beside transitions of xstate in memory, nothing stored",
    value: fastest,
    unit: "steps/s",
    reference: { name: "xstate in memory, a CPU second", value: peer },
    ratio: fastest / peer,
    goal: null,
    ok: null,
  });
  return figures;
}

async function throughEngine(file: string, how: How, clients: number) {
  const store = openSqlite({ file });
  const { go } = await openClients(store, how, clients);
  const each = Math.round(stepsInAll / clients);
  // The first turns prepare statements, read what is kept afterwards, and show both threads what their code is used for.
  await go(Math.ceil(warming / clients));
  const { rate, p99 } = await go(each);
  // What is written of as many steps again; holding on to it would slow down those that are measured.
  const { steps, batches } = await go(each, { keep: true });
  await store.close();
  return { rate, p99, steps, batches };
}
