import type { Clock } from '../../ports/clock.ts';
import type { RefusedRecord, RefusedSink } from '../../ports/refused-sink.ts';
import type { AppendLog } from './append-log.ts';
import { jsonOfDeadLetter } from './dead-letter-line.ts';
import { jsonOfHeaders } from './json-bytes.ts';

/**
 * Refused records as JSON lines: `{sink, topic, partition, offset, reason, recorded_at, record, headers?}`. `record` is what the
 * file sink of that kind would have written: the verdict, the dead letter with its bytes in base64, or the entry of the trace.
 * Headers of a verdict are base64.
 */
export class FileRefusedSink implements RefusedSink {
  readonly #lines: AppendLog;
  readonly #clock: Pick<Clock, 'now'>;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog, clock: Pick<Clock, 'now'> = Date) {
    this.#lines = lines;
    this.#clock = clock;
  }

  async write(records: readonly RefusedRecord[]): Promise<void> {
    if (records.length === 0) return;
    const recordedAt = new Date(this.#clock.now()).toISOString();
    await this.#lines.append(records.map((each) => `${JSON.stringify(lineOf(each, recordedAt))}\n`).join(''));
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}

function lineOf(refused: RefusedRecord, recorded_at: string): object {
  const { sink, position, reason } = refused;
  const { topic, partition, offset } = position;
  return {
    sink,
    topic,
    partition,
    offset,
    reason,
    recorded_at,
    record: recordOf(refused, recorded_at),
    ...(refused.sink === 'verdicts' ? { headers: jsonOfHeaders(refused.headers) } : {}),
  };
}

function recordOf(refused: RefusedRecord, recordedAt: string): object {
  switch (refused.sink) {
    case 'verdicts':
      return refused.record;
    case 'dead-letters':
      return jsonOfDeadLetter(refused.record, recordedAt);
    case 'trace': {
      const { position, ...entry } = refused.record;
      return { ...position, ...entry };
    }
  }
}
