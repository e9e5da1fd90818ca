/**
 * Signed messages, in both directions alike: Standard Webhooks (standardwebhooks.com). The raw bytes `id.timestamp.body` under
 * HMAC-SHA256; `webhook-signature` lists `v1,<base64>`, several by spaces while a secret is exchanged.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** How far the sender's clock may be from ours. */
export const toleranceMs = 5 * 60_000;
const prefix = "whsec_";

/** The bytes of a secret: what follows `whsec_` is base64; any other text counts as it stands. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), "base64") : Buffer.from(secret, "utf8");

const digest = (secret: string, id: string, seconds: string, body: Buffer): Buffer =>
  createHmac("sha256", keyOf(secret)).update(`${id}.${seconds}.`).update(body).digest();

/** The three headers of a message that leaves at `at` (ms). */
export function signed(
  secret: string,
  { id, at, body }: { id: string; at: number; body: string },
): Record<string, string> {
  const seconds = String(Math.floor(at / 1000));
  const signature = digest(secret, id, seconds, Buffer.from(body, "utf8")).toString("base64");
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": `v1,${signature}` };
}

/**
 * Whether these bytes were signed with this secret within five minutes of `now`. Every signature of the list is compared, each
 * in constant time.
 */
export function isSigned(
  secret: string,
  given: { id: string; timestamp: string; signature: string; body: Buffer },
  now: number,
): boolean {
  if (!/^\d{1,12}$/.test(given.timestamp) || Math.abs(now - Number(given.timestamp) * 1000) > toleranceMs) return false;
  const expected = digest(secret, given.id, given.timestamp, given.body);
  let fits = false;
  for (const one of given.signature.split(" ").slice(0, 10)) {
    const said = one.startsWith("v1,") ? Buffer.from(one.slice(3), "base64") : Buffer.alloc(0);
    const same = said.length === expected.length && timingSafeEqual(said, expected);
    fits = fits || same;
  }
  return fits;
}
