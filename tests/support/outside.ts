/** Systems outside the house that really listen: what they were asked, and what they answer. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import type { Store } from "@/db/store.ts";
import { type ConnectionInput, saveConnection } from "@/server/commands/save-connection.ts";
import type { Calls } from "@/server/effects/make-call.ts";
import { sender } from "@/server/effects/send.ts";
import { openVault } from "@/server/runtime/vault.ts";
import type { Bench } from "../stories/bench.ts";

export type Asked = { method: string; path: string; headers: http.IncomingHttpHeaders; body: string };
type Says = { status?: number; type?: string; body?: unknown; headers?: Record<string, string> } | "nothing";
export type Outside = {
  url: string;
  host: string;
  asked: Asked[];
  answer: (say: (asked: Asked, n: number) => Says) => void;
};

/** Listens on a free port until the test file ends; answers 200 and `{}` unless told otherwise. */
export async function outside(): Promise<Outside> {
  const asked: Asked[] = [];
  let say: (one: Asked, n: number) => Says = () => ({});
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      const said = say(one, asked.length);
      if (said === "nothing") return;
      const { status = 200, type = "application/json", body = {}, headers = {} } = said;
      response.writeHead(status, { "content-type": type, ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, asked, answer: (next) => (say = next) };
}

/** Calls of a test: they may go to the machine itself, and do not wait long. */
export const testCalls = (): Calls => ({
  vault: openVault("the key of this test"),
  guard: { loopback: true, limits: { totalMs: 400, connectMs: 300 } },
});

export const sendingBy = (store: Store, calls: Calls) =>
  sender({ store, mail: null, baseUrl: "http://127.0.0.1:3000", calls });

/** Connects a bench to an outside system. */
export async function connect(
  bench: Bench,
  calls: Calls,
  input: Omit<ConnectionInput, "id" | "name"> & { id?: string | null; name?: string },
) {
  const saved = await saveConnection({ ...bench.engine, calls }, bench.ask(), { id: null, name: input.key, ...input });
  if (!saved.ok) throw new Error(saved.text);
  return saved;
}
