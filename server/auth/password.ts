/**
 * Passwords are kept as scrypt hashes with OWASP's parameters for 32 MiB (N = 2^15, r = 8, p = 3), because the oldest Node
 * we run on has no argon2id. The parameters stand in the hash, so they can be raised without locking anybody out.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** How much work a guess takes: `n` and `r` the memory, `p` how often. */
export type PasswordCost = { n: number; r: number; p: number };
const owasp: PasswordCost = { n: 2 ** 15, r: 8, p: 3 };
const keyBytes = 32;

export const passwordRule = { min: 10, max: 200 };

/** Tests of what is around passwords give a small `cost`; nobody else does. */
export async function hashPassword(password: string, cost: PasswordCost = owasp): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.n, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** False for a wrong password and for a hash this file did not write. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, n, r, p, salt, key] = hash.split("$");
  if (kind !== "scrypt" || !salt || !key) return false;
  const stored = Buffer.from(key, "base64url");
  const found = await derive(password, Buffer.from(salt, "base64url"), { n: Number(n), r: Number(r), p: Number(p) });
  return stored.length === found.length && timingSafeEqual(stored, found);
}

function derive(password: string, salt: Buffer, { n, r, p }: PasswordCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, keyBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
