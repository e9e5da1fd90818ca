/** One harmless call by a connection, to see whether it would work. */
import { type Built, buildCall, type OpenConnection } from "@/server/connections/build-call.ts";
import { readJson } from "@/server/connections/read-json.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { guardedCall, isJson } from "./guarded-http.ts";
import { type Calls, guardOf, outcomeOf } from "./make-call.ts";

const words = {
  en: "This is the test you asked for. Messages from Millrace reach this chat.",
  vi: "Đây là thư thử bạn yêu cầu. Tin nhắn từ Millrace đến được với kênh này.",
};

/**
 * What the other side said. `status`: its HTTP status. `other`: what it says its answer is, where that is not JSON, which is all that
 * a process can read (empty where it does not say); null where it is JSON, or nothing.
 */
export type Tested = { ok: true; status: number; other: string | null };

export async function testConnection(
  calls: Pick<Calls, "guard">,
  connection: OpenConnection,
  { key, at, language }: { key: string; at: number; language: "en" | "vi" },
): Promise<Tested | Refusal> {
  const { config } = connection;
  if (config.kind === "hook")
    return refuse(
      "INVALID",
      "This connection only takes messages, so there is nothing to call. Send one to its address.",
    );
  const effect =
    config.kind === "chat"
      ? ({ kind: "chat", connection: connection.key, text: words[language] } as const)
      : ({ kind: "http", method: "GET", url: config.testPath ?? "", body: null, connection: connection.key } as const);
  const built: Built = buildCall(effect, connection, { key, at });
  if (!built.ok) return refuse("INVALID", built.text);
  const answer = await guardedCall(built.call, guardOf([connection], calls));
  if (config.kind === "api" && !answer.ok && answer.unread)
    return { ok: true, status: answer.unread.status, other: answer.unread.type };
  const outcome = outcomeOf(answer, { call: built.call, by: connection, effect, expect: null });
  if (!outcome.ok) return refuse("UNAVAILABLE", outcome.text);
  return answer.ok
    ? { ok: true, status: answer.status, other: config.kind === "api" ? otherThanJson(answer) : null }
    : { ok: true, status: 0, other: null };
}

const otherThanJson = ({ type, text }: { type: string; text: string }): string | null =>
  text.trim() === "" || (isJson(type) && readJson(text) !== undefined) ? null : type;
