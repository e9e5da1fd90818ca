/** Builds the pages (.next) and the server (dist/main.js). Skips both when nothing they are made of has changed. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";

const stamp = path.join(root, "dist", "built-from");
const sources = ["app", "components", "server", "db", "messages", "i18n", "types", "public"];
const settings = ["next.config.js", "postcss.config.mjs", "tsconfig.json", "package-lock.json", "scripts/build.mjs"];
const outputs = ["dist/main.js", ".next/BUILD_ID"];

/** Builds when a source differs from the last build's. Ends the process when a part could not be built. */
export async function build({ force = false } = {}) {
  const now = fingerprint();
  if (
    !force &&
    outputs.every((file) => existsSync(path.join(root, file))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === now
  )
    return;
  console.log("Building (about half a minute) …");
  rmSync(stamp, { force: true });
  run("the pages", "next/dist/bin/next", ["build"]);
  await bundle();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** One number for the content of every file a build is made of. Tests are no part of it. */
function fingerprint() {
  const hash = createHash("sha256");
  const add = (file) =>
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  for (const folder of sources) {
    if (!existsSync(path.join(root, folder))) continue;
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    for (const file of files.sort()) add(file);
  }
  for (const file of settings) if (existsSync(path.join(root, file))) add(file);
  return hash.digest("hex");
}

/** Every server entry: the front door and the command line. Packages stay outside; threads are bundled beside them. */
async function bundle() {
  const entryPoints = ["server/main.ts", "server/cli/millrace.ts", ...threads("server")].filter((file) =>
    existsSync(path.join(root, file)),
  );
  await put({ entryPoints, outdir: "dist", outbase: "server" }, "the server");
  await put({ entryPoints: threads("db"), outdir: "dist", outbase: "db" }, "the store's threads");
}

/** The benchmarks, put together as the server is: what is measured is what runs. */
export const bundleBench = () => put({ entryPoints: ["bench/main.ts"], outfile: "dist/bench.js" }, "the benchmarks");

async function put(what, name) {
  // Only now: on a bare machine esbuild was installed a moment ago.
  const esbuild = await import("esbuild");
  try {
    await esbuild.build({
      ...what,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      packages: "external",
      sourcemap: true,
      absWorkingDir: root,
      logLevel: "warning",
    });
  } catch {
    fail(name);
  } finally {
    await esbuild.stop();
  }
}

/** Worker threads are files of their own, by their name: `*.thread.ts`. */
function threads(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(".thread.ts"))
    .map((file) => path.join(folder, file));
}

function run(what, bin, args) {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const done = spawnSync(process.execPath, [path.join(root, "node_modules", bin), ...args], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  if (done.status !== 0) fail(what);
}

function fail(what) {
  console.error(
    `Building ${what} failed, so the product was not started; the lines above say why. Data was not touched.`,
  );
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await build({ force: true });
