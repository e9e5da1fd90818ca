/** One harmless call by a connection, to see whether it would work. */
import { type Built, buildCall, type OpenConnection } from "@/server/connections/build-call.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { guardedCall } from "./guarded-http.ts";
import { type Calls, guardOf, outcomeOf } from "./make-call.ts";

const words = {
  en: "This is the test you asked for. Messages from Millrace reach this chat.",
  vi: "Đây là thư thử bạn yêu cầu. Tin nhắn từ Millrace đến được với kênh này.",
};

/** What the other side said. `status`: its HTTP status. */
export type Tested = { ok: true; status: number };

export async function testConnection(
  calls: Calls,
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
  const outcome = outcomeOf(answer, { call: built.call, by: connection, effect, expect: null });
  if (!outcome.ok) return refuse("UNAVAILABLE", outcome.text);
  return { ok: true, status: answer.ok ? answer.status : 0 };
}
