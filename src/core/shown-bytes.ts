/** Bytes for people: text where they are UTF-8, and hex of those that are not. */
export type BytePart = { readonly text: string } | { readonly hex: string };

/** Bytes with more changes between text and hex than this are no text, and are shown as hex. */
const MOST_PARTS = 40;

/** `isCut`: more bytes followed, so that the last character may lack its end. */
export function shownBytes(bytes: Uint8Array, isCut = false): readonly BytePart[] {
  const parts: BytePart[] = [];
  let from = 0;
  let at = 0;
  const end = isCut ? bytes.length - unfinishedAtEnd(bytes) : bytes.length;
  const add = (to: number, isText: boolean) => {
    const part = bytes.subarray(from, to);
    if (part.length > 0)
      parts.push(
        isText ? { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(part) } : { hex: hexOf(part) },
      );
    from = to;
  };
  while (at < end) {
    const length = characterLength(bytes, at, end);
    if (length > 0) at += length;
    else {
      add(at, true);
      while (at < end && characterLength(bytes, at, end) === 0) at++;
      add(at, false);
      if (parts.length > MOST_PARTS) return [{ hex: hexOf(bytes.subarray(0, end)) }];
    }
  }
  add(end, true);
  return parts;
}

/** Bytes of the UTF-8 character that begins there; 0 where none does. */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  if (length === 0 || at + length > end) return 0;
  const second = bytes[at + 1]!;
  // Overlong forms, surrogates, and what is beyond the last code point.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** Bytes at the end that begin a character and lack the rest of it. */
function unfinishedAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
