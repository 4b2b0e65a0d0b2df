import type { Message as KafkaMessage } from 'kafkajs';
import { SluiceError } from '../../core/errors.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { PublishFailure } from './publish-failure.ts';
import { recordBytes } from './record-size.ts';

/** A record to be sent. */
export interface KafkaRecord {
  readonly topic: string;
  readonly message: KafkaMessage;
  /**
   * For when the broker finds it too large: the record in at most so many bytes, or as few as can be; undefined where there
   * is no smaller form. Left out where there never is one.
   */
  readonly smaller?: (bytes: number) => KafkaRecord | undefined;
  /**
   * For when the topic refuses it: the record for another topic; undefined where there is none left, and the record is
   * refused for good. Left out where the record waits for its topic.
   */
  readonly elsewhere?: (reason: string) => KafkaRecord | undefined;
}

/** One record of a call, until it is accepted, refused or has failed; exactly one of these is called, once. */
export interface Sending {
  record: KafkaRecord;
  readonly bytes: number;
  readonly isSettled: boolean;
  accepted(): void;
  /** The record will never be accepted. */
  refused(reason: string): void;
  /** It may be accepted later. */
  failed(failure: PublishFailure, thrown: unknown): void;
}

/**
 * The records of one `publish`. {@link done} resolves once each is accepted or refused; it rejects once each has an end and
 * some have failed, with `SINK_FAILED` (retriable) whose `unfinished` names these.
 */
export class PublishCall {
  readonly done: Promise<readonly Refusal[]>;
  readonly sendings: readonly Sending[];
  readonly #refusals: Refusal[] = [];
  readonly #open: number[] = [];
  #left: number;
  #failure: Extract<End, { kind: 'failed' }> | undefined;
  #settle: { resolve(refusals: readonly Refusal[]): void; reject(error: SluiceError): void } | undefined;

  constructor(records: readonly KafkaRecord[]) {
    this.#left = records.length;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.sendings = records.map(
      (record, index) => new RecordSending(record, (end) => this.#ended(index, end)),
    );
  }

  #ended(index: number, end: End): void {
    if (end.kind === 'refused') this.#refusals.push({ index, reason: end.reason });
    if (end.kind === 'failed') {
      this.#open.push(index);
      this.#failure ??= end;
    }
    if (--this.#left > 0) return;
    const refusals = this.#refusals.sort((a, b) => a.index - b.index);
    if (this.#failure === undefined) this.#settle!.resolve(refusals);
    else this.#settle!.reject(this.#error(this.#failure, refusals));
  }

  #error(
    { topic, failure, thrown }: Extract<End, { kind: 'failed' }>,
    refusals: readonly Refusal[],
  ): SluiceError {
    const open = this.#open.sort((a, b) => a - b);
    const what = `Kafka: ${open.length} of ${this.sendings.length} records could not be sent, to the topic ${topic} among others`;
    return new SluiceError(
      'SINK_FAILED',
      `${what} (${failure.reason}); check the brokers, kafka.tls, the rights, and that the topic exists`,
      { retriable: true, cause: thrown, unfinished: { refusals, open } },
    );
  }
}

type End =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly topic: string;
      readonly failure: PublishFailure;
      readonly thrown: unknown;
    };

class RecordSending implements Sending {
  #record: KafkaRecord;
  #bytes: number;
  #end: ((end: End) => void) | undefined;

  constructor(record: KafkaRecord, end: (end: End) => void) {
    this.#record = record;
    this.#bytes = recordBytes(record.message);
    this.#end = end;
  }

  get record(): KafkaRecord {
    return this.#record;
  }

  set record(record: KafkaRecord) {
    this.#record = record;
    this.#bytes = recordBytes(record.message);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isSettled(): boolean {
    return this.#end === undefined;
  }

  accepted(): void {
    this.#settle({ kind: 'accepted' });
  }

  refused(reason: string): void {
    this.#settle({ kind: 'refused', reason });
  }

  failed(failure: PublishFailure, thrown: unknown): void {
    this.#settle({ kind: 'failed', topic: this.#record.topic, failure, thrown });
  }

  #settle(end: End): void {
    const settle = this.#end;
    this.#end = undefined;
    settle?.(end);
  }
}
