/** The real services and front door on a free port with a folder of their own; only the pages are a line of text. */
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { apiRoutes } from "@/server/api/routes.ts";
import { frontDoor } from "@/server/http/front-door.ts";
import { readAddress } from "@/server/http/hosts.ts";
import { boot, type Services } from "@/server/runtime/boot.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { idMaker, newNonce } from "@/server/runtime/ids.ts";
import { openLog } from "@/server/runtime/log.ts";
import { cheapPasswords } from "./cheap-passwords.ts";

export type TestServer = {
  url: string;
  port: number;
  services: Services;
  lines: string[];
  seen: http.IncomingMessage[];
};
export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** Started once a test file; stopped when it ends. `lines` are what the log wrote, `seen` what reached the pages. */
export async function startServer(): Promise<TestServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-server-"));
  const lines: string[] = [];
  const seen: http.IncomingMessage[] = [];
  const log = openLog("info", (line) => lines.push(line));
  const server = http.createServer();
  const port = await new Promise<number>((listening) => server.listen(0, "127.0.0.1", () => listening(portOf(server))));
  const read = readAddress({ PORT: String(port) });
  if (!read.ok) throw new Error(read.text);
  const services = await boot({
    folder,
    demo: false,
    version: "1.2.3",
    address: read.address,
    log,
    say: () => {},
    passwordCost: cheapPasswords,
  });
  const routes = apiRoutes(services, read.address);
  const pages = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    seen.push(request);
    response.end("page");
  };
  const door = frontDoor({
    address: read.address,
    dev: false,
    version: "1.2.3",
    log,
    newId: idMaker(machineClock.now),
    newNonce,
    ready: () => ({ routes, pages }),
  });
  server.on("request", (request, response) => void door(request, response));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await services.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { url: `http://127.0.0.1:${port}`, port, services, lines, seen };
}

/** A request as it is written, without what `fetch` would add or forbid (Host, Origin, Content-Length). */
export function ask(
  server: TestServer,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((answered, failed) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port: server.port,
        method,
        path: target,
        headers: { ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }), ...headers },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => answered({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    request.on("error", failed);
    request.end(body);
  });
}

function portOf(server: http.Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server does not listen.");
  return address.port;
}
