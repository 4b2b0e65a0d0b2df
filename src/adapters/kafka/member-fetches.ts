import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type FetchAnswer, type PartitionEnds, readFetchAnswer } from './fetch-answer.ts';
import type { FetchAllowance, FetchedRecord } from './fetched-record.ts';
import type { FetchRequest, ProtocolRequest } from './kafkajs-tap.ts';

export interface MemberFetchesOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Called for each partition of each answer. */
  readonly ends: (ends: PartitionEnds) => void;
}

/** What all answers of one consumer that are decoded and not yet taken may hold; the last batch may go beyond it. */
export const fetchAllowance: Readonly<FetchAllowance> = { bytes: 32 * 1024 * 1024, objects: 65_536 };

/** Versions of the request whose answers are read here; brokers before Kafka 0.11 know only lower ones. */
const FIRST_VERSION = 4;
const LAST_VERSION = 11;
/** A fetch that brings what cannot be read now would be sent again at once, and again. */
const FRUITLESS_SECONDS = 0.1;

/**
 * Reads what a member of a group fetches: no more at once than fits the allowance, and nothing that was asked for before
 * the group was last joined. kafkajs joins again from within the fetch from one broker and lets those from others go on;
 * their messages lie ahead of where the new membership begins, and to take them would leave out what lies between.
 */
export class MemberFetches {
  readonly #options: MemberFetchesOptions;
  /** Odd while it is a member; each request to join and each join is a step. */
  #epoch = 0;
  /** What the last answer from each broker holds, until its records are taken. */
  readonly #granted = new Map<number, FetchAllowance>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: MemberFetchesOptions) {
    this.#options = options;
  }

  get isMember(): boolean {
    return this.#epoch % 2 === 1;
  }

  /** From now on, until it has joined, nothing that is fetched counts. */
  left(): void {
    if (this.isMember) this.#epoch++;
  }

  joined(): void {
    this.left();
    this.#epoch++;
  }

  /** Whether the record was asked for under the membership that lasts. */
  isCurrent({ epoch }: FetchedRecord): boolean {
    return this.isMember && epoch === this.#epoch;
  }

  /** All that the broker's last answer held has been taken, or refused. */
  taken(nodeId: number): void {
    this.#granted.delete(nodeId);
  }

  /** The same request, whose answer is read here. */
  fetching(nodeId: number, asked: FetchRequest, made: ProtocolRequest): ProtocolRequest {
    const epoch = this.#epoch;
    const version = made.request.apiVersion;
    const offsets = new Map<string, number>();
    for (const { topic, partitions } of asked.topics)
      for (const { partition, fetchOffset } of partitions)
        offsets.set(`${topic}/${partition}`, Number(fetchOffset));
    const decode = async (raw: Buffer) => {
      if (version < FIRST_VERSION || version > LAST_VERSION)
        return stamped(await made.response.decode(raw), epoch);
      const allowance = this.#allowance(epoch);
      const { ...before } = allowance;
      const answer = await readFetchAnswer(raw, {
        version,
        fetchOffset: (topic, partition) => offsets.get(`${topic}/${partition}`) ?? 0,
        epoch,
        allowance,
        ends: this.#options.ends,
        log: this.#options.log,
      });
      this.#granted.set(nodeId, {
        bytes: before.bytes - allowance.bytes,
        objects: before.objects - allowance.objects,
      });
      return answer ?? stamped(await made.response.decode(raw), epoch);
    };
    const decodeInTurn = async (raw: Buffer) => {
      const answer = await this.#inTurn(() => decode(raw));
      if ((answer as Partial<FetchAnswer>).isFruitless === true && epoch === this.#epoch)
        await this.#options.clock.sleep(FRUITLESS_SECONDS);
      return answer;
    };
    return { ...made, response: { ...made.response, decode: decodeInTurn } };
  }

  #allowance(epoch: number): FetchAllowance {
    if (!this.isMember || epoch !== this.#epoch) return { bytes: 0, objects: 0 };
    let { bytes, objects } = fetchAllowance;
    for (const grant of this.#granted.values()) {
      bytes -= grant.bytes;
      objects -= grant.objects;
    }
    return { bytes, objects };
  }

  /** One answer after the other: side by side, each would take what is left for all. */
  #inTurn<T>(read: () => Promise<T>): Promise<T> {
    const result = this.#reading.then(read);
    this.#reading = result.catch(() => undefined);
    return result;
  }
}

/** Formats before Kafka 0.11 are read by kafkajs. */
function stamped(answer: unknown, epoch: number): unknown {
  const { responses } = answer as {
    readonly responses: readonly { readonly partitions: readonly { readonly messages: object[] }[] }[];
  };
  for (const { partitions } of responses)
    for (const { messages } of partitions)
      for (const message of messages) Object.assign(message, { objects: 1, epoch, isEnd: false });
  return answer;
}
