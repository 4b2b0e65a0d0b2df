import type { Batch, MessageHeaders } from '../../../src/core/batch.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Refusal } from '../../../src/core/refusal.ts';
import type { BatchStatistics, ScoredBatch, ScoredMessage } from '../../../src/core/scored-batch.ts';
import type { CommittableOffset } from '../../../src/core/topic-partition.ts';
import type { Verdict, VerdictName } from '../../../src/core/verdict.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { MessageSource, SourceEvents } from '../../../src/ports/message-source.ts';
import type { RefusedRecord, RefusedSink } from '../../../src/ports/refused-sink.ts';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';
import type { Telemetry } from '../../../src/ports/telemetry.ts';
import type { TraceEntry } from '../../../src/ports/trace-sink.ts';
import type { VerdictSink } from '../../../src/ports/verdict-sink.ts';

/**
 * Time passes only by sleeping, and sleeping takes one turn of the event loop. The wall clock can be stepped by
 * `wallSeconds` without the monotonic one noticing, and the two begin far apart, so that mixing them up shows.
 */
export class TurnClock implements Clock {
  seconds = 1000;
  wallSeconds = 1_699_999_000;
  readonly sleeps: number[] = [];

  now(): number {
    return (this.wallSeconds + this.seconds) * 1000;
  }

  elapsed(): number {
    return this.seconds;
  }

  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    this.sleeps.push(seconds);
    await turn();
    this.seconds += seconds;
  }
}

export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export class RecordingLog implements Log {
  readonly lines: LogLine[];

  constructor(lines: LogLine[] = []) {
    this.lines = lines;
  }

  debug(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.lines.push({ level: 'debug', fields, text });
  }
  info(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.lines.push({ level: 'info', fields, text });
  }
  warn(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.lines.push({ level: 'warn', fields, text });
  }
  error(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.lines.push({ level: 'error', fields, text });
  }
  child(): Log {
    return this;
  }
}

/** Every call, as [method, argument]. */
export function recordingTelemetry(): {
  readonly telemetry: Telemetry;
  readonly calls: (readonly [string, unknown])[];
} {
  const calls: (readonly [string, unknown])[] = [];
  const telemetry = new Proxy({} as Telemetry, {
    get: (_, method: string) => (argument: unknown, count?: number) =>
      calls.push([method, count === undefined ? argument : [argument, count]]),
  });
  return { telemetry, calls };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Messages say themselves what becomes of them: `ham-1`, `spam-2`, `review-3`, `unscorable-4`, `broken-5`, `kill-6`. */
export function batchOf(
  texts: readonly string[],
  at: Partial<Batch> & { readonly start?: number } = {},
): Batch {
  const start = at.start ?? 0;
  return {
    topic: at.topic ?? 'chat',
    partition: at.partition ?? 0,
    epoch: at.epoch ?? 1,
    messages: texts.map((text, i) => ({
      offset: start + i,
      nextOffset: start + i + 1,
      bytes: encoder.encode(text),
      receivedElapsed: 1000 - i,
    })),
    nextOffset: start + texts.length,
  };
}

export class TextScorer implements Scorer {
  readonly asked: (readonly string[])[] = [];
  options: ScoreOptions | undefined;
  /** Batches that are being scored now, and the most there ever were. */
  running = 0;
  mostRunning = 0;
  /** Awaited by each call; a test may replace it. */
  before: (texts: readonly string[]) => Promise<void> = async () => {};

  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    const texts = batch.map((bytes) => decoder.decode(bytes));
    this.asked.push(texts);
    this.options = options;
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await this.before(texts);
    } finally {
      this.running--;
    }
    if (texts.some((text) => text.startsWith('kill')))
      throw new SluiceError('SCORER_THREAD_LOST', 'the thread died', { retriable: true });
    return scoredOf(texts, options.every ?? false);
  }
}

export function scoredOf(texts: readonly string[], every: boolean): ScoredBatch {
  const scored: ScoredMessage[] = [];
  const unreadable: ScoredBatch['unreadable'][number][] = [];
  const counts = { ham: 0, review: 0, spam: 0, unreadable: 0 };
  for (const [index, text] of texts.entries()) {
    const kind = text.split('-')[0]!;
    if (kind === 'broken') {
      counts.unreadable++;
      unreadable.push({ index, reason: 'not-json', detail: 'made to be broken' });
      continue;
    }
    const verdict = (kind === 'unscorable' ? 'review' : kind in counts ? kind : 'ham') as VerdictName;
    counts[verdict]++;
    if (verdict === 'ham' && !every) continue;
    scored.push({
      index,
      message: { message: text, message_id: text, community: 'forum' },
      verdict,
      probability: verdict === 'spam' ? 0.9 : 0.6,
      probabilityMin: 0.5,
      probabilityMax: 0.95,
      reasons: ['because'],
      unscorable: kind === 'unscorable',
    });
  }
  return { model: 'model-1', scored, unreadable, statistics: statisticsOf(counts) };
}

export function statisticsOf(counts: {
  ham: number;
  review: number;
  spam: number;
  unreadable: number;
}): BatchStatistics {
  return {
    ...counts,
    decodeSeconds: 0,
    featurizeSeconds: 0,
    inferSeconds: 0,
    endedAtStage: [0],
    treesEvaluated: 0,
    treesInAll: 0,
    scores: { counts: [], sum: 0 },
  };
}

/** Keeps what it gets; `fail` is asked before each publish, flush or add and may throw. */
export class RecordingSinks {
  readonly published: Verdict[] = [];
  readonly items: NewReviewItem[] = [];
  readonly letters: DeadLetter[] = [];
  readonly traced: TraceEntry[] = [];
  readonly log: string[] = [];
  fail: (what: string) => void | Promise<void> = () => {};
  /** What the sink of that name answers to a publish; a record that it refuses is not kept. */
  refuse: (name: string, things: readonly unknown[]) => readonly Refusal[] = () => [];
  /** Headers that came with the verdicts, each at the index of its verdict. */
  readonly headers: (MessageHeaders | undefined)[] = [];
  readonly keptRefused: RefusedRecord[] = [];

  readonly verdicts: VerdictSink = {
    ...this.#sink('verdicts', this.published),
    publish: async (things, headers = []) => {
      const refusals = await this.#publish('verdicts', this.published, things);
      this.headers.push(...headers.filter((_, i) => !refusals.some(({ index }) => index === i)));
      return refusals;
    },
  };
  readonly refused: RefusedSink = {
    ...this.#sink('refused', this.keptRefused),
    write: async (records) => {
      await this.#try('write refused');
      this.keptRefused.push(...records);
    },
  };
  readonly deadLetters = this.#sink('deadLetters', this.letters);
  readonly trace = this.#sink('trace', this.traced);
  readonly reviews: ReviewStore = {
    settleSeconds: 0,
    add: async (items) => {
      await this.#try('add reviews');
      this.items.push(...items);
      return items.length;
    },
    list: async () => [],
    count: async () => ({ open: this.items.length, leased: 0, labelled: 0, erased: 0 }),
    close: async () => {},
  };

  #sink<T>(name: string, into: T[]) {
    return {
      publish: (things: readonly T[]) => this.#publish(name, into, things),
      flush: () => this.#try(`flush ${name}`),
      close: async () => {},
    };
  }

  async #publish<T>(name: string, into: T[], things: readonly T[]): Promise<readonly Refusal[]> {
    await this.#try(`publish ${name}`);
    const refusals = this.refuse(name, things);
    into.push(...things.filter((_, i) => !refusals.some(({ index }) => index === i)));
    return refusals;
  }

  async #try(what: string): Promise<void> {
    this.log.push(what);
    await this.fail(what);
  }
}

/** Gives out what it was given, then ends, or waits for the signal when `ends` is false. */
export class ListSource implements MessageSource {
  readonly #batches: Batch[];
  readonly #ends: boolean;
  readonly commits: (readonly CommittableOffset[])[] = [];
  readonly log: string[] = [];
  pulled = 0;
  events: SourceEvents | undefined;
  failCommit: () => void = () => {};
  failPull: () => void = () => {};

  constructor(batches: readonly Batch[], ends = true) {
    this.#batches = [...batches];
    this.#ends = ends;
  }

  async open(events: SourceEvents): Promise<void> {
    this.events = events;
    this.log.push('open');
  }

  async pull(signal: AbortSignal, skip: (at: Batch) => boolean = () => false): Promise<Batch | undefined> {
    this.failPull();
    if (signal.aborted) return undefined;
    const next = this.#batches.findIndex((batch) => !skip(batch));
    if (next !== -1) {
      this.pulled++;
      return this.#batches.splice(next, 1)[0];
    }
    if (this.#ends && this.#batches.length === 0) return undefined;
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
  }

  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    this.failCommit();
    this.log.push('commit');
    this.commits.push(offsets);
  }

  /** The last offset committed for a partition. */
  committed(topic = 'chat', partition = 0): number | undefined {
    return this.commits.flat().findLast((each) => each.topic === topic && each.partition === partition)
      ?.nextOffset;
  }

  async lag(): Promise<[]> {
    return [];
  }

  async close(): Promise<void> {
    this.log.push('close');
  }
}

export function retriable(): SluiceError {
  return new SluiceError('SINK_FAILED', 'away for a while', { retriable: true });
}
