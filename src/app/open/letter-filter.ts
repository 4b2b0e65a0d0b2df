import type { LetterFilter } from '../../ports/letter-desk.ts';
import type { BoxedLetter, StoredLetter, WhyUnsendable } from './kinds.ts';

/** Bytes of a letter's message that a list has. */
const LISTED_BYTES = 2048;

export function matches({ reason, position, recordedAt }: StoredLetter, filter: LetterFilter): boolean {
  const { from, to } = filter;
  return (
    (filter.reason === undefined || filter.reason === reason) &&
    (filter.topic === undefined || filter.topic === position.topic) &&
    (filter.partition === undefined || filter.partition === position.partition) &&
    (filter.offset === undefined || filter.offset === position.offset) &&
    (from === undefined || recordedAt >= from) &&
    (to === undefined || recordedAt < to)
  );
}

/** As a list has it: with the beginning of the bytes. `cutFromBytes` then has the length of the message. */
export function listed(letter: BoxedLetter, whyUnsendable: WhyUnsendable): BoxedLetter {
  const { bytes, cutFromBytes = bytes.byteLength } = letter;
  const unsendable = whyUnsendable(letter) ?? null;
  if (bytes.byteLength <= LISTED_BYTES) return { ...letter, unsendable };
  // A copy: the rest of the bytes is not needed any more.
  return { ...letter, unsendable, bytes: Uint8Array.from(bytes.subarray(0, LISTED_BYTES)), cutFromBytes };
}
