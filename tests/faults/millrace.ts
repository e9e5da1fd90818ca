/** The shipped server and command line as processes of their own, which can be killed at any instant. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export { chanceFrom } from "../support/chance.ts";

const root = path.resolve(import.meta.dirname, "../..");
// The test runner sets a BASE_URL of its own, which is none for a server.
const { BASE_URL: _, ...surroundings } = process.env;

export type Ending = { code: number | null; signal: NodeJS.Signals | null; ms: number };
export type Running = {
  url: string;
  pid: number;
  /** Resolves when it answers; rejects with what it printed when it ends before. */
  healthy(): Promise<void>;
  /** `kill -9`, and until the process is gone. */
  kill(): Promise<Ending>;
  /** SIGTERM, and until it has ended by itself. */
  stop(): Promise<Ending>;
  /** Until it has ended by itself. */
  ended(): Promise<Ending>;
  said(): string;
};

export function launch({
  data,
  port,
  demo = false,
  env = {},
}: {
  data: string;
  port: number;
  demo?: boolean;
  env?: Record<string, string>;
}): Running {
  const child = spawn(process.execPath, ["--enable-source-maps", "dist/main.js", ...(demo ? ["--demo"] : [])], {
    cwd: root,
    env: { ...surroundings, NODE_ENV: "production", MILLRACE_DATA: data, PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const end = new Promise<Omit<Ending, "ms">>((done) =>
    child.once("close", (code, signal) => {
      running.delete(child);
      done({ code, signal });
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const send = async (signal: NodeJS.Signals) => {
    const begun = performance.now();
    child.kill(signal);
    return { ...(await end), ms: performance.now() - begun };
  };
  return {
    url,
    pid: child.pid ?? 0,
    async healthy() {
      while (!(await isUp(url))) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It did not start:\n${said}`);
        await sleep(20);
      }
    },
    kill: () => send("SIGKILL"),
    stop: () => send("SIGTERM"),
    ended: async () => ({ ...(await end), ms: 0 }),
    said: () => said,
  };
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

const isUp = (url: string) =>
  fetch(`${url}/api/health`).then(
    (answer) => answer.ok,
    () => false,
  );

/** `millrace …` on a data folder. `killAfter`: ms until it is killed. */
export function commandLine(
  data: string,
  words: string[],
  { killAfter, env = {} }: { killAfter?: number; env?: Record<string, string> } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ["server/cli/millrace.mjs", ...words],
      { cwd: root, env: { ...surroundings, MILLRACE_DATA: data, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (_, out, err) => done({ code: child.exitCode, out, err }),
    );
    if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
}

/** Chain, state and rows, as `millrace verify` sees them; throws what is wrong. Nobody may hold the data meanwhile. */
export async function verify(
  data: string,
  env: Record<string, string> = {},
): Promise<{ events: number; runs: number }> {
  const { code, out, err } = await commandLine(data, ["verify", "--json"], { env });
  const verdict = out ? (JSON.parse(out) as { ok: boolean; events: number; runs: number; problems: string[] }) : null;
  if (code !== 0 || !verdict?.ok) throw new Error(`verify: ${verdict?.problems.join("\n") ?? ""}\n${err}`);
  return verdict;
}

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export function folderOfItsOwn(): { folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-faults-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** The seed of this run: FAULTS_SEED, or a new one. */
export function seedOf(what: string): number {
  const seed = Number(process.env["FAULTS_SEED"] ?? Date.now() % 1_000_000);
  console.log(`${what}: FAULTS_SEED=${seed}`);
  return seed;
}
