/** Runs test files with one mutant in force; a process of its own, so that an endless loop can be ended. */
import path from "node:path";
import { createVitest } from "vitest/node";
import { switchableFiles } from "./mutants.ts";

/** `most`: CPU time after which a run counts as one that never ends, ms. */
export type Order = { mutant: number; files: string[]; covered: string; most: number };
/** `ms`: CPU time, so that a busy machine makes no difference. */
export type Answer = { ok: boolean; ms: number; late?: boolean };

const root = path.join(import.meta.dirname, "../..");
/** Every mutant that nothing else notices comes by the properties: those that read this take few cases. */
process.env.TEST_SHORT = "1";
const { codes, mutants } = switchableFiles(root, process.argv.slice(2));
const vitest = await createVitest(
  "test",
  {
    config: false,
    root,
    watch: false,
    include: ["{server,tests}/**/*.test.ts"],
    setupFiles: [path.join(import.meta.dirname, "setup.ts")],
    pool: "threads",
    maxWorkers: 1,
    testTimeout: 600_000,
    bail: 1,
    reporters: [{}],
    onConsoleLog: () => false,
  },
  {
    logLevel: "silent",
    resolve: { alias: { "@": root } },
    plugins: [
      {
        name: "mutants",
        enforce: "pre",
        transform(_, id) {
          const code = codes.get(id.split("?")[0] ?? "");
          return code === undefined ? null : { code };
        },
      },
    ],
  },
);
vitest.getRootProject().provide("mutants", mutants.length);
vitest.getRootProject().provide("migrated", { database: "", file: process.env["MIGRATED"] ?? "" });
process.on("message", (order: Order) => void judge(order).then((answer) => process.send?.(answer)));
process.send?.("ready");

async function judge({ mutant, files, covered, most }: Order): Promise<Answer> {
  vitest.getRootProject().provide("mutant", mutant);
  vitest.getRootProject().provide("covered", covered);
  const specs = (await vitest.globTestSpecifications()).filter((s) => files.includes(s.moduleId));
  // What earlier runs left would count as failures of this one.
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const start = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  // The tests run in a thread of their own, so this one is free to look at the time. Whoever asked ends this process then.
  const watch = setInterval(() => {
    if (spent() > most) process.send?.({ ok: false, ms: most, late: true } satisfies Answer);
  }, 500);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specs);
  clearInterval(watch);
  const ok = unhandledErrors.length === 0 && testModules.length === files.length && testModules.every((m) => m.ok());
  return { ok, ms: spent() };
}
