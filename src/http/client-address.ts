import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../core/loopback.ts';

/**
 * Who counts as one client, by address: all of loopback is one, since a process there may choose among its addresses, and
 * so is an IPv6 network of 64 bits, which one subscriber has. What is no address counts as one client too.
 */
export function clientOfAddress(address: string | undefined): string {
  const bare = address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? '';
  const family = isIP(bare);
  if (family === 0) return 'unknown';
  if (isLoopback(bare)) return 'loopback';
  return family === 4 ? bare : `${networkOf(bare)}::/64`;
}

/** The first four groups, each in its shortest form. */
function networkOf(address: string): string {
  const [before = '', after] = address.split('::', 2);
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  const missing = 8 - head.length - tail.length;
  const groups = [...head, ...new Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function groupsOf(part: string): string[] {
  const groups = part === '' ? [] : part.split(':');
  // An IPv4 tail takes the room of two groups; none of the first four can be in it.
  return groups.flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}

/** Addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed. Throws a `RangeError` for what is neither. */
export function addressList(entries: readonly string[]): { has(address: string | undefined): boolean } {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/', 2);
    const family = isIP(address);
    const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    if (family === 0 || !Number.isInteger(prefix))
      throw new RangeError(`${entry} is not an address or network`);
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has: (address) => {
      const bare = address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? '';
      const family = isIP(bare);
      return family !== 0 && list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
