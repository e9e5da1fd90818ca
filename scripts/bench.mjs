/** `npm run bench`: speed as ratios, each beside its limit or peer in the same run. `-- --json` prints a list. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { install, needNode } from "./install.mjs";
import { root } from "./root.mjs";

needNode();
install();
const { status } = spawnSync(path.join(root, "node_modules/.bin/tsx"), ["bench/main.ts", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
