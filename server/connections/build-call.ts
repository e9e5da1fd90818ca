/** A call as it goes out: the engine's request, the connection it goes by, and what proves that it is us. */
import type { Call } from "@/server/effects/guarded-http.ts";
import type { ApiConfig, ConnectionConfig } from "@/server/engine/connection.ts";
import type { Outgoing } from "@/server/engine/events.ts";
import { compile, textOf, toFeel } from "@/server/engine/expression/index.ts";
import { partsOfText } from "@/server/engine/expression/text.ts";
import type { Plain, Values } from "@/server/engine/model.ts";
import { plainOf } from "@/server/engine/turn.ts";
import { signed } from "./signature.ts";

export type CallEffect = Exclude<Outgoing, { kind: "mail" }>;
/** A connection with its secret opened; null while it has none. */
export type OpenConnection = {
  id: string;
  key: string;
  name: string;
  host: string;
  config: ConnectionConfig;
  secret: string | null;
};
export type Built = { ok: true; call: Call; expect: readonly number[] | null } | { ok: false; text: string };

/** Headers that are ours to set: they say where a call goes, how it is cut, or who we are. */
const ours = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "authorization",
  "cookie",
  "idempotency-key",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
]);

/** The connection an effect goes by: the named one, else the one of its host. */
export function connectionFor(
  effect: CallEffect,
  connections: readonly OpenConnection[],
): OpenConnection | { text: string } {
  const key = effect.kind === "connector" ? effect.connector : effect.connection;
  const kind = effect.kind === "chat" ? "chat" : "api";
  if (key !== undefined) {
    const named = connections.find((one) => one.key === key);
    return named?.config.kind === kind
      ? named
      : { text: `“${key}” is not connected, so nothing was done there. Connect it or take the step out, then retry.` };
  }
  const host = effect.kind === "http" && URL.canParse(effect.url) ? new URL(effect.url).host : "";
  return (
    connections.find((one) => one.config.kind === "api" && one.host === host) ?? {
      text: `No connection allows calls to ${host || "this address"}, so nothing was sent. Add one in the settings, then retry.`,
    }
  );
}

/** `key`: the idempotency key, the same on each try. `at`: now, for the signature. */
export function buildCall(effect: CallEffect, by: OpenConnection, { key, at }: { key: string; at: number }): Built {
  if (effect.kind === "chat") return chatCall(effect.text, by, key);
  if (by.config.kind !== "api") return { ok: false, text: `“${by.name}” cannot be called, so nothing was sent.` };
  if (by.config.auth.how !== "none" && by.secret === null)
    return { ok: false, text: `“${by.name}” has no secret, so nothing was sent. Save it in the settings, then retry.` };
  const asked = effect.kind === "http" ? httpRequest(effect) : operationRequest(effect, by.config);
  if ("text" in asked) return { ok: false, text: asked.text };
  const url = addressOf(by.config, asked.path);
  if (!url || url.host !== by.host)
    return { ok: false, text: `“${asked.path.slice(0, 200)}” is no address of “${by.name}”, so nothing was sent.` };
  const wrong = Object.keys(asked.headers).find((name) => ours.has(name.toLowerCase()));
  if (wrong)
    return { ok: false, text: `The header ${wrong} is set by the connection, so nothing was sent. Take it out.` };
  const body = asked.body === null || asked.method === "GET" ? null : JSON.stringify(asked.body);
  return {
    ok: true,
    expect: asked.expect,
    call: {
      method: asked.method,
      url: url.href,
      headers: {
        ...(body !== null && { "content-type": "application/json" }),
        ...asked.headers,
        "idempotency-key": key,
      },
      credentials: credentialsOf(by.config, by.secret ?? "", { key, at, body: body ?? "" }),
      body,
    },
  };
}

type Asked = {
  method: Call["method"];
  path: string;
  headers: Record<string, string>;
  body: Plain;
  expect: readonly number[] | null;
};

const methods = new Map<string, Call["method"]>(
  (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).map((method) => [method, method]),
);

const httpRequest = ({ method, url, headers = {}, body, expect }: Extract<CallEffect, { kind: "http" }>): Asked => ({
  method: methods.get(method) ?? "POST",
  path: url,
  headers,
  body,
  expect: expect ?? null,
});

/** What the connection says of the operation; words it does not know go to its base, with the record. */
function operationRequest(
  { operation, values }: Extract<CallEffect, { kind: "connector" }>,
  config: ApiConfig,
): Asked | { text: string } {
  const plain = { headers: {}, expect: null };
  const known = Object.hasOwn(config.operations, operation) ? config.operations[operation] : undefined;
  if (!known) return { ...plain, method: "POST", path: "", body: { operation, record: values } };
  const path = filled(known.path, values);
  if (path === null)
    return { text: `The path of the operation “${operation}” cannot be worked out, so nothing was sent.` };
  const body = known.body?.trim() ? worked(known.body, values) : values;
  if (body === undefined)
    return { text: `The body of the operation “${operation}” cannot be worked out, so nothing was sent.` };
  return { ...plain, method: known.method, path, body };
}

const scopeOf = (values: Values) => {
  const record = toFeel(values);
  return { now: 0, zone: "UTC", get: (name: string) => (name === "record" ? record : undefined) };
};

function worked(text: string, values: Values): Plain | undefined {
  const compiled = compile(text);
  const result = compiled.ok ? compiled.expression.evaluate(scopeOf(values)) : null;
  return result && !result.error ? plainOf(result.value) : undefined;
}

function filled(text: string, values: Values): string | null {
  let path = "";
  for (const part of partsOfText(text)) {
    if ("text" in part) {
      path += part.text;
      continue;
    }
    const compiled = compile(part.feel);
    const result = compiled.ok ? compiled.expression.evaluate(scopeOf(values)) : null;
    if (!result || result.error || result.value === null) return null;
    path += encodeURIComponent(typeof result.value === "string" ? result.value : textOf(result.value));
  }
  return path;
}

/** A path below the base, or a whole address of the same origin. Steps upwards lead nowhere outside the base. */
function addressOf({ base }: ApiConfig, path: string): URL | null {
  const root = new URL(base);
  const below = root.pathname.replace(/\/$/, "");
  const text = path === "" || path.startsWith("/") ? `${root.origin}${below}${path || (below ? "" : "/")}` : path;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const inside = url.pathname === below || url.pathname.startsWith(`${below}/`);
  return url.origin === root.origin && inside ? url : null;
}

function credentialsOf(
  { auth }: ApiConfig,
  secret: string,
  { key, at, body }: { key: string; at: number; body: string },
): Record<string, string> {
  switch (auth.how) {
    case "none":
      return {};
    case "bearer":
      return { authorization: `Bearer ${secret}` };
    case "basic":
      return { authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString("base64")}` };
    case "header":
      return { [auth.name.toLowerCase()]: secret };
    case "signed":
      return signed(secret, { id: `msg_${key}`, at, body });
    default:
      return auth satisfies never;
  }
}

/** The address of a chat's webhook is its secret. */
function chatCall(text: string, by: OpenConnection, key: string): Built {
  if (by.config.kind !== "chat") return { ok: false, text: `“${by.name}” takes no messages, so nothing was sent.` };
  const url = by.secret !== null && URL.canParse(by.secret) ? new URL(by.secret) : null;
  if (!url || url.host !== by.host)
    return {
      ok: false,
      text: `“${by.name}” has no address, so nothing was sent. Save it in the settings, then retry.`,
    };
  return {
    ok: true,
    expect: null,
    call: {
      method: "POST",
      url: url.href,
      headers: { "content-type": "application/json", "idempotency-key": key },
      credentials: {},
      body: JSON.stringify(chatMessage(by.config.style, text)),
    },
  };
}

/** The text in the form each chat takes, so that nothing a record holds becomes a mention of everybody. */
function chatMessage(style: "slack" | "teams" | "google", text: string): Plain {
  switch (style) {
    case "slack":
      return { text: text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") };
    case "google":
      return { text: text.replaceAll("<", "‹").replaceAll(">", "›") };
    case "teams":
      return {
        type: "message",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: {
              $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
              type: "AdaptiveCard",
              version: "1.4",
              body: [{ type: "TextBlock", text, wrap: true }],
            },
          },
        ],
      };
    default:
      return style satisfies never;
  }
}
