import type { ExactScores } from '../core/decision-policy.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { BatchStatistics, ScoredBatch, ScoredMessage, UnreadableMessage } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';

/**
 * The messages between the main thread and a scoring thread. A request is one transferable buffer with the raw bytes of all
 * messages; an answer is one transferable buffer with what is to be reported of them. A thread that could not score a batch
 * ends by an uncaught error: after an exception nothing that it holds is trusted.
 */

/** The data that a thread is started with. */
export interface ThreadStart {
  /** Loaded before the thread takes a batch; a thread that cannot load it ends. Null where none is active yet. */
  readonly model: LocalModel | null;
}

/** Posted by a thread once it can take batches. */
export interface ThreadStarted {
  /** Its `threadId`. */
  readonly started: number;
}

export interface ScoreRequest {
  /** Scores the batch; loaded when the thread does not hold it, and held to its hash. */
  readonly model: LocalModel;
  /** Hashes of the models that this request or another may name; the thread releases all others. */
  readonly inUse: readonly string[];
  /** There is no message; a thread that cannot load the model answers {@link ModelUnloadable} and goes on with those it holds. */
  readonly loadOnly: boolean;
  /** Packed by {@link packMessages}; its memory moves to the thread. */
  readonly packed: ArrayBuffer;
  /** The decision policy as JSON; parsed by a thread once per revision. */
  readonly policy: string;
  readonly policyRevision: number;
  readonly exactScores: ExactScores;
  readonly every: boolean;
  readonly explain: boolean;
  readonly sample: number;
  readonly audit: boolean;
}

export interface ScoreAnswer {
  readonly model: string;
  /** UTF-8 JSON of {@link AnswerBody}; its memory moves to the main thread. */
  readonly body: Uint8Array;
  readonly statistics: BatchStatistics;
}

/** Why the model could not be loaded, as an error of these codes. */
export interface ModelUnloadable {
  readonly unloadable: string;
  readonly code: UnloadableCode;
}

export const unloadableCodes = ['MODEL_CORRUPT', 'MODEL_REFUSED'] as const satisfies readonly ErrorCode[];
export type UnloadableCode = (typeof unloadableCodes)[number];

export type ThreadReply = ScoreAnswer | ModelUnloadable;

interface AnswerBody {
  readonly scored: readonly ScoredMessage[];
  readonly unreadable: readonly UnreadableMessage[];
  readonly sampled?: readonly number[];
}

const WORD = Uint32Array.BYTES_PER_ELEMENT;

/** Layout: count, count + 1 offsets from the start of the bytes (all u32), then the bytes of each message. */
export function packMessages(messages: readonly Uint8Array[]): ArrayBuffer {
  let total = 0;
  for (const bytes of messages) total += bytes.length;
  const headerWords = messages.length + 2;
  const packed = new ArrayBuffer(headerWords * WORD + total);
  const header = new Uint32Array(packed, 0, headerWords);
  const body = new Uint8Array(packed, headerWords * WORD);
  header[0] = messages.length;
  let at = 0;
  for (let i = 0; i < messages.length; i++) {
    header[i + 1] = at;
    body.set(messages[i]!, at);
    at += messages[i]!.length;
  }
  header[headerWords - 1] = at;
  return packed;
}

/** A packed batch, seen message by message without copying. */
export class PackedMessages {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly #offsets: Uint32Array;

  constructor(packed: ArrayBuffer) {
    this.count = new Uint32Array(packed, 0, 1)[0]!;
    this.#offsets = new Uint32Array(packed, WORD, this.count + 1);
    this.bytes = new Uint8Array(packed, (this.count + 2) * WORD);
  }

  start(index: number): number {
    return this.#offsets[index]!;
  }

  end(index: number): number {
    return this.#offsets[index + 1]!;
  }
}

export function encodeAnswer(
  model: string,
  scored: readonly ScoredMessage[],
  unreadable: readonly UnreadableMessage[],
  statistics: BatchStatistics,
  sampled?: readonly number[],
): ScoreAnswer {
  const body: AnswerBody = { scored, unreadable, ...(sampled === undefined ? {} : { sampled }) };
  return { model, body: new TextEncoder().encode(JSON.stringify(body)), statistics };
}

export function decodeAnswer(answer: ScoreAnswer): ScoredBatch {
  const body = JSON.parse(new TextDecoder().decode(answer.body)) as AnswerBody;
  return { model: answer.model, statistics: answer.statistics, ...body };
}
