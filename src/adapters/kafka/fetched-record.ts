import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A record as kafkajs wants it, and in which membership of the group its fetch was sent. */
export type FetchedRecord = KafkaMessage & {
  readonly headers: IHeaders;
  /** It and its headers. */
  readonly objects: number;
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
    objects: 1,
    epoch,
    isEnd: true,
  };
}

/** In place of a record that cannot, or must not, be read: its value states why, so it becomes a dead letter. */
export function unopenedRecord(of: {
  readonly offset: number;
  readonly timestamp: number;
  readonly epoch: number;
  readonly why: string;
  /** The record, or how many it stands for. */
  readonly what?: string;
}): FetchedRecord {
  const { offset, timestamp, epoch, why, what = 'this record was' } = of;
  return {
    attributes: 0,
    offset: String(offset),
    timestamp: String(timestamp),
    key: null,
    value: Buffer.from(JSON.stringify({ sluice: `${what} not opened: ${why}` })),
    headers: {},
    objects: 1,
    epoch,
    isEnd: false,
  };
}

/** How much may still be decoded: bytes that inflated batches take up, and records with their headers. */
export interface FetchAllowance {
  bytes: number;
  objects: number;
}

export function isUsedUp({ bytes, objects }: FetchAllowance): boolean {
  return bytes <= 0 || objects <= 0;
}
