/*
 * The same text looks different in each store: as UTF-8, inside of JSON with its escapes, in base64 as a dead letter keeps the
 * bytes that came, or base64 of JSON. A view is one of these undone.
 */

const BACKSLASH = 0x5c;
/** Shorter runs of the alphabet are words. */
const FEWEST_BASE64 = 12;
const BASE64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  BASE64[char.charCodeAt(0)] = 1;

const simple: Readonly<Record<string, number>> = {
  ...{ '"': 0x22, '\\': 0x5c, '/': 0x2f },
  ...{ b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 },
};
const encoder = new TextEncoder();

/** The bytes themselves and each way in which they may hold other text. */
export function* viewsOf(bytes: Uint8Array): Generator<Uint8Array> {
  yield* withUnescaped(bytes);
  for (const decoded of base64Runs(bytes)) yield* withUnescaped(decoded);
}

function* withUnescaped(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
  if (!bytes.includes(BACKSLASH)) return;
  const once = unescaped(bytes);
  yield once;
  // JSON that a column or a field of other JSON holds as text.
  if (once.includes(BACKSLASH)) yield unescaped(once);
}

/** With the escapes of JSON undone. Half a surrogate pair becomes U+FFFD, as everywhere where a text is written as UTF-8. */
export function unescaped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let to = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte !== BACKSLASH || at + 1 >= bytes.length) {
      out[to++] = byte;
      at++;
      continue;
    }
    const plain = simple[String.fromCharCode(bytes[at + 1]!)];
    if (plain !== undefined) {
      out[to++] = plain;
      at += 2;
      continue;
    }
    const units: number[] = [];
    while (units.length < 2) {
      const unit = unitAt(bytes, at);
      // Only a low half joins what is there.
      if (unit === undefined || (units.length === 1 && (unit & 0xfc00) !== 0xdc00)) break;
      units.push(unit);
      at += 6;
      if ((unit & 0xfc00) !== 0xd800) break;
    }
    if (units.length === 0) {
      out[to++] = byte;
      at++;
      continue;
    }
    const encoded = encoder.encode(String.fromCharCode(...units));
    out.set(encoded, to);
    to += encoded.length;
  }
  return out.subarray(0, to);
}

/** The code unit of `\uXXXX`; undefined where there is none. */
function unitAt(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== 0x75 || at + 6 > bytes.length) return undefined;
  const hex = String.fromCharCode(...bytes.subarray(at + 2, at + 6));
  return /^[0-9a-fA-F]{4}$/.test(hex) ? Number.parseInt(hex, 16) : undefined;
}

function* base64Runs(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    if (BASE64[bytes[at]!] === 0) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < bytes.length && BASE64[bytes[end]!] === 1) end++;
    if (end - at >= FEWEST_BASE64)
      yield Buffer.from(
        Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1'),
        'base64',
      );
    at = end;
  }
}
