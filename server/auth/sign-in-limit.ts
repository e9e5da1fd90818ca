/**
 * Slows guessing: 5 failures an account in 15 minutes, 50 a network (/24 or /64) in an hour. Counted in the database, so a
 * restart forgets nothing and several servers count together. An unknown account counts like a known one.
 */
import { eq } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { fingerprint } from "@/server/runtime/ids.ts";

const minute = 60_000;
const limits = { account: { most: 5, windowMs: 15 * minute }, network: { most: 50, windowMs: 60 * minute } };

type Who = { email: string; address: string };

/** Ms to wait before the next try may be made; 0 when it may be made now. */
export async function mustWait(store: Store, who: Who, now: number): Promise<number> {
  const waits = await Promise.all(
    keysOf(who).map(async ({ key, most, windowMs }) => {
      const count = await countOf(store, key);
      return count && count.failures >= most ? Math.max(0, count.since + windowMs - now) : 0;
    }),
  );
  return Math.max(...waits);
}

/** Counts a failed try. */
export async function countFailure(store: Store, who: Who, now: number): Promise<void> {
  const rows = await Promise.all(
    keysOf(who).map(async ({ key, windowMs }) => {
      const count = await countOf(store, key);
      const open = count && count.since + windowMs > now;
      return open ? { key, failures: count.failures + 1, since: count.since } : { key, failures: 1, since: now };
    }),
  );
  await store.commit([{ workspaceId: "", guards: [], events: [], put: { signInCount: rows }, drop: {} }]);
}

/** A right password clears the account's count, not the network's. */
export async function forgive(store: Store, who: Who): Promise<void> {
  const [account] = keysOf(who);
  if (account)
    await store.commit([{ workspaceId: "", guards: [], events: [], put: {}, drop: { signInCount: [[account.key]] } }]);
}

const keysOf = ({ email, address }: Who) => [
  { key: `account:${fingerprint(email.trim().toLowerCase())}`, ...limits.account },
  { key: `network:${networkOf(address)}`, ...limits.network },
];

async function countOf(store: Store, key: string) {
  const table = store.t.signInCount;
  const [row] = await store.read.select().from(table).where(eq(table.key, key));
  return row;
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:/i, "").match(/^(\d+\.\d+\.\d+)\.\d+$/);
  if (v4) return `${v4[1]}.0/24`;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const left = head.split(":").filter(Boolean);
  const right = tail === undefined ? [] : tail.split(":").filter(Boolean);
  const groups =
    tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
