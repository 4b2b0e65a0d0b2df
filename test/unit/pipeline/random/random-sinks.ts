import { SluiceError } from '../../../../src/core/errors.ts';
import type { Refusal } from '../../../../src/core/refusal.ts';
import type { ScoredBatch } from '../../../../src/core/scored-batch.ts';
import type { Sinks } from '../../../../src/pipeline/route.ts';
import type { ScoreOptions, Scorer } from '../../../../src/ports/scorer.ts';
import { scoredOf } from '../fakes.ts';
import type { Faults } from './faults.ts';
import type { Chance } from './schedule.ts';
import type { Kind, Stored } from './stored.ts';

const decoder = new TextDecoder();

/** Of these messages a sink refuses the record for good, in every call. */
const isRefused = (text: string) => /[37]$/.test(text);

/** Sinks that keep what they accept in memory until they are flushed; review rows are durable at once. */
export function randomSinks(stored: Stored, faults: Faults): Sinks {
  const memory = () => {
    const own = new Set<string>();
    return {
      keep: (text: string, kind: Kind) => {
        own.add(`${text} ${kind}`);
        stored.accept(text, kind, false);
      },
      flush: async () => {
        // What is accepted while it runs is not made durable by it.
        const covered = [...own];
        await faults.call(() => {
          for (const each of covered) if (stored.accepted.delete(each)) stored.durable.add(each);
        });
      },
      close: async () => {},
    };
  };
  const sink = <T>(textOf: (each: T) => string | null, kind: Kind) => {
    const { keep, ...rest } = memory();
    return {
      ...rest,
      publish: (things: readonly T[]) =>
        faults.call(() => {
          const refusals: Refusal[] = [];
          for (const [index, each] of things.entries()) {
            const text = textOf(each);
            if (text === null) continue;
            if (isRefused(text)) refusals.push({ index, reason: 'refused by plan' });
            else keep(text, kind);
          }
          return refusals;
        }),
    };
  };
  const { keep: keepRefused, ...refused } = memory();
  const messageId = ({ message_id }: { readonly message_id: string | null }) => message_id;
  return {
    verdicts: sink(messageId, 'verdict'),
    deadLetters: sink(({ bytes }: { readonly bytes: Uint8Array }) => decoder.decode(bytes), 'letter'),
    trace: stored.isTraced ? sink(messageId, 'traced') : null,
    refused: {
      ...refused,
      write: (records) =>
        faults.call(() => {
          for (const each of records)
            if (each.sink === 'dead-letters') keepRefused(decoder.decode(each.record.bytes), 'letter');
            else if (each.record.message_id !== null)
              keepRefused(each.record.message_id, each.sink === 'trace' ? 'traced' : 'verdict');
        }),
    },
    reviews: {
      add: (items) =>
        faults.call(() => {
          for (const { message_id } of items) stored.accept(message_id, 'review', true);
          return items.length;
        }),
      settleSeconds: 0,
      list: async () => [],
      count: async () => ({ open: 0, leased: 0, labelled: 0, erased: 0 }),
      close: async () => {},
    },
  };
}

/** Its threads die of `kill-…`, and now and then, but never twice of the same message, of something else. */
export class RandomScorer implements Scorer {
  readonly #faults: Faults;
  readonly #chance: Chance;
  readonly #lostOnce = new Set<string>();
  readonly #deaths: number;
  running = 0;
  mostRunning = 0;

  constructor(faults: Faults, chance: Chance, deaths: number) {
    this.#faults = faults;
    this.#chance = chance;
    this.#deaths = deaths;
  }

  async score(batch: readonly Uint8Array[], { every = false }: ScoreOptions = {}): Promise<ScoredBatch> {
    const texts = batch.map((bytes) => decoder.decode(bytes));
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      // Scoring is waited for without limit: a thread that hangs is a matter of the SIGKILL.
      await this.#faults.call(() => {}, { answers: true });
    } finally {
      this.running--;
    }
    const isKilled = texts.some((text) => text.startsWith('kill'));
    if (isKilled || this.#diesByChance(texts))
      throw new SluiceError('SCORER_THREAD_LOST', 'the thread died', { retriable: true });
    return scoredOf(texts, every);
  }

  #diesByChance(texts: readonly string[]): boolean {
    const isProbe = texts.some((text) => text.startsWith('{'));
    if (isProbe || texts.some((text) => this.#lostOnce.has(text)) || !this.#chance.hits(this.#deaths))
      return false;
    for (const text of texts) this.#lostOnce.add(text);
    return true;
  }
}
