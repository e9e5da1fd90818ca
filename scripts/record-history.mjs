/** Records golden histories of this release: runs the stories whose databases are kept, and writes down what they say. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

/** One run of each template and of each pattern, and what operators do. */
const stories = [
  "workflow-patterns",
  "errors-and-moves",
  "decision-tables",
  "inbound-lead",
  "opportunity-to-close",
  "other-templates",
  "migration",
  "incident",
  "suspended",
  "recompute",
  "first-loop",
];

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const folder = path.join(root, "tests/golden", version);
if (existsSync(folder)) {
  console.error(`${folder} is there. What a release recorded is never recorded again; raise the version first.`);
  process.exit(1);
}
mkdirSync(folder);
const vitest = (args, env) =>
  spawnSync(path.join(root, "node_modules/.bin/vitest"), ["run", ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  }).status;
const files = stories.map((story) => `tests/stories/${story}.test.ts`);
const status =
  vitest([...files, "-t", "SQLite"], { RECORD_HISTORY: folder }) ||
  vitest(["tests/golden", "-t", "history of release"], { RECORD_FIGURES: version });
process.exit(status ?? 1);
