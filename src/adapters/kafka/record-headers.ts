import type { IHeaders } from 'kafkajs';
import type { MessageHeaders } from '../../core/batch.ts';

/** Ours: how many headers of the record were left out, where it would have been too large with them. */
export const headersCut = 'sluice-headers-left-out';

/** Copies headers out of the response they came in; undefined where there are none. */
export function copiedHeaders(headers: IHeaders | undefined): MessageHeaders | undefined {
  if (headers === undefined) return undefined;
  const names = Object.keys(headers);
  if (names.length === 0) return undefined;
  // Without a prototype, or a header that is named `__proto__` would become that and be lost.
  const copied: Record<string, Uint8Array | readonly Uint8Array[]> = Object.create(null);
  for (const name of names) {
    const value = headers[name];
    if (!Array.isArray(value)) copied[name] = copied1(value);
    else {
      // Where a header is named as a member of every object is, as `constructor`, kafkajs lists that member before it.
      const values = value.filter(isHeaderValue).map(copied1);
      copied[name] = values.length === 1 ? values[0]! : values;
    }
  }
  return copied;
}

function isHeaderValue(value: unknown): boolean {
  return value === null || typeof value === 'string' || value instanceof Uint8Array;
}

function copied1(value: Buffer | string | null | undefined): Uint8Array {
  return Uint8Array.from(typeof value === 'string' ? Buffer.from(value) : (value ?? []));
}

/** As kafkajs wants them. Without those that `left` says to leave out. */
export function headersToSend(
  headers: MessageHeaders | undefined,
  left: (name: string) => boolean = () => false,
): IHeaders {
  const sent: IHeaders = Object.create(null);
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!left(name)) sent[name] = value instanceof Uint8Array ? bufferOf(value) : value.map(bufferOf);
  return sent;
}

/** A view, not a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
