/** `npm run bench`: speed as ratios, each beside its limit or peer in the same run. `-- --json` prints a list; names pick parts. */
import { spawnSync } from "node:child_process";
import { install, needNode } from "./install.mjs";
import { root } from "./root.mjs";
import { serverFlags } from "./server-flags.mjs";

needNode();
install();
// What building prints goes beside the figures, not among them.
const built = spawnSync(
  process.execPath,
  [
    "--input-type=module",
    "-e",
    'import("./scripts/build.mjs").then(({ build, bundleBench }) => build().then(bundleBench))',
  ],
  { cwd: root, stdio: ["inherit", process.stderr, "inherit"] },
);
if (built.status !== 0) process.exit(1);
// As a server runs; and what a run takes in memory is counted between two collections.
const flags = [...serverFlags, "--expose-gc"];
const { status } = spawnSync(process.execPath, [...flags, "dist/bench.js", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
