/** `npm run bench`: speed as ratios, each beside its limit or peer in the same run. `-- --json` prints a list; names pick parts. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { install, needNode } from "./install.mjs";
import { root } from "./root.mjs";
import { memoryFlag } from "./server-flags.mjs";

needNode();
install();
// What building prints goes beside the figures, not among them.
const built = spawnSync(
  process.execPath,
  ["--input-type=module", "-e", 'import("./scripts/build.mjs").then(({ build }) => build())'],
  { cwd: root, stdio: ["inherit", process.stderr, "inherit"] },
);
if (built.status !== 0) process.exit(1);
const { status } = spawnSync(path.join(root, "node_modules/.bin/tsx"), ["bench/main.ts", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  // As a server runs; and what a run takes in memory is counted between two collections.
  env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${memoryFlag} --expose-gc` },
});
process.exit(status ?? 1);
