import type { Batch } from '../../../../src/core/batch.ts';
import { batchOf } from '../fakes.ts';

/** What becomes of a message; its text says which. */
export type Kind = 'verdict' | 'review' | 'letter' | 'traced';

/** One partition on the other side: its messages, and how far its group has committed. */
export interface StoredPartition {
  texts: readonly string[];
  committed: number;
}

const kindOfText: Readonly<Record<string, Kind>> = {
  spam: 'verdict',
  review: 'review',
  unscorable: 'review',
  broken: 'letter',
  kill: 'letter',
  ham: 'traced',
};

export function expectedKind(text: string): Kind {
  return kindOfText[text.split('-')[0]!]!;
}

/** What outlives a process: messages, committed offsets, and outcomes, those apart that only a flush makes durable. */
export class Stored {
  readonly partitions: StoredPartition[];
  readonly isTraced: boolean;
  /** `text kind` of what was accepted since the last flush began. */
  readonly accepted = new Set<string>();
  readonly durable = new Set<string>();
  /** Every kind that a message was ever accepted as. */
  readonly #kinds = new Map<string, Set<Kind>>();
  #generations = 0;

  constructor(partitions: readonly (readonly string[])[], isTraced: boolean) {
    this.isTraced = isTraced;
    this.partitions = partitions.map((texts) => ({ texts: this.#named(texts), committed: 0 }));
  }

  /** The partition begins again with other messages, as a file that was replaced. */
  replace(partition: number): void {
    const kinds = this.partitions[partition]!.texts.map((text) => text.split('-')[0]!);
    this.partitions[partition] = { texts: this.#named(kinds.reverse()), committed: 0 };
  }

  accept(text: string, kind: Kind, isDurable: boolean): void {
    (isDurable ? this.durable : this.accepted).add(`${text} ${kind}`);
    if (kind === 'traced') return;
    const kinds = this.#kinds.get(text) ?? new Set();
    this.#kinds.set(text, kinds.add(kind));
  }

  /** Throws where the offset is ahead of a message whose outcome is not durable. */
  commit(partition: number, nextOffset: number): void {
    const { texts } = this.partitions[partition]!;
    if (nextOffset > texts.length)
      throw new Error(`committed ${nextOffset} of ${texts.length} messages of partition ${partition}`);
    for (const text of texts.slice(0, nextOffset)) this.#expectDurable(text);
    this.partitions[partition]!.committed = nextOffset;
  }

  /** What was accepted and not flushed is lost with the process, as with its machine. */
  crash(): void {
    this.accepted.clear();
  }

  /** Throws unless every message has its outcome, and none has another. */
  expectComplete(): void {
    for (const { texts, committed } of this.partitions) {
      for (const text of texts) this.#expectDurable(text);
      if (committed !== texts.length) throw new Error(`committed ${committed} of ${texts.length} at the end`);
    }
    for (const [text, kinds] of this.#kinds)
      if (kinds.size !== 1 || !kinds.has(expectedKind(text)))
        throw new Error(`${text} became ${[...kinds].join(' and ')}`);
  }

  batchAt(partition: number, from: number, count: number, epoch: number): Batch {
    const texts = this.partitions[partition]!.texts.slice(from, from + count);
    return batchOf(texts, { partition, start: from, epoch });
  }

  #expectDurable(text: string): void {
    const kind = expectedKind(text);
    if (kind !== 'traced' && !this.durable.has(`${text} ${kind}`))
      throw new Error(`${text} is committed or at its end, and its ${kind} is not durable`);
    if (this.isTraced && kind !== 'letter' && !this.durable.has(`${text} traced`))
      throw new Error(`${text} is committed or at its end, and its trace is not durable`);
  }

  #named(kinds: readonly string[]): readonly string[] {
    const generation = this.#generations++;
    return kinds.map((kind, i) => `${kind}-${generation}-${i}`);
  }
}
