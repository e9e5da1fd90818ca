/** Builds what is out of date: these tests start `dist/main.js` as it is shipped. */
import { spawnSync } from "node:child_process";
import path from "node:path";

export default function setup(): void {
  const code = 'import("./scripts/build.mjs").then(({ build }) => build())';
  const built = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    stdio: "inherit",
  });
  if (built.status !== 0) throw new Error("The server could not be built, so it cannot be killed.");
}
