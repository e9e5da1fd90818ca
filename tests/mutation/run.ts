/**
 * `npm run test:mutation -- server/engine/calendar/holidays.ts …`: changes a file in one place at a time and sees whether a test that
 * comes by that place fails. Prints what no test notices, and the share that is noticed. Never part of `npm test`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Answer, Order } from "./judge.ts";
import { type Mutant, switchable } from "./mutants.ts";

const root = path.join(import.meta.dirname, "../..");
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const wide = process.argv.includes("--wide");
/** Only tests whose path begins so: quicker, and the share is then at least so much. */
const among = process.argv.find((word) => word.startsWith("--among="))?.slice("--among=".length);
if (asked.length === 0) throw new Error("Name the files to change, such as server/engine/calendar/holidays.ts.");
/** How long a test is tried that notices nothing of a file, ms. */
const mostMs = 8000;
let below = false;
for (const file of asked) if ((await mutate(file)) < 80) below = true;
process.exitCode = below ? 1 : 0;

async function mutate(file: string): Promise<number> {
  const { mutants } = switchable(readFileSync(path.join(root, file), "utf8"));
  const tests = testsOf(path.join(root, file));
  let judge = await begin(file);
  const covered = mkdtempSync(path.join(tmpdir(), "millrace-mutants-"));
  const took = new Map<string, number>();
  for (const test of tests) {
    const { ok, ms } = await judge.ask({ mutant: 0, files: [test], covered }, 300_000);
    if (!ok) throw new Error(`${path.relative(root, test)} fails before anything was changed.`);
    took.set(test, ms);
  }
  const by = new Map<number, string[]>();
  for (const name of readdirSync(covered)) {
    const said = JSON.parse(readFileSync(path.join(covered, name), "utf8")) as { file: string; ids: number[] };
    for (const id of said.ids) by.set(id, [...(by.get(id) ?? []), said.file]);
  }
  rmSync(covered, { recursive: true, force: true });
  const missed: Mutant[] = [];
  let endless = 0;
  const own = path.join(root, file.replace(/\.ts$/, ".test.ts"));
  const notices = new Map<string, number>();
  const tries = new Map<string, number>();
  console.error(`${mutants.length} mutants, ${tests.length} test files that take ${seconds([...took.values()])} s`);
  for (const mutant of mutants) {
    if (mutant.id % 25 === 0) console.error(`${mutant.id} of ${mutants.length}, ${missed.length} not noticed`);
    let noticed = false;
    // The file's own test first, then what noticed most so far, then the quickest.
    const rank = (test: string) => (test === own ? Infinity : (notices.get(test) ?? 0));
    const order = (by.get(mutant.id) ?? []).sort((a, b) =>
      rank(a) === rank(b) ? took.get(a)! - took.get(b)! : rank(b) - rank(a),
    );
    for (const test of order) {
      // What noticed nothing in so many tries is not asked again: a survivor would else cost every test there is.
      if (test !== own && !notices.has(test) && (tries.get(test) ?? 0) * took.get(test)! > mostMs) continue;
      tries.set(test, (tries.get(test) ?? 0) + 1);
      const answer = await judge.ask({ mutant: mutant.id, files: [test], covered: "" }, took.get(test)! * 3 + 5000);
      // No answer is a loop that does not end: noticed as well.
      if (answer.late) {
        judge = await begin(file);
        endless++;
      }
      noticed = !answer.ok;
      if (noticed) notices.set(test, (notices.get(test) ?? 0) + 1);
      if (noticed) break;
    }
    if (!noticed) missed.push(mutant);
  }
  judge.end();
  const share = mutants.length === 0 ? 100 : ((mutants.length - missed.length) / mutants.length) * 100;
  for (const { id, line, was, is } of missed)
    console.log(`${file}:${line} ${by.has(id) ? "survived" : "no test"}: ${flat(was)} → ${flat(is)}`);
  console.log(
    `${file}: ${share.toFixed(1)} % of ${mutants.length} noticed, ${missed.length} not, ${endless} never ended, ${tests.length} test files`,
  );
  return share;
}

function seconds(ms: number[]): number {
  return Math.round(ms.reduce((a, b) => a + b, 0) / 1000);
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 70);
}

type Judge = { ask: (order: Order, most: number) => Promise<Answer & { late?: boolean }>; end: () => void };

function begin(file: string): Promise<Judge> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, "judge.ts"), [file], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask: Judge["ask"] = (order, most) =>
    new Promise((done) => {
      const timer = setTimeout(() => {
        child.removeAllListeners("message");
        child.kill("SIGKILL");
        done({ ok: false, ms: most, late: true });
      }, most);
      child.once("message", (answer: Answer) => {
        clearTimeout(timer);
        done(answer);
      });
      child.send(order);
    });
  return new Promise((ready, failed) => {
    child.once("error", failed);
    child.once("message", () => ready({ ask, end: () => child.kill() }));
  });
}

/** Test files of the engine that come to a file by their imports; with `--wide` those of all the server. None with a database. */
function testsOf(target: string): string[] {
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
    return reached.has(target) && ![...reached].some((one) => one.endsWith("tests/support/databases.ts"));
  });
}
