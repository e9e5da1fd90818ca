/** One shape for every answer that is a refusal: a code for programs, a sentence for people, an id for the log. */
import type { ServerResponse } from "node:http";

export type RefusalBody = { code: string; text: string; id: string };

export function refuse(
  response: ServerResponse,
  status: number,
  body: RefusalBody,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(
    response,
    status,
    { error: body },
    status === 413 || status === 411 ? { ...headers, connection: "close" } : headers,
  );
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
