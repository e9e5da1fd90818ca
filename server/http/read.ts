/** Reading what a request carries: strictly, and never more than its route allows (the front door checked the length). */
import type { IncomingMessage } from "node:http";
import type { z } from "zod";

const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/** A JSON body in the shape asked for; `text` says what is wrong otherwise. */
export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  shape: S,
): Promise<{ ok: true; value: z.infer<S> } | { ok: false; text: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  let evil = false;
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString("utf8"), (key, value: unknown) => {
      if (forbiddenKeys.has(key)) evil = true;
      return value;
    });
  } catch {
    return { ok: false, text: "The request is not JSON. Nothing was changed." };
  }
  if (evil) return { ok: false, text: "The request has a key that is never allowed. Nothing was changed." };
  const read = shape.safeParse(body);
  if (read.success) return { ok: true, value: read.data };
  const issue = read.error.issues[0];
  return {
    ok: false,
    text: `The request is not valid${issue?.path.length ? ` at ${issue.path.join(".")}` : ""}: ${issue?.message ?? "unknown"}. Nothing was changed.`,
  };
}

/** Node's headers as the web's. */
export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}
