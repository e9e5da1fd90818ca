/** The hash chain of a workspace's log: each event's hash covers the one before it, so history cannot be changed unseen. */
import { createHash } from "node:crypto";
import type { Event, StoredEvent } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Row } from "./store.ts";

export const genesis = "0".repeat(64);

/** JSON with sorted keys and no white space (RFC 8785 for the plain values that events hold). */
export function canonical(value: Plain | undefined): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "object") return JSON.stringify(value);
  // Text is added up piece by piece: lists of pieces cost twice the time, and every event passes through here.
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? canonical(item) : `,${canonical(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const item = value[key];
    if (item !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${canonical(item)}`;
  }
  return `{${text}}`;
}

/** Keys are few and come again and again. */
const keys = new Map<string, string>();
function quoted(key: string): string {
  let text = keys.get(key);
  if (text === undefined) {
    text = JSON.stringify(key);
    if (keys.size < 10_000) keys.set(key, text);
  }
  return text;
}

/** SHA-256 over the previous hash and the event's canonical JSON, in hex. */
export function chainHash(previous: string, event: Omit<Row<"event">, "hash">): string {
  const { seq, streamKind, streamId, version, type, at, due, actor, cause, data } = event;
  return createHash("sha256")
    .update(previous)
    .update(
      canonical({
        seq,
        streamKind,
        streamId,
        version,
        type,
        at,
        due: due ?? null,
        actor: actor as Plain,
        cause: cause ?? null,
        data,
      }),
    )
    .digest("hex");
}

/** Numbers events from `head` on and chains them. Returns the rows and the new head. */
export function chain(
  workspaceId: string,
  head: { seq: number; hash: string },
  events: readonly Event[],
): { rows: Row<"event">[]; head: { seq: number; hash: string } } {
  let { seq, hash } = head;
  const rows = events.map((event) => {
    const row = {
      workspaceId,
      seq: ++seq,
      streamKind: event.stream.kind,
      streamId: event.stream.id,
      version: event.version,
      type: event.type,
      at: event.at,
      due: event.due ?? null,
      actor: event.actor,
      cause: event.cause,
      data: event.data as Plain,
    };
    hash = chainHash(hash, row);
    return { ...row, hash };
  });
  return { rows, head: { seq, hash } };
}

export const storedEvent = (row: Row<"event">): StoredEvent =>
  ({
    workspaceId: row.workspaceId,
    seq: row.seq,
    hash: row.hash,
    type: row.type,
    stream: { kind: row.streamKind, id: row.streamId },
    version: row.version,
    at: row.at,
    ...(row.due != null && { due: row.due }),
    actor: row.actor,
    cause: row.cause ?? null,
    data: row.data,
  }) as StoredEvent;
