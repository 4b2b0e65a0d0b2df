import type { ErasureSubject, MessageIdentity } from '../core/erasure.ts';
import type { StoredRecord, Wanted } from '../ports/erasable-store.ts';
import { type Fingerprint, FingerprintScanner, fingerprintsOf } from './fingerprints.ts';
import { viewsOf } from './views.ts';

/** What a search that a crash cut had found. */
export interface FoundBefore {
  readonly identities: readonly MessageIdentity[];
  /** For each text in each encoding. */
  readonly fingerprints: readonly (readonly Fingerprint[])[];
}

/** Shorter texts are too common for a record without a sender to be known by. */
const FEWEST_QUOTED = 8;
const anySender = /"sender"\s*:\s*["\d]/;

/** The messages and texts of one subject, as the stores are searched for them. */
export class ErasureSearch implements Wanted {
  readonly subject: ErasureSubject;
  readonly #identities = new Map<string, MessageIdentity>();
  readonly #texts = new Set<string>();
  readonly #before: FoundBefore;
  readonly #patterns: readonly RegExp[];
  #scanner: TextScanner | undefined;

  constructor(subject: ErasureSubject, before: FoundBefore = { identities: [], fingerprints: [] }) {
    this.subject = subject;
    this.#before = before;
    for (const identity of before.identities) this.#identities.set(keyOf(identity), identity);
    if (subject.kind === 'message') this.#identities.set(keyOf(subject), subject);
    this.#patterns = patternsOf(subject);
  }

  get identities(): readonly MessageIdentity[] {
    return [...this.#identities.values()];
  }

  get texts(): readonly string[] {
    return [...this.#texts];
  }

  /** Texts of which no piece can prove anything. */
  get tooShort(): number {
    return this.texts.filter((text) => fingerprintsOf(Buffer.from(text)).length === 0).length;
  }

  /** For each text in each encoding that stores use; those of the search before among them. */
  get fingerprints(): readonly (readonly Fingerprint[])[] {
    const own = this.texts.flatMap((text) => encodingsOf(text).map(fingerprintsOf));
    const all = [...this.#before.fingerprints, ...own].filter((each) => each.length > 0);
    return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
  }

  /** From here on, records that name nobody are known by all texts that were learned so far. */
  settle(): void {
    this.#scanner = undefined;
  }

  owns(record: StoredRecord): boolean {
    const { sender, community, message_id, unreadable } = record;
    if (unreadable !== undefined) return this.#ownsUnreadable(unreadable);
    const { subject } = this;
    if (subject.kind === 'sender' && sender !== undefined && sender !== null)
      return (
        sender === subject.sender && (subject.community === undefined || subject.community === community)
      );
    return (
      message_id !== undefined && this.#identities.has(keyOf({ community: community ?? '', message_id }))
    );
  }

  isOthers(record: StoredRecord): boolean {
    if (this.owns(record)) return false;
    return record.unreadable === undefined || this.#namesAnother(record.unreadable);
  }

  learn({ community, message_id, texts }: StoredRecord): void {
    if (message_id !== undefined && message_id !== '') {
      const identity = { community: community ?? '', message_id };
      this.#identities.set(keyOf(identity), identity);
    }
    for (const text of texts) if (text !== '') this.#texts.add(text);
  }

  quotes(text: string, texts: readonly string[]): boolean {
    if (texts.some((each) => each !== '' && text.includes(each))) return true;
    if (text.length < FEWEST_QUOTED) return false;
    const bytes = Buffer.from(text);
    let isQuoted = false;
    this.#current().scanner.scan(bytes, () => {
      isQuoted = true;
    });
    return isQuoted;
  }

  /** Bytes that are no message belong to the subject if they name it, or hold one of its texts as a whole. */
  #ownsUnreadable(bytes: Uint8Array): boolean {
    const text = new TextDecoder().decode(bytes);
    if (this.#patterns.every((pattern) => pattern.test(text))) return true;
    if (this.#namesAnother(bytes)) return false;
    const { scanner, owners } = this.#current();
    for (const view of viewsOf(bytes)) {
      const hits = new Set<number>();
      scanner.scan(view, (index) => hits.add(index));
      if (hits.size > 0 && owners.some((pieces) => pieces.every((piece) => hits.has(piece)))) return true;
    }
    return false;
  }

  /** A sender is named, and it is not the subject. */
  #namesAnother(bytes: Uint8Array): boolean {
    if (this.subject.kind !== 'sender') return false;
    const text = new TextDecoder().decode(bytes);
    return anySender.test(text) && !this.#patterns.every((pattern) => pattern.test(text));
  }

  /** Built once between two searches: texts that are learned meanwhile count from the next one on. */
  #current(): TextScanner {
    this.#scanner ??= scannerOf(this.fingerprints);
    return this.#scanner;
  }
}

/** Finds pieces of texts; `owners`: the pieces of each text in each encoding. */
interface TextScanner {
  readonly scanner: FingerprintScanner;
  readonly owners: readonly (readonly number[])[];
}

function scannerOf(texts: readonly (readonly Fingerprint[])[]): TextScanner {
  let next = 0;
  const owners = texts.map((pieces) => pieces.map(() => next++));
  return { scanner: new FingerprintScanner(texts.flat()), owners };
}

export function encodingsOf(text: string): readonly Uint8Array[] {
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  return [Buffer.from(text), little, big];
}

/** How bytes that are not JSON may name the subject, as the fields of JSON do; all of them have to match. */
function patternsOf(subject: ErasureSubject): readonly RegExp[] {
  if (subject.kind === 'message')
    return [
      fieldPattern('message_id', subject.message_id),
      ...(subject.community === '' ? [] : [fieldPattern('community', subject.community)]),
    ];
  return [
    fieldPattern('sender', subject.sender),
    ...(subject.community === undefined || subject.community === ''
      ? []
      : [fieldPattern('community', subject.community)]),
  ];
}

function fieldPattern(name: string, value: string): RegExp {
  const literal = JSON.stringify(value);
  const ascii = literal.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const plain = /^-?\d+$/.test(value) ? [`${value}(?!\\d)`] : [];
  const either = [literal, ascii].map(escapedPattern).concat(plain).join('|');
  return new RegExp(`"${name}"\\s*:\\s*(?:${either})`);
}

function escapedPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function keyOf({ community, message_id }: MessageIdentity): string {
  return JSON.stringify([community, message_id]);
}
