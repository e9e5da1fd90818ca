/** The server: one Node process that answers /api itself and hands pages to Next. `--demo` seeds the demo workspace. */
import http, { type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { readFileSync } from "node:fs";
import path from "node:path";
import next from "next";
import { reserveOf } from "@/db/disk.ts";
import { apiRoutes } from "./api/routes.ts";
import { readInnerNetwork } from "./effects/inner-network.ts";
import { frontDoor } from "./http/front-door.ts";
import { type Address, readAddress } from "./http/hosts.ts";
import { boot, type Services } from "./runtime/boot.ts";
import { idMaker, newNonce } from "./runtime/ids.ts";
import { machineClock } from "./runtime/clock.ts";
import { openLog } from "./runtime/log.ts";
import { dataFolder } from "./runtime/data-folder.ts";
import { provide } from "./runtime/services.ts";

const dev = process.env.NODE_ENV !== "production";
const demo = process.argv.includes("--demo");
const log = openLog(process.env["MILLRACE_LOG"] ?? "warn");
const version = readVersion();

process.env["NEXT_TELEMETRY_DISABLED"] ??= "1";
await serve();

async function serve(): Promise<void> {
  const read = readAddress({ HOST: process.env["HOST"], PORT: process.env["PORT"], BASE_URL: process.env["BASE_URL"] });
  if (!read.ok) return giveUp(read.text);
  const { address } = read;

  let opened: {
    services: Services;
    routes: ReturnType<typeof apiRoutes>;
    pages: ReturnType<ReturnType<typeof next>["getRequestHandler"]>;
  } | null = null;
  const door = frontDoor({
    address,
    dev,
    version,
    log,
    newId: idMaker(machineClock.now),
    newNonce,
    ready: () => opened,
  });
  const sockets = new Set<Socket>();
  const streams = new Set<ServerResponse>();
  // Next hangs its own `upgrade` listener on the server it is given; it gets this one, which never listens.
  const decoy = new http.Server();
  const server = http.createServer((request, response) => {
    streams.add(response);
    response.once("close", () => streams.delete(response));
    void door(request, response);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => {
    const reload = dev && address.hosts.has(request.headers.host ?? "") && request.url?.startsWith("/_next/");
    if (reload) decoy.emit("upgrade", request, socket, head);
    else socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
  });

  const listening = await listen(server, address);
  if (!listening.ok) return giveUp(listening.text);
  // Asked to stop while still starting: finish opening nothing more, leave.
  let stopping = false;
  const app = next({ dev, hostname: address.host, port: address.port, httpServer: decoy, dir: process.cwd() });
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const gone = new Promise<void>((done) => server.close(() => done()));
    for (const response of streams)
      if (String(response.getHeader("content-type") ?? "").startsWith("text/event-stream")) response.end();
    server.closeIdleConnections();
    const late = setTimeout(
      () => {
        for (const socket of sockets) socket.destroy();
      },
      dev ? 0 : 3000,
    );
    await gone;
    clearTimeout(late);
    await opened?.services.close();
    await app.close().catch(() => {});
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());

  try {
    const folder = dataFolder({ MILLRACE_DATA: process.env["MILLRACE_DATA"] });
    const services = await boot({
      folder,
      databaseUrl: process.env["DATABASE_URL"],
      demo,
      version,
      log,
      address,
      reserve: reserveOf(process.env["MILLRACE_RESERVE"]),
      mail: { url: process.env["MILLRACE_SMTP_URL"], from: process.env["MILLRACE_MAIL_FROM"] },
      callInside: readInnerNetwork(process.env["MILLRACE_CALL_INSIDE"]),
      callLoopback: process.env["MILLRACE_CALL_LOOPBACK"] === "1",
      say: (line) => console.log(line),
    });
    provide(services);
    await app.prepare();
    opened = { services, routes: apiRoutes(services, address), pages: app.getRequestHandler() };
    services.start();
    console.log(await welcome(services, address));
  } catch (error) {
    log.info("the server could not start", { error });
    giveUp(error instanceof Error ? error.message : String(error));
  }
}

function listen(server: http.Server, address: Address): Promise<{ ok: true } | { ok: false; text: string }> {
  return new Promise((done) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        return done({
          ok: false,
          text: `Port ${address.port} is taken, perhaps by another Millrace. Stop that program, or start with another port: PORT=${address.port + 1} npm start`,
        });
      done({ ok: false, text: `The server cannot listen on ${address.host}:${address.port}: ${error.message}.` });
    });
    server.listen(address.port, address.host, () => done({ ok: true }));
  });
}

/** What the person at the terminal reads when all is ready. */
async function welcome(services: Services, address: Address): Promise<string> {
  const lines = ["", `  Millrace ${version} is ready: ${address.baseUrl}`];
  for (const line of await services.signIns()) lines.push(`  ${line}`);
  lines.push("  Stop it with Ctrl-C.", "");
  return lines.join("\n");
}

function giveUp(text: string): void {
  console.error(text);
  process.exit(1);
}

function readVersion(): string {
  const read: unknown = JSON.parse(readFileSync(path.join(process.cwd(), "package.json"), "utf8"));
  return typeof read === "object" && read !== null && "version" in read ? String(read.version) : "0";
}
