import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A record as kafkajs wants it, and in which membership of the group its fetch was sent. */
export type FetchedRecord = KafkaMessage & {
  readonly headers: IHeaders;
  readonly epoch: number;
  /** Not a record: all before and at its offset was looked at, marks of transactions and aborted messages included. */
  readonly isEnd: boolean;
};

/** Follows the records of a fetch that has looked at more than these, or takes their place where there are none. */
export function endOfFetch(offset: number, epoch: number): FetchedRecord {
  return {
    attributes: 0,
    offset: String(offset),
    timestamp: '-1',
    key: null,
    value: null,
    headers: {},
    epoch,
    isEnd: true,
  };
}

/** How much may still be decoded: bytes that inflated batches take up, and records. */
export interface FetchAllowance {
  bytes: number;
  records: number;
}

export function isUsedUp({ bytes, records }: FetchAllowance): boolean {
  return bytes <= 0 || records <= 0;
}
