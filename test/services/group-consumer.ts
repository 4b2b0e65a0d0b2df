import type { Kafka } from 'kafkajs';
import type { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import type { Batch } from '../../src/core/batch.ts';
import { openSource } from './opened-source.ts';

/** What all members of a group have delivered, and how far they have committed. */
export class Deliveries {
  /** The text of each position, as `partition/offset`. */
  readonly texts = new Map<string, string>();
  /** Positions that were delivered again. */
  repeats = 0;
  /** What must never be: a position with two texts, or one that was delivered again after it was committed. */
  readonly wrong: string[] = [];
  readonly #committed = new Map<number, number>();

  note(member: string, { partition, messages }: Batch): void {
    for (const { offset, bytes } of messages) {
      const position = `${partition}/${offset}`;
      const text = Buffer.from(bytes).toString();
      const before = this.texts.get(position);
      if (before !== undefined) this.repeats++;
      if (before !== undefined && before !== text) this.wrong.push(`${position}: ${before}, then ${text}`);
      if (offset < (this.#committed.get(partition) ?? 0))
        this.wrong.push(`${position} was committed before ${member} delivered it`);
      this.texts.set(position, text);
    }
  }

  committed({ partition, nextOffset }: Batch): void {
    this.#committed.set(partition, Math.max(this.#committed.get(partition) ?? 0, nextOffset));
  }

  /** Whether each of the partitions has delivered a text that begins so. */
  hasFromEach(prefix: string, partitions: number): boolean {
    return this.partitionsOf(prefix).length === partitions;
  }

  /** The partitions that have delivered a text that begins so. */
  partitionsOf(prefix: string): readonly string[] {
    const found = new Set<string>();
    for (const [position, text] of this.texts)
      if (text.startsWith(prefix)) found.add(position.slice(0, position.indexOf('/')));
    return [...found].sort();
  }
}

const COMMIT_MILLISECONDS = 50;

/**
 * A member of a group that delivers until it is closed, and commits as the pipeline does: from time to time, and all that it
 * has delivered before its partitions are revoked.
 */
export class GroupConsumer {
  readonly #name: string;
  readonly #deliveries: Deliveries;
  readonly #stop = new AbortController();
  readonly #revoked = new Set<string>();
  #source: KafkaSource | undefined;
  #uncommitted: Batch[] = [];
  #working: Promise<unknown> = Promise.resolve();
  #committing: Promise<void> = Promise.resolve();
  /** The partitions of what it has delivered since this was cleared. */
  readonly delivered = new Set<number>();

  private constructor(name: string, deliveries: Deliveries) {
    this.#name = name;
    this.#deliveries = deliveries;
  }

  static async open(
    name: string,
    kafka: Kafka,
    where: { readonly topic: string; readonly group: string },
    deliveries: Deliveries,
  ): Promise<GroupConsumer> {
    const consumer = new GroupConsumer(name, deliveries);
    consumer.#source = await openSource(kafka, {
      ...where,
      maxMessages: 50,
      revoked: ({ partition }, epoch) => consumer.#revoked.add(`${partition}@${epoch}`),
      revoking: () => consumer.#commit(),
    });
    consumer.#working = Promise.all([consumer.#deliver(), consumer.#commitRegularly()]);
    return consumer;
  }

  get source(): KafkaSource {
    return this.#source!;
  }

  /** Commits what it has delivered, and leaves the group. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#working;
    await this.#commit();
    await this.source.close();
  }

  async #deliver(): Promise<void> {
    for (;;) {
      const batch = await this.source.pull(this.#stop.signal);
      if (batch === undefined) return;
      this.#deliveries.note(this.#name, batch);
      this.delivered.add(batch.partition);
      this.#uncommitted.push(batch);
    }
  }

  async #commitRegularly(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, COMMIT_MILLISECONDS));
      await this.#commit();
    }
  }

  /** One after the other: a commit must not be overtaken by an earlier one. */
  #commit(): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commitOnce());
    return this.#committing;
  }

  async #commitOnce(): Promise<void> {
    // What was revoked is not committed, and the source says nothing of it.
    const isOurs = ({ partition, epoch }: Batch) => !this.#revoked.has(`${partition}@${epoch}`);
    this.#uncommitted = this.#uncommitted.filter(isOurs);
    const ours = [...this.#uncommitted];
    if (ours.length === 0) return;
    try {
      await this.source.commit(latest(ours));
    } catch {
      return;
    }
    for (const batch of ours) this.#deliveries.committed(batch);
    this.#uncommitted = this.#uncommitted.filter((batch) => !ours.includes(batch));
  }
}

/** The last batch of each partition. */
function latest(batches: readonly Batch[]): readonly Batch[] {
  return [...new Map(batches.map((batch) => [batch.partition, batch])).values()];
}
