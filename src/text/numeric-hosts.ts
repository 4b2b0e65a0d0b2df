import { codeAt } from './character-kinds.ts';
import type { Edits } from './edits.ts';

/** `http://` before it. */
const SCHEME = 7;
/** The longest IPv6 literal, with its brackets. */
const LONGEST_HOST = 48;

/**
 * Writes the host of the link whose `//` ends before `start` as an IPv4 address where it is a number or has parts in hexadecimal or octal, as
 * browsers do (WHATWG URL, 3.5): `http://3232235777`, `http://0xc0.0xa8.1.1`. An IPv6 literal is written as the IPv4 address of its last
 * 32 bits, which is what it stands for where it embeds one; of all others only that it is an address is of interest.
 */
export function readNumericHost(text: string, start: number, edits: Edits): void {
  const first = codeAt(text, start);
  if (start < SCHEME || start < edits.end) return;
  if (first === 91) {
    const close = text.slice(start, start + LONGEST_HOST).indexOf(']');
    if (close < 0) return;
    const address = lastOfIpv6(text.slice(start + 1, start + close));
    if (address !== null) edits.replace(start, start + close + 1, address);
    return;
  }
  if (first < 48 || first > 57) return;
  let end = start;
  while (end < text.length && end - start < LONGEST_HOST && /[\da-fx.]/i.test(text[end]!)) end++;
  if (/[\w-]/.test(text[end] ?? '')) return;
  if (codeAt(text, end - 1) === 46) end--;
  const address = ipv4Of(text.slice(start, end));
  if (address !== null && address !== text.slice(start, end)) edits.replace(start, end, address);
}

/** Null where it is none. */
function ipv4Of(host: string): string | null {
  const parts = host.split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map(numberOf);
  const last = numbers.pop()!;
  if (Number.isNaN(last) || numbers.some((number) => !(number <= 255))) return null;
  const room = 256 ** (4 - numbers.length);
  // `http://5` is hardly an address.
  if (last >= room || (parts.length === 1 && last < 0x1000000)) return null;
  let value = last;
  numbers.forEach((number, at) => {
    value += number * 256 ** (3 - at);
  });
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function numberOf(part: string): number {
  if (/^0x[\da-f]{1,10}$/i.test(part)) return Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{1,14}$/.test(part)) return Number.parseInt(part, 8);
  return /^\d{1,10}$/.test(part) ? Number.parseInt(part, 10) : Number.NaN;
}

function lastOfIpv6(address: string): string | null {
  const embedded = /^[\da-f:]*:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (embedded !== null) return ipv4Of(embedded[1]!);
  if (!/^[\da-f:]{2,39}$/i.test(address) || !address.includes(':')) return null;
  const groups = address.split(':').map((group) => Number.parseInt(group === '' ? '0' : group, 16));
  const [high, low] = groups.slice(-2) as [number, number];
  if (groups.length > 9 || high > 0xffff || low > 0xffff) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
