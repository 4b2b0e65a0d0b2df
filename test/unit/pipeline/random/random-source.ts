import { type Batch, bytesOf } from '../../../../src/core/batch.ts';
import type { ByteBudget } from '../../../../src/core/byte-budget.ts';
import type { CommittableOffset, TopicPartition } from '../../../../src/core/topic-partition.ts';
import type { MessageSource, PartitionLag, SourceEvents } from '../../../../src/ports/message-source.ts';
import type { Faults } from './faults.ts';
import type { Chance } from './schedule.ts';
import type { Stored } from './stored.ts';

export interface RandomSourceParts {
  readonly stored: Stored;
  readonly faults: Faults;
  readonly chance: Chance;
  readonly budget: ByteBudget;
  /** Whether it charges the budget itself. */
  readonly charges: boolean;
  /** Whether it knows about partitions that are to be skipped. */
  readonly skips: boolean;
}

interface Assigned {
  readonly epoch: number;
  position: number;
  committed: number;
  /** Fetched and charged ahead, by a source that does so. */
  buffered: Batch | undefined;
}

/**
 * Gives batches of random sizes of random partitions, and ends. It believes each offset that it is asked to commit, as the
 * file source does, so that one of an earlier epoch does harm.
 */
export class RandomSource implements MessageSource {
  readonly #parts: RandomSourceParts;
  readonly #assigned: Assigned[];
  #events: SourceEvents | undefined;
  #isClosed = false;

  constructor(parts: RandomSourceParts) {
    this.#parts = parts;
    this.#assigned = parts.stored.partitions.map((_, partition) => this.#assign(partition, 1));
  }

  async open(events: SourceEvents): Promise<void> {
    this.#events = events;
  }

  async pull(
    signal: AbortSignal,
    skip: (at: TopicPartition) => boolean = () => false,
  ): Promise<Batch | undefined> {
    const { faults, skips } = this.#parts;
    await faults.call(() => {});
    if (signal.aborted) return undefined;
    const due = this.#assigned.flatMap(({ position }, partition) =>
      position < this.#parts.stored.partitions[partition]!.texts.length ? [partition] : [],
    );
    if (due.length === 0) return undefined;
    const wanted = skips ? due.filter((partition) => !skip({ topic: 'chat', partition })) : due;
    if (wanted.length > 0) return this.#give(this.#parts.chance.of(wanted));
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return undefined;
  }

  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    const { faults, stored } = this.#parts;
    await faults.call(
      () => {
        for (const { partition, nextOffset } of offsets) {
          const assigned = this.#assigned[partition]!;
          if (nextOffset > assigned.position) throw new Error('committed ahead of what was pulled');
          if (nextOffset < assigned.committed) throw new Error('an offset was followed by an earlier one');
          stored.commit(partition, nextOffset);
          assigned.committed = nextOffset;
        }
      },
      { atOnce: true },
    );
  }

  async lag(): Promise<readonly PartitionLag[]> {
    return [];
  }

  async close(): Promise<void> {
    await this.#parts.faults.call(() => {
      for (const { buffered } of this.#assigned) this.#parts.budget.release(buffered?.chargedBytes ?? 0);
      this.#isClosed = true;
    });
  }

  /** Takes a partition away and gives it back: from what is committed, or, when it is replaced, with other messages. */
  async revoke(partition: number, kind: 'rebalance' | 'hasty' | 'replace'): Promise<void> {
    const { stored, faults } = this.#parts;
    if (this.#events === undefined || this.#isClosed) return;
    if (kind === 'rebalance') await this.#events.revoking?.();
    if (faults.isDead || this.#isClosed) return;
    const assigned = this.#assigned[partition]!;
    this.#events.revoked({ topic: 'chat', partition }, assigned.epoch);
    this.#parts.budget.release(assigned.buffered?.chargedBytes ?? 0);
    if (kind === 'replace') stored.replace(partition);
    this.#assigned[partition] = this.#assign(partition, assigned.epoch + 1);
  }

  #assign(partition: number, epoch: number): Assigned {
    const { committed } = this.#parts.stored.partitions[partition]!;
    const assigned = { epoch, position: committed, committed, buffered: undefined };
    return { ...assigned, buffered: this.#fetch(partition, assigned) };
  }

  #give(partition: number): Batch {
    const assigned = this.#assigned[partition]!;
    const { stored, chance, charges } = this.#parts;
    const { position, epoch, buffered } = assigned;
    const batch = buffered ?? stored.batchAt(partition, position, 1 + chance.below(3), epoch);
    assigned.position = batch.nextOffset;
    if (charges) assigned.buffered = this.#fetch(partition, assigned);
    return batch;
  }

  #fetch(partition: number, { position, epoch }: Omit<Assigned, 'buffered'>): Batch | undefined {
    const { stored, chance, charges, budget } = this.#parts;
    if (!charges || position >= stored.partitions[partition]!.texts.length) return undefined;
    const batch = stored.batchAt(partition, position, 1 + chance.below(3), epoch);
    const chargedBytes = bytesOf(batch);
    budget.charge(chargedBytes);
    return { ...batch, chargedBytes };
  }
}
