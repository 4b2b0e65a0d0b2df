import { createHash } from 'node:crypto';
import { SeededRandom } from '../../../src/training/seeded-random.ts';
import type { Expected, LetterFacts } from '../ledger-events.ts';
import { COMMUNITY, type ScoredText } from './scored-texts.ts';

/** A line to write, without its newline, and what must come of it. */
export interface InboxLine {
  readonly id: string;
  readonly text: Buffer;
  readonly expected: Expected;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
/** `messages.maxBytes` where nothing else is set. */
const MOST_BYTES = 64 * KIBIBYTE;
/** A dead letter keeps so much of a longer line. */
const MOST_STORED_BYTES = MEBIBYTE;
const UNREADABLE = 0.03;
/** The id is in the first bytes of every line, so that half of a line still shows whose it is. */
export const ID_BYTES = 60;

/** Makes the lines of one file of the inbox; the same seed makes the same ones. */
export class LineMaker {
  readonly #prefix: string;
  readonly #random: SeededRandom;
  readonly #texts: readonly ScoredText[];
  #made = 0;

  constructor(prefix: string, seed: number, texts: readonly ScoredText[]) {
    this.#prefix = prefix;
    this.#random = new SeededRandom(seed);
    this.#texts = texts;
  }

  /** Mostly a message that can be read. */
  any(): InboxLine {
    return this.#random.next() < UNREADABLE ? this.#unreadable() : this.readable();
  }

  readable(): InboxLine {
    const id = this.#nextId();
    const { text, expected } = this.#random.pick(this.#texts);
    return { id, text: messageOf(id, text), expected };
  }

  /** A message of exactly so many bytes, padded as JSON allows; undefined where its text does not fit. */
  fitting(bytes: number): InboxLine | undefined {
    const line = this.readable();
    if (line.text.length > bytes) return undefined;
    return { ...line, text: Buffer.concat([line.text, Buffer.alloc(bytes - line.text.length, ' ')]) };
  }

  /** A message that is longer than any may be. */
  tooLong(bytes: number): InboxLine {
    const id = this.#nextId();
    const text = messageOf(id, '');
    const filler = Buffer.alloc(bytes - text.length, `${id} `);
    // Inside the quotes of the message.
    const line = Buffer.concat([text.subarray(0, -2), filler, text.subarray(-2)]);
    return { id, text: line, expected: { outcome: 'dead-letter', letter: letterOf(line) } };
  }

  #unreadable(): InboxLine {
    const id = this.#nextId();
    const [reason, text] = this.#random.pick([
      ['not-json', `{"message_id":"${id}","message":"the bracket is missing"`],
      ['not-json', `${id} is no JSON at all, though a person can read it; neither is the rest of it`],
      ['missing-message', `{"message_id":"${id}","community":"${COMMUNITY}","text":"the name is wrong"}`],
      ['missing-message-id', `{"id":"${id}","community":"${COMMUNITY}","message":"the name is wrong"}`],
      ['wrong-type', `{"message_id":"${id}","community":"${COMMUNITY}","message":["not","a","text"]}`],
    ] as const);
    const line = Buffer.from(text);
    return { id, text: line, expected: { outcome: 'dead-letter', letter: letterOf(line, reason) } };
  }

  #nextId(): string {
    return `${this.#prefix}-${this.#made++}`;
  }
}

/** The dead letter of a line that is too long, or, where no other reason is given, of the first half of a message. */
export function letterOf(line: Uint8Array, reason?: string): LetterFacts {
  const stored = line.subarray(0, MOST_STORED_BYTES);
  const found =
    reason ?? (line.length > MOST_BYTES ? 'too-large' : isText(line) ? 'not-json' : 'invalid-utf8');
  return { reason: found, ...bytesFacts(stored) };
}

export function bytesFacts(bytes: Uint8Array): Omit<LetterFacts, 'reason'> {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function messageOf(id: string, message: string): Buffer {
  return Buffer.from(JSON.stringify({ message_id: id, community: COMMUNITY, message }));
}
