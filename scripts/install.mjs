/** Brings node_modules in line with package-lock.json, and says so while it works. Does nothing when they already agree. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

const stamp = path.join(root, "node_modules", ".millrace-lock");
const packages = ["next", "better-sqlite3", "esbuild", "vitest"];

/** Ends the process with one sentence when this Node is too old to run the product. */
export function needNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Millrace needs Node 20.19 or newer, and this is ${process.versions.node}. Install a newer Node and try again.`,
  );
  process.exit(1);
}

/** Installs what the lock names. Returns when node_modules is complete; ends the process when npm could not. */
export function install() {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .update(process.versions.modules)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock && complete()) return;
  if (!existsSync(stamp) && complete() && npmAgrees()) {
    writeFileSync(stamp, lock);
    return;
  }
  console.log("Installing packages (the first time takes a minute or two) …");
  const npm = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=http"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    console.error(
      "The packages could not be installed; nothing else was changed. Read npm's last lines above, then run the same command again.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const complete = () => packages.every((name) => existsSync(path.join(root, "node_modules", name, "package.json")));

/** A node_modules made by hand (npm install) is as good when npm finds nothing missing or wrong in it. */
function npmAgrees() {
  return (
    spawnSync("npm", ["ls", "--all", "--loglevel=silent"], {
      cwd: root,
      stdio: "ignore",
      shell: process.platform === "win32",
    }).status === 0
  );
}
