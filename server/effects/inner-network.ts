/**
 * Which of the installation's own networks calls may reach (`MILLRACE_CALL_INSIDE`): none, unless whoever runs the machine names
 * them. What every machine keeps to itself (its own addresses, the cloud's metadata) cannot be named.
 */
import { BlockList, isIP } from "node:net";

export type InnerNetwork = {
  /** What was named, as it was written. */
  entries: readonly string[];
  /** Whether a call to this name may go to this address. */
  allows(name: string, address: string): boolean;
  /** Whether it may go there without https. */
  plain(name: string, address: string): boolean;
  /** Whether any may. */
  anyPlain: boolean;
};

/** Private networks: RFC 1918, shared addresses (RFC 6598), unique local ones of IPv6 (RFC 4193). */
const privateNets: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["fc00::", 7, "ipv6"],
];
const inside = new BlockList();
for (const [net, prefix, family] of privateNets) inside.addSubnet(net, prefix, family);

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
/** An IPv4 address written as IPv6 is none of these: nobody needs to write it so. */
const isPrivate = (address: string) =>
  isIP(address) !== 0 && !/^::ffff:/i.test(address) && inside.check(address, familyOf(address));

type Entry = { plain: boolean; holds(name: string, address: string): boolean };

export const noInnerNetwork: InnerNetwork = { entries: [], allows: () => false, plain: () => false, anyPlain: false };

/**
 * Reads the names, addresses and networks (`10.1.0.0/16`), with commas between; one that begins with `http://` may be called
 * without https too. Throws a sentence when one of them is none, or lies outside the private networks.
 */
export function readInnerNetwork(text: string | undefined): InnerNetwork {
  const written = (text ?? "")
    .split(/[\s,]+/)
    .map((one) => one.trim())
    .filter(Boolean);
  const entries = written.map(entryOf);
  return {
    entries: written,
    allows: (name, address) => isPrivate(address) && entries.some((entry) => entry.holds(name, address)),
    plain: (name, address) => isPrivate(address) && entries.some((entry) => entry.plain && entry.holds(name, address)),
    anyPlain: entries.some(({ plain }) => plain),
  };
}

function entryOf(written: string): Entry {
  const plain = written.startsWith("http://");
  const what = written.replace(/^https?:\/\//, "");
  const [address = "", bits] = what.split("/");
  if (isIP(address)) {
    const family = familyOf(address);
    const most = family === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    const home = privateNets.find(
      ([net, width, of]) => of === family && prefix >= width && within(net, width, of, address),
    );
    if (!home || prefix > most)
      throw new Error(
        `MILLRACE_CALL_INSIDE names ${written}, which is no private network. Give addresses or networks within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7, or names of hosts.`,
      );
    const named = new BlockList();
    named.addSubnet(address, prefix, family);
    return { plain, holds: (_, one) => familyOf(one) === family && named.check(one, family) };
  }
  if (bits !== undefined || !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(what) || /^[\d.]+$/.test(what))
    throw new Error(
      `MILLRACE_CALL_INSIDE names ${written}, which is neither a host, an address nor a network such as 10.1.0.0/16.`,
    );
  const host = what.toLowerCase();
  return { plain, holds: (name) => name.toLowerCase() === host };
}

function within(net: string, width: number, family: "ipv4" | "ipv6", address: string): boolean {
  const list = new BlockList();
  list.addSubnet(net, width, family);
  return list.check(address, family);
}
