import { type FetchedRecord, unopenedRecord } from './fetched-record.ts';
import type { BatchHeader } from './record-batch.ts';

/** Of a batch with more records one record stands for all: a batch of 1 MiB can hold millions. */
const MOST_RECORDS = 100_000;

/**
 * Records in place of those of a batch that cannot, or must not, be inflated: one for each from the offset `from` on, at its
 * own offset, whose value states why. So each message of the batch becomes a dead letter and the partition goes on; to
 * refuse the batch would stop the consumer at it for ever. How many there are is in the batch's header.
 */
export function* unopenedRecords(
  header: BatchHeader,
  from: number,
  epoch: number,
  why: string,
): Generator<FetchedRecord> {
  const { baseOffset, lastOffset, count } = header;
  const timestamp = header.appendTimestamp ?? header.firstTimestamp;
  const isSound = count >= 1 && count <= MOST_RECORDS && count <= lastOffset - baseOffset + 1;
  if (!isSound) {
    const what = `${count} records from offset ${baseOffset} to ${lastOffset} were`;
    if (lastOffset >= from) yield unopenedRecord({ offset: lastOffset, timestamp, epoch, why, what });
    return;
  }
  for (let i = 0; i < count; i++) {
    // The last one is where the header says; of those before, nobody knows which are missing in a compacted topic.
    const offset = i === count - 1 ? lastOffset : baseOffset + i;
    if (offset >= from) yield unopenedRecord({ offset, timestamp, epoch, why });
  }
}
