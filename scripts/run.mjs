/** `npm start` and `npm run demo`: install what is missing, build what changed, then serve until stopped. */
import { spawn } from "node:child_process";
import path from "node:path";
import { build } from "./build.mjs";
import { install, needNode } from "./install.mjs";
import { root } from "./root.mjs";
import { serverFlags } from "./server-flags.mjs";

needNode();
install();
await build();

const demo = process.argv[2] === "demo";
const args = [...serverFlags, path.join(root, "dist", "main.js"), ...(demo ? ["--demo"] : [])];
const server = spawn(process.execPath, args, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
});

// A terminal sends Ctrl-C to both of us; a supervisor sends SIGTERM only to this process. The server decides when it is done.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => server.kill(signal === "SIGHUP" ? "SIGTERM" : signal));
// npm starts us through a shell, and neither hands a signal on: when npm is gone, nobody is left to stop us.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && server.kill("SIGTERM"), 500).unref();
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
