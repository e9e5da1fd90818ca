/** Starts the built server as a child for scripts that need one (pictures, benchmarks), and stops it again. */
import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "./root.mjs";
import { serverFlags } from "./server-flags.mjs";

/** Resolves when it answers (`sameHealth: false`: another server answers on that port, so only its end counts); `stop` resolves when it has ended. Rejects with what it printed when it does not start. */
export async function startServer({ data, port, demo = false, env = {}, sameHealth = true }) {
  const given = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    MILLRACE_DATA: data,
    PORT: String(port),
    ...env,
  };
  const child = spawn(
    process.execPath,
    [...serverFlags, path.join(root, "dist/main.js"), ...(demo ? ["--demo"] : [])],
    { cwd: root, env: given, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const ended = new Promise((done) => child.once("exit", done));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server did not start:\n${said}`);
    const healthy =
      sameHealth &&
      (await fetch(`${url}/api/health`).then(
        (answer) => answer.ok,
        () => false,
      ));
    if (healthy) break;
    await new Promise((later) => setTimeout(later, 100));
  }
  return {
    url,
    pid: child.pid,
    said: () => said,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Signs in over HTTP; answers the cookie as `name=value`. */
export async function signIn(url, email, password) {
  const answer = await fetch(`${url}/api/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`${email} cannot sign in: ${await answer.text()}`);
  return answer.headers.getSetCookie()[0].split(";")[0];
}

/** Sets an empty server up; answers the owner's cookie. */
export async function setUp(url, owner) {
  const answer = await fetch(`${url}/api/auth/set-up`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(owner),
  });
  if (!answer.ok) throw new Error(`The server could not be set up: ${await answer.text()}`);
  return answer.headers.getSetCookie()[0].split(";")[0];
}
