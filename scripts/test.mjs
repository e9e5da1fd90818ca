/**
 * `npm test`: everything that must hold before a change goes in, from a bare checkout. `--long` runs the deep loops too;
 * `--only=unit,e2e` runs some sections. The last line is always `N passed, N failed`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { needBrowser } from "./browser.mjs";
import { install, needNode } from "./install.mjs";
import { root } from "./root.mjs";

const long = process.argv.includes("--long");
const only = process.argv
  .find((arg) => arg.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");
const started = Date.now();
const totals = { passed: 0, failed: 0 };
const failures = [];

needNode();
install();
const results = mkdtempSync(path.join(tmpdir(), "millrace-test-"));
const bin = (name) => path.join(root, "node_modules", ".bin", name);

await check("format", bin("biome"), ["format", "."]);
await check("lint", bin("oxlint"), ["--type-aware", "--deny-warnings", "--quiet"], linted);
for (const folder of [".next/types", ".next/dev/types"])
  rmSync(path.join(root, folder), { recursive: true, force: true });
await check("types", bin("tsc"), ["--noEmit"]);
await check("boundaries", process.execPath, ["scripts/check-boundaries.mjs"]);
await check("messages", process.execPath, ["scripts/check-messages.mjs"]);
await check("migrations", process.execPath, ["scripts/check-migrations.mjs"]);
await check("unused", bin("knip"), ["--no-progress"]);
await tests("unit", bin("vitest"), ["run", "--reporter=default", "--reporter=json"], vitestCounts);
await check("build", process.execPath, ["scripts/build.mjs"]);
await browserTests();
if (
  existsSync(path.join(root, "tests/faults")) &&
  readdirSync(path.join(root, "tests/faults")).some((name) => name.endsWith(".test.ts"))
) {
  await tests(
    "faults",
    bin("vitest"),
    ["run", "--config", "tests/faults/vitest.config.ts", "--reporter=default", "--reporter=json"],
    vitestCounts,
  );
}

rmSync(results, { recursive: true, force: true });
for (const line of failures) console.log(`failed: ${line}`);
console.log(`${Math.round((Date.now() - started) / 1000)} s in all`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

/** A section that counts as one: it holds or it does not. `look` may find fault with what it printed. */
async function check(name, command, args, look = () => true) {
  if (only && !only.includes(name)) return;
  const { code, output, seconds } = await run(name, command, args);
  const good = code === 0 && look(output);
  totals[good ? "passed" : "failed"]++;
  if (!good) failures.push(name);
  console.log(`   ${name}: ${good ? "passed" : "FAILED"} (${seconds} s)`);
}

/** A section whose tests count one by one, read from the runner's own report. No report, or none run, is a failure. */
async function tests(name, command, args, read, env = {}) {
  if (only && !only.includes(name)) return;
  const file = path.join(results, `${name}.json`);
  const given = read === vitestCounts ? [...args, `--outputFile.json=${file}`] : args;
  const { code, seconds } = await run(name, command, given, {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const counts = existsSync(file) ? read(JSON.parse(readFileSync(file, "utf8"))) : { passed: 0, failed: 0 };
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  if (counts.failed) failures.push(`${name} (${counts.failed})`);
  console.log(`   ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
}

async function browserTests() {
  if (only && !only.includes("e2e")) return;
  const browser = needBrowser();
  if (!browser) {
    totals.failed++;
    failures.push("e2e (no browser)");
    return;
  }
  const empty = await freePort();
  let demo = await freePort();
  // Walks that start a server of their own take the ports right after the first.
  while (Math.abs(demo - empty) < 10) demo = await freePort();
  await tests("e2e", bin("playwright"), ["test"], playwrightCounts, {
    CHROMIUM: browser,
    E2E_PORT: String(empty),
    E2E_DEMO_PORT: String(demo),
    E2E_DATA: path.join(results, "e2e"),
  });
}

function run(name, command, args, env = {}) {
  console.log(`\n== ${name}`);
  const begun = Date.now();
  mkdirSync(results, { recursive: true });
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...(long && { TEST_LONG: "1" }), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on("data", (chunk) => {
        output += chunk;
        to.write(chunk);
      });
    }
    child.on("error", (error) => console.error(error.message));
    child.on("close", (code) => done({ code: code ?? 1, output, seconds: ((Date.now() - begun) / 1000).toFixed(1) }));
  });
}

/** A linter that read no file passes too: ask it how many it would read. */
function linted() {
  const listed = spawnSync(bin("oxlint"), ["--debug=files"], { cwd: root, encoding: "utf8" });
  const files = listed.stdout.split("\n").filter((line) => /\.(ts|tsx)\b/.test(line)).length;
  if (files > 0) return true;
  console.error("The linter read no file.");
  return false;
}

/** A file that failed before its first test counts as one failure. */
function vitestCounts(report) {
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.testResults.filter(
        (file) => file.status === "failed" && file.assertionResults.every((one) => one.status !== "failed"),
      ).length,
  };
}

function playwrightCounts(report) {
  const { expected = 0, unexpected = 0, flaky = 0 } = report.stats ?? {};
  return { passed: expected, failed: unexpected + flaky + (report.errors?.length ?? 0) };
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
