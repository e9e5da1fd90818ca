/** Which addresses of the internet a call may go to: those that belong to nobody's inner network and to no special use. */
import { BlockList, isIP } from "node:net";

/** IPv4 blocks that are not the public internet (IANA special-purpose registry, RFC 6890 and its successors; multicast; reserved). */
const closed4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** Of IPv6 only 2000::/3 is given out; inside it these carry other addresses or are for documents and tests. */
const closed6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const closed = new BlockList();
for (const [net, prefix] of closed4) closed.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of closed6) closed.addSubnet(net, prefix, "ipv6");
const given = new BlockList();
given.addSubnet("2000::", 3, "ipv6");
const own = new BlockList();
own.addSubnet("127.0.0.0", 8, "ipv4");
own.addAddress("::1", "ipv6");

/** Whether a call may go to this address. `loopback`: also to the machine itself. What is no address is never one. */
export function isOpen(address: string, loopback: boolean): boolean {
  if (loopback && isOwn(address)) return true;
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, "ipv4");
    case 6:
      return given.check(address, "ipv6") && !closed.check(address, "ipv6");
    default:
      return false;
  }
}

/** The machine itself. An IPv4 address written as IPv6 is neither: nobody needs to write it so. */
export function isOwn(address: string): boolean {
  const family = isIP(address);
  if (family === 6 && address.toLowerCase().startsWith("::ffff:")) return false;
  return family !== 0 && own.check(address, family === 4 ? "ipv4" : "ipv6");
}
