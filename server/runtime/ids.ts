/** Ids and secrets: the only place that asks the machine for chance. */
import { createHash, randomBytes } from "node:crypto";

const digits = "0123456789abcdefghjkmnpqrstvwxyz";

export type NewId = (kind: string) => string;

/**
 * Ids that say what they name and sort by the time they were made: `run_01jd…`. Ten characters of epoch ms, then sixteen of
 * chance; within one millisecond the chance counts up, so ids of one process never tie or go back.
 */
export function idMaker(now: () => number): NewId {
  let last = 0;
  let chance = 0n;
  return (kind) => {
    const at = Math.max(now(), last);
    chance = at === last ? chance + 1n : randomBytes(10).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> 1n;
    last = at;
    return `${kind}_${encode(BigInt(at), 10)}${encode(chance, 16)}`;
  };
}

/** Ids that only count: the same calls give the same ids. For tests and seeded data. */
export function countedIds(from = 1): NewId {
  let next = from;
  return (kind) => `${kind}_${String(next++).padStart(6, "0")}`;
}

/** 256 bits of chance as 43 characters that are safe in a URL. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** A nonce for one page. */
export const newNonce = (): string => randomBytes(16).toString("base64");

/** SHA-256 of a secret, for storing: the secret itself is never kept. */
export const fingerprint = (secret: string): string => createHash("sha256").update(secret).digest("hex");

function encode(value: bigint, length: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = digits.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}
