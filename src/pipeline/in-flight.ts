import { type Batch, bytesOf } from '../core/batch.ts';
import type { ByteBudget } from '../core/byte-budget.ts';
import { type TopicPartition, topicPartitionKey } from '../core/topic-partition.ts';
import { Change } from './change.ts';

export interface InFlightOptions {
  /** Batches that may be scored, or wait for a thread, at the same time. */
  readonly maxScoring: number;
  /** Batches of one partition that may be unsettled, whatever they wait for. */
  readonly maxPerPartition: number;
  /** Memory of all messages between the source and their outcome. */
  readonly budget: ByteBudget;
  /** Called when a partition for which {@link InFlight.isFull} was true has room again. */
  readonly onRoom: () => void;
}

interface Unsettled {
  batches: number;
  bytes: number;
}

/** One partition may occupy this share of the byte budget, so that a sink which blocks it leaves room for others. */
const SHARE_OF_PARTITION = 0.25;

/**
 * Bounds what is pulled and not settled. Scoring slots are held only while a batch is scored: a batch that waits for a
 * sink holds memory, which the byte budget bounds, and a part of its partition's bound, but keeps no other partition and no
 * other sink from going on.
 */
export class InFlight {
  readonly #options: InFlightOptions;
  readonly #change = new Change();
  readonly #partitions = new Map<string, Unsettled>();
  #scoring = 0;
  #count = 0;
  #sourceCharges = false;

  constructor(options: InFlightOptions) {
    this.#options = options;
  }

  /** Batches that are pulled and not settled. */
  get count(): number {
    return this.#count;
  }

  /** Whether nothing more of the partition should be pulled for now. */
  isFull(at: TopicPartition): boolean {
    return this.#hasFilled(this.#partitions.get(topicPartitionKey(at)));
  }

  /** Resolves when another batch may be pulled, or when `stop` aborts. */
  async whenSlot(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && !this.#hasSlot()) await this.#change.wait(stop);
  }

  async whenNoneIsScored(): Promise<void> {
    while (this.#scoring > 0) await this.#change.wait();
  }

  async whenEmpty(): Promise<void> {
    while (this.#count > 0) await this.#change.wait();
  }

  /**
   * Runs `work` for a batch, which calls `scored` when the batch needs its scoring slot no longer. What the batch is charged
   * is released once, when `work` ends. `work` must not reject: it handles its failures itself.
   */
  enter(batch: Batch, work: (scored: () => void) => Promise<void>): void {
    const { budget, onRoom } = this.#options;
    const key = topicPartitionKey(batch);
    const charged = batch.chargedBytes ?? bytesOf(batch);
    this.#sourceCharges = batch.chargedBytes !== undefined;
    if (!this.#sourceCharges) budget.charge(charged);
    const unsettled = this.#partitions.get(key) ?? { batches: 0, bytes: 0 };
    this.#partitions.set(key, unsettled);
    unsettled.batches++;
    unsettled.bytes += charged;
    this.#count++;
    this.#scoring++;
    let holdsSlot = true;
    const scored = () => {
      if (!holdsSlot) return;
      holdsSlot = false;
      this.#scoring--;
      this.#change.notify();
    };
    void work(scored).finally(() => {
      const wasFull = this.#hasFilled(unsettled);
      unsettled.batches--;
      unsettled.bytes -= charged;
      if (unsettled.batches === 0) this.#partitions.delete(key);
      this.#count--;
      budget.release(charged);
      scored();
      this.#change.notify();
      if (wasFull && !this.#hasFilled(unsettled)) onRoom();
    });
  }

  #hasSlot(): boolean {
    const { maxScoring, budget } = this.#options;
    if (this.#scoring >= maxScoring) return false;
    // A source that charges has counted its next batch already, and reads no more while the budget is exhausted. Of any
    // other, one batch may always be in flight: what is larger than the whole budget must get through too.
    return this.#sourceCharges || !budget.isExhausted || this.#count === 0;
  }

  #hasFilled(unsettled: Unsettled | undefined): boolean {
    if (unsettled === undefined) return false;
    const { maxPerPartition, budget } = this.#options;
    return unsettled.batches >= maxPerPartition || unsettled.bytes >= SHARE_OF_PARTITION * budget.limit;
  }
}
