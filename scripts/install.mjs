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
    .digest("hex");
  // Compiled packages belong to one binary interface of Node: another major version needs them made anew.
  const now = `${process.versions.modules} ${lock}`;
  const before = existsSync(stamp) ? readFileSync(stamp, "utf8") : null;
  if (before === now && complete()) return;
  const sameNode = before === null || before.startsWith(`${process.versions.modules} `);
  if (sameNode && complete() && sameAsLock()) {
    writeFileSync(stamp, now);
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
  writeFileSync(stamp, now);
}

const complete = () => packages.every((name) => existsSync(path.join(root, "node_modules", name, "package.json")));

/** npm writes down what it installed. A node_modules brought up to date by hand needs no second installation. */
function sameAsLock() {
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const [wanted, found] = [path.join(root, "package-lock.json"), installed].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages,
  );
  const strange = Object.keys(found).some((name) => found[name].version !== wanted[name]?.version);
  const missing = Object.keys(wanted).some(
    (name) => name !== "" && !found[name] && !wanted[name].optional && !wanted[name].devOptional,
  );
  return !strange && !missing;
}
