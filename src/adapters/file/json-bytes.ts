import * as z from 'zod';
import type { MessageHeaders } from '../../core/batch.ts';

/** Bytes as JSON lines write them. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function bytesOf(base64Text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64Text, 'base64'));
}

/** Headers with each value in base64; undefined where there are none. */
export function jsonOfHeaders(headers: MessageHeaders | undefined): object | undefined {
  return (
    headers &&
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? base64(value) : value.map(base64),
      ]),
    )
  );
}

/** Reads headers back. Not a `z.record`: that leaves out a header that is named `__proto__`. */
export const headersSchema = z.unknown().transform((json, context): MessageHeaders => {
  const decoded =
    json instanceof Object && !Array.isArray(json)
      ? Object.entries(json).map(([name, value]) => [name, decodedValue(value)] as const)
      : undefined;
  if (decoded === undefined || decoded.some(([, value]) => value === undefined)) {
    context.addIssue({ code: 'custom', message: 'headers are base64 texts, or lists of them' });
    return z.NEVER;
  }
  return Object.fromEntries(decoded) as MessageHeaders;
});

function decodedValue(json: unknown): Uint8Array | readonly Uint8Array[] | undefined {
  if (typeof json === 'string') return bytesOf(json);
  if (Array.isArray(json) && json.every((each) => typeof each === 'string')) return json.map(bytesOf);
  return undefined;
}
