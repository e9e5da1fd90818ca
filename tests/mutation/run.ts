/**
 * `npm run test:mutation -- server/engine/calendar/holidays.ts …`: changes a file in one place at a time and sees whether a test that
 * comes by that place fails. Prints what no test notices, and the share that is noticed. `-- --sample=1000`: so many places of all of
 * the engine, drawn by a seed that is printed. `--cover`: only what no test comes by. Never part of `npm test`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Answer, Order } from "./judge.ts";
import { notCompiling } from "./compiles.ts";
import { type Mutant, switchableFiles } from "./mutants.ts";

const root = path.join(import.meta.dirname, "../..");
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const option = (name: string) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(`--${name}=`.length);
const wide = process.argv.includes("--wide");
/** Only tests whose path begins so: quicker, and the share is then at least so much. */
const among = option("among");
const sample = Number(option("sample") ?? 0);
const seed = Number(option("seed") ?? 1);
/** No new mutant is tried after so long. */
const until = performance.now() + Number(option("minutes") ?? 1e6) * 60_000;
if (asked.length === 0 && !sample)
  throw new Error("Name the files to change, such as server/engine/calendar/holidays.ts.");
/** How long a test is tried that notices nothing of a file, and how long one mutant is, ms of CPU. */
const mostMs = 8000;
const mostForOne = 40_000;

const folder = mkdtempSync(path.join(tmpdir(), "millrace-migrated-"));
/** Stores of the stories are copies of it. */
const migrated = path.join(folder, "migrated.db");
await openSqlite({ file: migrated, threads: false }).close();
let below = false;
if (sample) {
  const files = readdirSync(path.join(root, "server/engine"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `server/engine/${name.replaceAll(path.sep, "/")}`)
    .filter((name) => asked.length === 0 || asked.some((under) => name.startsWith(under)))
    .sort();
  if ((await mutate(files, sample)) < 80) below = true;
} else for (const file of asked) if ((await mutate([file])) < 80) below = true;
rmSync(folder, { recursive: true, force: true });
process.exitCode = below ? 1 : 0;

async function mutate(files: string[], most = Infinity): Promise<number> {
  const { mutants } = switchableFiles(root, files);
  const tests = testsOf(files.map((file) => path.join(root, file)));
  let judge = await begin(files);
  const covered = mkdtempSync(path.join(tmpdir(), "millrace-mutants-"));
  const took = new Map<string, number>();
  for (const test of tests) {
    const { ok, ms } = await judge.ask({ mutant: 0, files: [test], covered, most: 1_200_000 });
    if (ok) took.set(test, ms);
    else console.error(`${path.relative(root, test)} fails before anything was changed, and is left out.`);
  }
  const by = new Map<number, string[]>();
  for (const name of readdirSync(covered)) {
    const said = JSON.parse(readFileSync(path.join(covered, name), "utf8")) as { file: string; ids: number[] };
    if (took.has(said.file)) for (const id of said.ids) by.set(id, [...(by.get(id) ?? []), said.file]);
  }
  rmSync(covered, { recursive: true, force: true });
  const missed: Mutant[] = [];
  let endless = 0;
  let tried = 0;
  let left = 0;
  const notices = new Map<string, number>();
  const tries = new Map<string, number>();
  const chosen = most < mutants.length ? drawn(mutants, most) : mutants;
  const broken = notCompiling(root, chosen);
  const named = files.length === 1 ? files[0]! : `server/engine, ${files.length} files`;
  console.error(
    `${mutants.length} mutants, ${tests.length} test files that take ${seconds([...took.values()])} s of CPU`,
  );
  if (process.argv.includes("--cover")) {
    judge.end();
    return tellCover(mutants, by);
  }
  if (chosen !== mutants) console.error(`${chosen.length} of them are tried, seed ${seed}`);
  for (const mutant of chosen) {
    if (performance.now() > until) break;
    if (broken.has(mutant.id)) {
      left++;
      continue;
    }
    if (++tried % 25 === 0) console.error(`${tried} of ${chosen.length}, ${missed.length} not noticed`);
    let noticed = false;
    let spent = 0;
    const own = path.join(root, mutant.file.replace(/\.ts$/, ".test.ts"));
    const room = path.dirname(own);
    const about = (test: string) => `${mutant.file} ${test}`;
    // The file's own test first, then what has noticed most for its time: of this file, next door, of any file.
    const rank = (test: string) => {
      if (test === own) return Infinity;
      const here = 4 * (notices.get(about(test)) ?? 0) + (path.dirname(test) === room ? 1 : 0);
      const anywhere = (notices.get(test) ?? 0.2) / (tries.get(test) ?? 1);
      return (here + anywhere) / (took.get(test)! + 300);
    };
    const order = (by.get(mutant.id) ?? []).toSorted((a, b) => rank(b) - rank(a));
    for (const test of order) {
      // What noticed nothing in so many tries is not asked again: a survivor would else cost every test there is.
      const key = about(test);
      if (test !== own && !notices.has(key) && (tries.get(key) ?? 0) * took.get(test)! > mostMs) continue;
      if (spent > mostForOne) break;
      for (const of of [key, test]) tries.set(of, (tries.get(of) ?? 0) + 1);
      const answer = await judge.ask({
        mutant: mutant.id,
        files: [test],
        covered: "",
        most: took.get(test)! * 3 + 5000,
      });
      spent += answer.ms;
      // No answer is a loop that does not end: noticed as well.
      if (answer.late) {
        judge = await begin(files);
        endless++;
      }
      noticed = !answer.ok;
      if (!noticed) continue;
      for (const of of [key, test]) notices.set(of, (notices.get(of) ?? 0) + 1);
      break;
    }
    if (!noticed) {
      missed.push(mutant);
      const { id, file, line, was, is } = mutant;
      console.log(`${file}:${line} ${by.has(id) ? "survived" : "no test"}: ${flat(was)} → ${flat(is)}`);
    }
  }
  judge.end();
  const share = tried === 0 ? 100 : ((tried - missed.length) / tried) * 100;
  const drew =
    chosen === mutants ? "" : `, drawn from ${mutants.length} by seed ${seed}: ± ${interval(share, tried)} %`;
  console.log(
    `${named}: ${share.toFixed(1)} % of ${tried} noticed, ${missed.length} not, ${endless} never ended, ${left} more do not compile, ${tests.length} test files${drew}`,
  );
  return share;
}

/** `--cover`: only the lines with mutants that no test comes by, by file. Returns the share of places that some test comes by. */
function tellCover(mutants: readonly Mutant[], by: ReadonlyMap<number, string[]>): number {
  const uncovered = mutants.filter(({ id }) => !by.has(id));
  const broken = notCompiling(root, uncovered);
  const bare = uncovered.filter(({ id }) => !broken.has(id));
  for (const file of new Set(bare.map((mutant) => mutant.file))) {
    const those = bare.filter((mutant) => mutant.file === file);
    const lines = [...new Set(those.map(({ line }) => line))];
    console.log(`${file}: ${those.length} places on lines ${lines.join(" ")}`);
  }
  console.log(`${mutants.length - uncovered.length} of ${mutants.length} places are come by`);
  return ((mutants.length - uncovered.length) / mutants.length) * 100;
}

/** Half of the 95 % interval of a share that was found in so many. */
function interval(share: number, of: number): string {
  const p = share / 100;
  return (196 * Math.sqrt((p * (1 - p)) / of)).toFixed(1);
}

/** So many of them, in an order that the seed gives (Fisher and Yates, with the mulberry32 numbers). */
function drawn(mutants: readonly Mutant[], most: number): Mutant[] {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const left = [...mutants];
  return Array.from({ length: most }, () => {
    const at = Math.floor(next() * left.length);
    const one = left[at]!;
    left[at] = left.at(-1)!;
    left.pop();
    return one;
  });
}

function seconds(ms: number[]): number {
  return Math.round(ms.reduce((a, b) => a + b, 0) / 1000);
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 70);
}

type Judge = { ask: (order: Order) => Promise<Answer>; end: () => void };

function begin(files: string[]): Promise<Judge> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, "judge.ts"), files, {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, MIGRATED: migrated },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask: Judge["ask"] = (order) =>
    new Promise((done) => {
      child.once("message", (answer: Answer) => {
        if (answer.late) child.kill("SIGKILL");
        done(answer);
      });
      child.send(order);
    });
  return new Promise((ready, failed) => {
    child.once("error", failed);
    child.once("message", () => ready({ ask, end: () => child.kill() }));
  });
}

/** Test files of the engine that come to a file by their imports; with `--wide` those of all the server. Stories are played on SQLite alone. */
function testsOf(targets: string[]): string[] {
  const all = (
    wide
      ? ["server", "tests/properties", "tests/stories"]
      : ["server/engine", "server/steps", "tests/properties", "tests/stories"]
  ).flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => path.join(root, folder, name))
      .filter((test) => !among || test.startsWith(path.join(root, among))),
  );
  const known = new Map<string, string[]>();
  const importsOf = (file: string): string[] => {
    const found = known.get(file);
    if (found) return found;
    const text = readFileSync(file, "utf8");
    const names = [...text.matchAll(/(?:from|import\()\s*"((?:@\/|\.)[^"]+)"/g)].map(([, name = ""]) =>
      name.startsWith("@/") ? path.join(root, name.slice(2)) : path.join(path.dirname(file), name),
    );
    const there = names.filter((name) => /\.tsx?$/.test(name) && existsSync(name));
    known.set(file, there);
    return there;
  };
  return all.filter((test) => {
    const reached = new Set([test]);
    for (const one of reached) for (const next of importsOf(one)) reached.add(next);
    return targets.some((one) => reached.has(one));
  });
}
