import { SluiceError } from '../../core/errors.ts';
import { decodeWindows1252 } from '../../core/windows-1252.ts';

/**
 * The text of a data file: UTF-8, else ISO-8859-1 (read as Windows-1252, its superset that files so named really use).
 * Throws `DATA_INVALID` for bytes that are neither: binary data, UTF-16, or UTF-8 that is damaged in places.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const binary = bytes.indexOf(0);
  if (binary >= 0) throw undecodable(name, bytes, binary, 'a NUL byte (UTF-16 or binary data?)');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const { valid, invalid, firstInvalid } = countSequences(bytes);
    // In ISO-8859-1 text, bytes that happen to form a valid sequence are rare; in damaged UTF-8 they are the rule.
    if (valid >= invalid)
      throw undecodable(name, bytes, firstInvalid, 'bytes that are not UTF-8, in a file that mostly is');
    return decodeWindows1252(bytes);
  }
}

function countSequences(bytes: Uint8Array): { valid: number; invalid: number; firstInvalid: number } {
  let valid = 0;
  let invalid = 0;
  let firstInvalid = -1;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    const tail =
      lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
    let seen = 0;
    while (seen < tail && ((bytes[i + 1 + seen] ?? 0) & 0xc0) === 0x80) seen++;
    if (tail > 0 && seen === tail) {
      valid++;
      i += tail;
    } else {
      invalid++;
      if (firstInvalid < 0) firstInvalid = i;
    }
  }
  return { valid, invalid, firstInvalid };
}

function undecodable(name: string, bytes: Uint8Array, at: number, what: string): SluiceError {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === 0x0a) line++;
  return new SluiceError(
    'DATA_INVALID',
    `${name}, line ${line}: ${what}. Save the file as UTF-8 or ISO-8859-1 and try again.`,
  );
}
