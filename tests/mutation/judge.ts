/** Runs test files with one mutant in force; a process of its own, so that an endless loop can be ended. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { createVitest } from "vitest/node";
import { switchable } from "./mutants.ts";

export type Order = { mutant: number; files: string[]; covered: string };
export type Answer = { ok: boolean; ms: number };

const root = path.join(import.meta.dirname, "../..");
/** Every mutant that nothing else notices comes by the properties: those that read this take few cases. */
process.env.TEST_SHORT = "1";
const target = path.resolve(root, process.argv[2] ?? "");
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
    testTimeout: 60_000,
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
        transform: (_, id) =>
          id.split("?")[0] === target ? { code: switchable(readFileSync(target, "utf8")).code } : null,
      },
    ],
  },
);
process.on("message", (order: Order) => void judge(order).then((answer) => process.send?.(answer)));
process.send?.("ready");

async function judge({ mutant, files, covered }: Order): Promise<Answer> {
  vitest.getRootProject().provide("mutant", mutant);
  vitest.getRootProject().provide("covered", covered);
  const specs = (await vitest.globTestSpecifications()).filter((s) => files.includes(s.moduleId));
  // What earlier runs left would count as failures of this one.
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const start = performance.now();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specs);
  const ok = unhandledErrors.length === 0 && testModules.length === files.length && testModules.every((m) => m.ok());
  return { ok, ms: performance.now() - start };
}
