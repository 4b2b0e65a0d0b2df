import type { IHeaders } from 'kafkajs';
import type { MessageHeaders } from '../../core/batch.ts';

/** Copies headers out of the response they came in; undefined where there are none. */
export function copiedHeaders(headers: IHeaders | undefined): MessageHeaders | undefined {
  if (headers === undefined) return undefined;
  const names = Object.keys(headers);
  if (names.length === 0) return undefined;
  const copied: Record<string, Uint8Array | readonly Uint8Array[]> = {};
  for (const name of names) {
    const value = headers[name];
    copied[name] = Array.isArray(value) ? value.map(copied1) : copied1(value);
  }
  return copied;
}

function copied1(value: Buffer | string | null | undefined): Uint8Array {
  return Uint8Array.from(typeof value === 'string' ? Buffer.from(value) : (value ?? []));
}

/** As kafkajs wants them. Without those that `left` says to leave out. */
export function headersToSend(
  headers: MessageHeaders | undefined,
  left: (name: string) => boolean = () => false,
): IHeaders {
  const sent: IHeaders = {};
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!left(name)) sent[name] = value instanceof Uint8Array ? bufferOf(value) : value.map(bufferOf);
  return sent;
}

/** A view, not a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
