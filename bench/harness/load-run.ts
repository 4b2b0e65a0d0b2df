import { randomBytes } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { readGroupOffsets } from '../../src/adapters/kafka/group-offsets.ts';
import { describeError, SluiceError } from '../../src/core/errors.ts';
import { count } from '../report/statistics.ts';
import { committedOf } from './bench-broker.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { LoadMessages } from './load-messages.ts';
import { LoadSchedule } from './load-schedule.ts';

export interface LoadOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly verdictsTopic: string;
  /** The topic to which the daemons publish the outcome of each message; followed if it exists. */
  readonly traceTopic: string;
  /** Whose lag is measured. */
  readonly group: string;
  readonly rate: number;
  readonly seconds: number;
  readonly rampSeconds: number;
  readonly spamShare: number;
  readonly length?: number;
  /** How long answers are awaited after the last message. */
  readonly waitSeconds: number;
  readonly say: (text: string) => void;
}

/** All latencies in milliseconds from the time a message was due, of messages after the ramp. */
export interface LoadResult {
  readonly sent: number;
  /** Messages that the broker did not take. */
  readonly failed: number;
  /** Acknowledged messages over the time from the first to the last acknowledgement. */
  readonly sentPerSecond: number;
  /** How late the generator itself was with sending. */
  readonly late: LatencyHistogram;
  readonly acknowledged: LatencyHistogram;
  readonly verdicts: LatencyHistogram;
  /** Of every message; undefined where there is no trace. */
  readonly outcomes: LatencyHistogram | undefined;
  /** With a trace every message, else every spam message. */
  readonly expected: number;
  readonly unanswered: number;
  /** Verdicts on a message that had one. */
  readonly duplicates: number;
  readonly lagMost: number;
  readonly lagAtEnd: number;
}

/** A producer's linger: what is due within it goes in one send. */
const TICK_MS = 4;
const MOST_A_SEND = 2_000;
/** A broker takes 1 MiB for one partition, by its default; characters may have more bytes than one. */
const MOST_CHARACTERS_A_PARTITION = 400_000;
const SMS_CHARACTERS = 160;
/** Sends that wait for the broker; above it sending pauses, while the schedule goes on. */
const MOST_IN_FLIGHT = 200;
const LOOK_MS = 1_000;

/** Sends by a fixed schedule and follows what is answered. Throws `SINK_FAILED` where the cluster can't be reached or lacks a topic. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { kafka, topic } = options;
  const admin = kafka.admin();
  try {
    await admin.connect();
  } catch (error) {
    throw unreachable(error);
  }
  try {
    const partitions = await topicsOf(admin, options);
    const follower = new LoadRun(options, admin, partitions.get(topic)!);
    return await follower.run(partitions.has(options.traceTopic));
  } finally {
    await admin.disconnect();
  }
}

/** Partitions of each of the load's topics that is there. */
async function topicsOf(admin: Admin, options: LoadOptions): Promise<Map<string, number>> {
  const there = new Set(await admin.listTopics());
  for (const needed of [options.topic, options.verdictsTopic])
    if (!there.has(needed))
      throw new SluiceError(
        'SINK_FAILED',
        `the cluster has no topic ${needed}; start a daemon on it, which makes its topics, or name others with --topic and --verdicts-topic`,
      );
  const wanted = [options.topic, options.verdictsTopic, options.traceTopic].filter((name) => there.has(name));
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted });
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

class LoadRun {
  readonly #options: LoadOptions;
  readonly #admin: Admin;
  readonly #partitions: number;
  readonly #schedule: LoadSchedule;
  readonly #messages: LoadMessages;
  readonly #late = new LatencyHistogram();
  readonly #acknowledged = new LatencyHistogram();
  readonly #verdicts = new LatencyHistogram();
  readonly #outcomes = new LatencyHistogram();
  readonly #hasVerdict: Uint8Array;
  readonly #hasOutcome: Uint8Array;
  #startedAt = 0;
  #sent = 0;
  #failed = 0;
  #firstAck = 0;
  #lastAck = 0;
  #answeredSpam = 0;
  #traced = 0;
  #duplicates = 0;
  #failure: unknown;
  #lag = 0;
  #lagKnown = false;
  #lagMost = 0;

  constructor(options: LoadOptions, admin: Admin, partitions: number) {
    this.#options = options;
    this.#admin = admin;
    this.#partitions = partitions;
    this.#schedule = new LoadSchedule(options.rate, options.seconds, options.rampSeconds);
    this.#messages = new LoadMessages(randomBytes(4).toString('hex'), options.spamShare, options.length);
    this.#hasVerdict = new Uint8Array(this.#schedule.total);
    this.#hasOutcome = new Uint8Array(this.#schedule.total);
  }

  async run(traced: boolean): Promise<LoadResult> {
    const { kafka, verdictsTopic, traceTopic } = this.#options;
    const ends = [await this.#follow(verdictsTopic, (i, ms) => this.#verdict(i, ms))];
    if (traced) ends.push(await this.#follow(traceTopic, (i, ms) => this.#outcome(i, ms)));
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const looking = setInterval(() => void this.#look(), LOOK_MS);
    try {
      await this.#send((records) =>
        producer.sendBatch({ acks: -1, topicMessages: [{ topic: this.#options.topic, messages: records }] }),
      );
      await this.#awaitAnswers(traced);
      await this.#look();
    } finally {
      clearInterval(looking);
      await producer.disconnect();
      for (const end of ends) await end();
    }
    const expected = traced ? this.#sent : this.#messages.spamAmong(this.#schedule.total);
    return {
      sent: this.#sent - this.#failed,
      failed: this.#failed,
      sentPerSecond: (1000 * (this.#sent - this.#failed)) / Math.max(1, this.#lastAck - this.#firstAck),
      late: this.#late,
      acknowledged: this.#acknowledged,
      verdicts: this.#verdicts,
      outcomes: traced ? this.#outcomes : undefined,
      expected,
      unanswered: expected - (traced ? this.#traced : this.#answeredSpam),
      duplicates: this.#duplicates,
      lagMost: this.#lagMost,
      lagAtEnd: this.#lag,
    };
  }

  /** Reads a topic from where it ends now. What comes back ends that. */
  async #follow(topic: string, answered: (i: number, ms: number) => void): Promise<() => Promise<void>> {
    const groupId = `sluice-load-${randomBytes(4).toString('hex')}`;
    const consumer = this.#options.kafka.consumer({ groupId, maxWaitTimeInMs: 500 });
    const ends = await this.#admin.fetchTopicOffsets(topic);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: false });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.#failure = payload.error;
    });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch }) => {
        const now = performance.now();
        for (const { value } of batch.messages) {
          const i = value === null ? undefined : this.#messages.numberIn(value);
          if (i !== undefined && i < this.#schedule.total) answered(i, this.#since(i, now));
        }
      },
    });
    for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
    return async () => {
      await consumer.disconnect();
      await this.#admin.deleteGroups([groupId]).catch(() => undefined);
    };
  }

  /** Milliseconds from when message `i` was due. */
  #since(i: number, now: number): number {
    return now - this.#startedAt - 1000 * this.#schedule.secondsOf(i);
  }

  #verdict(i: number, ms: number): void {
    if (this.#hasVerdict[i] === 1) {
      this.#duplicates++;
      return;
    }
    this.#hasVerdict[i] = 1;
    if (this.#messages.isSpam(i)) this.#answeredSpam++;
    if (i >= this.#schedule.firstAfterRamp) this.#verdicts.add(ms);
  }

  #outcome(i: number, ms: number): void {
    if (this.#hasOutcome[i] === 1) return;
    this.#hasOutcome[i] = 1;
    this.#traced++;
    if (i >= this.#schedule.firstAfterRamp) this.#outcomes.add(ms);
  }

  async #send(
    send: (records: { readonly partition: number; readonly value: string }[]) => Promise<unknown>,
  ): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    const characters = (this.#options.length ?? SMS_CHARACTERS) + 100;
    const most = Math.min(
      MOST_A_SEND,
      Math.ceil((MOST_CHARACTERS_A_PARTITION / characters) * this.#partitions),
    );
    // Followers have time to find their places.
    await sleep(1_000);
    this.#startedAt = performance.now();
    while (this.#sent < this.#schedule.total) {
      this.#mustWork();
      const now = performance.now();
      const due = this.#schedule.dueBy((now - this.#startedAt) / 1000);
      if (due > this.#sent && inFlight.size < MOST_IN_FLIGHT) {
        const from = this.#sent;
        const to = Math.min(due, from + most);
        const records = Array.from({ length: to - from }, (_, at) => ({
          partition: (from + at) % this.#partitions,
          value: this.#messages.valueOf(from + at),
        }));
        this.#sent = to;
        for (let i = Math.max(from, this.#schedule.firstAfterRamp); i < to; i++)
          this.#late.add(this.#since(i, now));
        const sending = send(records)
          .then(() => this.#taken(from, to))
          .catch((error: unknown) => {
            this.#failed += to - from;
            this.#options.say(`${count(to - from)} messages could not be sent: ${describeError(error)}\n`);
          })
          .finally(() => inFlight.delete(sending));
        inFlight.add(sending);
        if (to < due) continue;
      }
      await sleep(TICK_MS);
    }
    await Promise.all(inFlight);
  }

  #taken(from: number, to: number): void {
    const now = performance.now();
    if (this.#firstAck === 0) this.#firstAck = now;
    this.#lastAck = now;
    for (let i = Math.max(from, this.#schedule.firstAfterRamp); i < to; i++)
      this.#acknowledged.add(this.#since(i, now));
  }

  async #awaitAnswers(traced: boolean): Promise<void> {
    const sentAt = performance.now();
    const end = sentAt + 1000 * this.#options.waitSeconds;
    const spam = this.#messages.spamAmong(this.#schedule.total);
    while (performance.now() < end) {
      this.#mustWork();
      if (traced ? this.#traced >= this.#sent - this.#failed : this.#answeredSpam >= spam) return;
      // What is committed has its outcome; the lag that is known is at most some looks old.
      if (this.#lagKnown && this.#lag === 0 && performance.now() - sentAt > 3 * LOOK_MS) return;
      await sleep(50);
    }
  }

  async #look(): Promise<void> {
    const { topic, group, say } = this.#options;
    try {
      const offsets = await readGroupOffsets(this.#admin, group, topic);
      const high = offsets.reduce((sum, each) => sum + each.high, 0);
      this.#lag = Math.max(0, high - committedOf(offsets));
      this.#lagKnown = true;
      this.#lagMost = Math.max(this.#lagMost, this.#lag);
    } catch (error) {
      this.#lagKnown = false;
      say(`the lag could not be measured: ${describeError(error)}\n`);
    }
    const seconds = Math.max(0, (performance.now() - this.#startedAt) / 1000);
    const p99 = this.#verdicts.at(0.99);
    say(
      `${seconds.toFixed(0).padStart(4)} s  sent ${count(this.#sent)}  verdicts ${count(this.#verdicts.count)}  p99 ${Number.isNaN(p99) ? '–' : `${p99.toFixed(1)} ms`}  lag ${count(this.#lag)}\n`,
    );
  }

  #mustWork(): void {
    if (this.#failure !== undefined) throw unreachable(this.#failure);
  }
}

function unreachable(error: unknown): SluiceError {
  return new SluiceError(
    'SINK_FAILED',
    `the cluster cannot be reached or read (${describeError(error)}); check --brokers, TLS and SASL, and the rights`,
    { cause: error },
  );
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
