/** One shape for every answer that is a refusal: a code for programs, a sentence for people, an id for the log. */
import type { ServerResponse } from "node:http";
import { sayIn } from "@/server/wording/say.ts";
import { chosenLanguage } from "./language.ts";

export type RefusalBody = { code: string; text: string; id: string };

/**
 * `path` says who asked: the procedures' client reads errors in its own wrapping, and shows the same sentence. It is said in
 * the language the browser chose; a program that comes with a key is answered in English.
 */
export function refuse(
  response: ServerResponse,
  status: number,
  { code, text, id }: RefusalBody,
  headers: Record<string, string> = {},
  path = "",
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { authorization, cookie } = response.req.headers;
  const say = sayIn((authorization === undefined && chosenLanguage(cookie)) || "en");
  const body: RefusalBody = { code, text: say(text), id };
  const wrapped = { json: { message: body.text, code: -32600, data: { ...body, httpStatus: status } } };
  // The body that was not read would be taken for the next request.
  const close: Record<string, string> = status === 413 || status === 411 ? { connection: "close" } : {};
  sendJson(response, status, { error: path.startsWith("/api/trpc/") ? wrapped : body }, { ...headers, ...close });
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
