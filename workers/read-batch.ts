import { isUtf8 } from 'node:buffer';
import type { CommunityPolicy, DecisionPolicy } from '../src/core/decision-policy.ts';
import { type Message, readMessage } from '../src/core/message.ts';
import { isInSample, isTextInSample } from '../src/core/message-sample.ts';
import { findPlainMessage, type PlainMessage } from '../src/core/plain-message.ts';
import type { UnreadableMessage } from '../src/core/scored-batch.ts';
import type { AuditSample } from '../src/decide/audit-sample.ts';
import { policyFor } from '../src/decide/reject-option.ts';
import type { PackedMessages } from '../src/scoring/score-protocol.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { RowSource } from './row-source.ts';

/** Where the text of a row stands; -1 where the row was parsed. */
const TEXT_START = 0;
const TEXT_END = 1;
const IS_ASCII = 2;
const LANGUAGE_START = 3;
const LANGUAGE_END = 4;
const ID_START = 5;
const ID_END = 6;
const COMMUNITY_START = 7;
const COMMUNITY_END = 8;
const STRIDE = 9;

/**
 * The messages of a packed batch that could be read. Of a plain one only the places of its fields are noted: most of them are ham, of
 * which nothing more is reported, so no object is made of them.
 */
export class ReadBatch implements RowSource {
  size = 0;
  readonly unreadable: UnreadableMessage[] = [];
  /** Places in the batch, ascending. */
  readonly indices: Int32Array;
  readonly #packed: PackedMessages;
  readonly #buffer: Buffer;
  readonly #policy: DecisionPolicy;
  readonly #spans: Int32Array;
  readonly #parsed = new Map<number, Message>();
  /** Per row what its community has of its own; empty where no community has. */
  readonly #policies: CommunityPolicy[] = [];
  readonly #hasCommunities: boolean;

  constructor(packed: PackedMessages, policy: DecisionPolicy) {
    const { bytes, count } = packed;
    this.#packed = packed;
    this.#policy = policy;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#hasCommunities = Object.keys(policy.communities).length > 0;
    this.indices = new Int32Array(count);
    this.#spans = new Int32Array(count * STRIDE);
  }

  thresholdsOf(row: number): CommunityPolicy {
    return this.#hasCommunities ? this.#policies[row]! : this.#policy.default;
  }

  prepare(row: number, featurizer: Featurizer, lasting = false): PreparedText {
    const at = row * STRIDE;
    const spans = this.#spans;
    const start = spans[at + TEXT_START]!;
    const language = this.languageOf(row);
    if (start < 0) return featurizer.prepare(this.#parsed.get(row)!.message, language);
    const end = spans[at + TEXT_END]!;
    if (spans[at + IS_ASCII] === 1 && !lasting) {
      const read = () => this.#buffer.toString('latin1', start, end);
      return featurizer.prepareAscii(this.#packed.bytes, start, end, read, language);
    }
    return featurizer.prepare(this.#buffer.toString('utf8', start, end), language);
  }

  /** The row's message as an object. */
  message(row: number): Message {
    const parsed = this.#parsed.get(row);
    if (parsed !== undefined) return parsed;
    const index = this.indices[row]!;
    const read = readMessage(
      this.#buffer.toString('utf8', this.#packed.start(index), this.#packed.end(index)),
    );
    if (!read.ok) throw new TypeError('a plain message is a message');
    return read.message;
  }

  /** Whether the row's message is in the sample of this share (0 … 1); see {@link isInSample}. */
  isInSample(row: number, share: number): boolean {
    if (share <= 0) return false;
    const parsed = this.#parsed.get(row);
    if (parsed !== undefined) return isTextInSample(parsed, share);
    const { bytes } = this.#packed;
    const at = row * STRIDE;
    const span = (start: number, end: number) => ({
      bytes,
      start: this.#spans[at + start]!,
      end: this.#spans[at + end]!,
    });
    return isInSample({ community: span(COMMUNITY_START, COMMUNITY_END), id: span(ID_START, ID_END) }, share);
  }

  /** The row's number in the audit sample. */
  auditNumber(row: number, sample: AuditSample): number {
    const parsed = this.#parsed.get(row);
    if (parsed !== undefined) return sample.numberOfText(parsed);
    const spans = this.#spans;
    const at = row * STRIDE;
    return sample.numberOf({
      bytes: this.#packed.bytes,
      communityStart: spans[at + COMMUNITY_START]!,
      communityEnd: spans[at + COMMUNITY_END]!,
      idStart: spans[at + ID_START]!,
      idEnd: spans[at + ID_END]!,
    });
  }

  addPlain(index: number, found: PlainMessage): void {
    const row = this.size++;
    const spans = this.#spans;
    const at = row * STRIDE;
    this.indices[row] = index;
    spans[at + TEXT_START] = found.textStart;
    spans[at + TEXT_END] = found.textEnd;
    spans[at + IS_ASCII] = found.ascii ? 1 : 0;
    spans[at + LANGUAGE_START] = found.languageStart;
    spans[at + LANGUAGE_END] = found.languageEnd;
    spans[at + ID_START] = found.idStart;
    spans[at + ID_END] = found.idEnd;
    // Without a community both are the same, which is no byte.
    spans[at + COMMUNITY_START] = found.communityStart;
    spans[at + COMMUNITY_END] = found.communityStart < 0 ? found.communityStart : found.communityEnd;
    if (this.#hasCommunities) {
      const { communityStart, communityEnd } = found;
      const community = communityStart < 0 ? '' : this.#buffer.toString('utf8', communityStart, communityEnd);
      this.#policies.push(policyFor(this.#policy, community));
    }
  }

  /** Reads a message that is not plain, or answers why it can't be read. */
  parse(index: number, start: number, end: number): void {
    const read = readMessage(this.#buffer.toString('utf8', start, end));
    if (!read.ok) {
      this.unreadable.push({ index, reason: read.reason, detail: read.detail });
      return;
    }
    const row = this.size++;
    this.indices[row] = index;
    this.#spans[row * STRIDE + TEXT_START] = -1;
    this.#parsed.set(row, read.message);
    if (this.#hasCommunities) this.#policies.push(policyFor(this.#policy, read.message.community));
  }

  /** As the message states it, else its community; undefined where it is to be detected. */
  languageOf(row: number): string | undefined {
    const at = row * STRIDE;
    const spans = this.#spans;
    let own: string | undefined;
    if (spans[at + TEXT_START]! < 0) own = this.#parsed.get(row)!.language;
    else if (spans[at + LANGUAGE_START]! >= 0)
      own = this.#buffer.toString('utf8', spans[at + LANGUAGE_START], spans[at + LANGUAGE_END]);
    return own ?? this.thresholdsOf(row).language;
  }
}

/**
 * Reads each message of a packed batch. Size and encoding are checked before anything is parsed; a bad message becomes
 * an entry of `unreadable` and harms no other.
 */
export function readBatch(packed: PackedMessages, policy: DecisionPolicy): ReadBatch {
  const { maxMessageBytes } = policy;
  const batch = new ReadBatch(packed, policy);
  const { bytes } = packed;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A batch that is valid as a whole may still cut a character between two messages; only ASCII edges rule that out,
  // which JSON objects have: a message that starts or ends in the middle of a character isn't JSON.
  const allUtf8 = isUtf8(buffer);
  const found: PlainMessage = {
    textStart: -1,
    textEnd: -1,
    idStart: -1,
    idEnd: -1,
    communityStart: -1,
    communityEnd: -1,
    languageStart: -1,
    languageEnd: -1,
    ascii: true,
  };
  for (let index = 0; index < packed.count; index++) {
    const start = packed.start(index);
    const end = packed.end(index);
    if (end - start > maxMessageBytes) {
      batch.unreadable.push({
        index,
        reason: 'too-large',
        detail: `${end - start} bytes; at most ${maxMessageBytes} are read (messages.maxBytes)`,
      });
      continue;
    }
    if (!allUtf8 && !isUtf8(buffer.subarray(start, end))) {
      batch.unreadable.push({ index, reason: 'invalid-utf8', detail: 'the bytes are not UTF-8' });
      continue;
    }
    if (findPlainMessage(bytes, start, end, found)) batch.addPlain(index, found);
    else batch.parse(index, start, end);
  }
  return batch;
}
