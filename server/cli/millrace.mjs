#!/usr/bin/env node
/** `npx millrace …`: runs the built command line when it is as new as its sources, else the sources. */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const built = path.join(root, "dist", "cli", "millrace.js");
const entry = isFresh() ? built : path.join(root, "server", "cli", "millrace.ts");

if (entry !== built) {
  if (!existsSync(path.join(root, "node_modules", "tsx"))) {
    console.error("Millrace is not installed yet. Run npm install in its folder, then the same command again.");
    process.exit(1);
  }
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: path.join(root, "tsconfig.json") });
}
const { millrace } = await import(pathToFileURL(entry).href);
process.exitCode = await millrace(process.argv.slice(2), {
  say: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
});

/** Built, and nothing it was made of has changed since. */
function isFresh() {
  if (!existsSync(built)) return false;
  const since = statSync(built).mtimeMs;
  return ["server", "db"].every((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).every(
      (file) =>
        !file.isFile() ||
        !file.name.endsWith(".ts") ||
        statSync(path.join(file.parentPath, file.name)).mtimeMs <= since,
    ),
  );
}
