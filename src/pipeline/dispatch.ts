import type { Batch } from '../core/batch.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { ScoringJournal } from '../ports/scoring-journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { PoisonFinder, type ScoredPart } from './find-poison-messages.ts';
import type { RetryOptions } from './retry.ts';

/** The result of scoring one batch: usually one part, or several if a poison message had to be found. */
export interface BatchResult {
  readonly parts: readonly ScoredPart[];
  /** Indices of poison messages: each was scored alone, and its thread or process died twice. */
  readonly poisoned: readonly number[];
}

/** Finds a message that ends the whole process, and not only a thread. */
export interface CrashGuard {
  readonly journal: ScoringJournal;
  /** Scores in a process of its own. */
  readonly alone: Scorer;
}

export interface DispatcherParts {
  readonly scorer: Scorer;
  readonly crashGuard: CrashGuard | undefined;
  readonly telemetry: Telemetry;
  readonly scoreOptions: ScoreOptions;
  readonly retry: Omit<RetryOptions, 'what'>;
}

/** Suspects scored at once: few enough that a watchdog sees progress between them, also where one hangs. */
const MOST_ALONE = 64;

/**
 * Hands batches to the scorer and finds poison messages. A message that was being scored at several crashes of this process is
 * scored in a separate process.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  async score(batch: Batch): Promise<BatchResult> {
    const { scorer, crashGuard } = this.#parts;
    const parts: ScoredPart[] = [];
    const poisoned: number[] = [];
    const finderWith = (with_: Scorer) => this.#finder(with_, parts, poisoned);
    if (crashGuard === undefined) {
      await finderWith(scorer).score(bytesOf(batch, 0, batch.messages.length), 0);
      return { parts, poisoned };
    }
    const { journal, alone } = crashGuard;
    const done = journal.begin(batch);
    try {
      for (const { from, to, suspect } of stretchesOf(batch, journal.suspectsIn(batch)))
        await finderWith(suspect ? alone : scorer).score(bytesOf(batch, from, to), from);
    } finally {
      done();
    }
    return { parts, poisoned };
  }

  #finder(scorer: Scorer, parts: ScoredPart[], poisoned: number[]): PoisonFinder {
    const { telemetry, scoreOptions, retry } = this.#parts;
    return new PoisonFinder({
      scorer,
      scoreOptions,
      retry,
      onScored: (part) => {
        parts.push(part);
        const { decodeSeconds, featurizeSeconds, inferSeconds } = part.statistics;
        const queueSeconds = Math.max(0, part.seconds - decodeSeconds - featurizeSeconds - inferSeconds);
        telemetry.batchScored({ model: part.model, queueSeconds, statistics: part.statistics });
      },
      onPoison: (index) => poisoned.push(index),
    });
  }
}

function bytesOf({ messages }: Batch, from: number, to: number): readonly Uint8Array[] {
  return messages.slice(from, to).map(({ bytes }) => bytes);
}

interface Stretch {
  readonly from: number;
  /** Index of the first message behind it. */
  readonly to: number;
  readonly suspect: boolean;
}

/** The batch in stretches of messages that are suspects, and of others. */
function stretchesOf(
  { messages }: Batch,
  suspects: ((offset: number) => boolean) | undefined,
): readonly Stretch[] {
  if (suspects === undefined) return [{ from: 0, to: messages.length, suspect: false }];
  const stretches: Stretch[] = [];
  let from = 0;
  const isSuspect = (index: number) => suspects(messages[index]!.offset);
  while (from < messages.length) {
    const suspect = isSuspect(from);
    let to = from + 1;
    while (to < messages.length && isSuspect(to) === suspect && !(suspect && to - from === MOST_ALONE)) to++;
    stretches.push({ from, to, suspect });
    from = to;
  }
  return stretches;
}
