import { createHash } from 'node:crypto';
import { nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { ReplayMarks } from '../../adapters/file/replay-marks.ts';
import { deadLetterOfMessage } from '../../adapters/kafka/dead-letter-record.ts';
import type { TopicPartition } from '../../core/topic-partition.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { Letters, StoredLetter, WantedLetters } from './kinds.ts';
import { openKafka } from './open-kafka.ts';

/**
 * Reads the dead letters of a topic. A replay of all commits in a group of its own, a replay of one reason in another, so that
 * each letter is sent once and none of another reason counts as replayed. Throws `SOURCE_FAILED`.
 */
export async function* lettersOfTopic(
  settings: Settings,
  log: Log,
  wanted: WantedLetters,
): AsyncGenerator<Letters> {
  const kafka = openKafka(settings, log);
  const groupOfAll = replayGroup(settings);
  const groupOf = (reason: string) => replayGroup(settings, reason);
  const committed = new Map<string, Promise<ReadonlyMap<number, number>>>();
  const isReplayed = async ({ reason }: StoredLetter, partition: number, offset: number) => {
    if (wanted === 'all') return false;
    const group = wanted.reason === undefined ? groupOf(reason) : groupOfAll;
    if (!committed.has(group)) committed.set(group, kafka.deadLettersCommitted(group));
    return offset < ((await committed.get(group))?.get(partition) ?? 0);
  };
  // A listing remembers nothing, and must not get in the way of another.
  const own = wanted === 'all' ? `${settings.source.group}-list-${process.pid}` : undefined;
  const group =
    own ?? (wanted !== 'all' && wanted.reason !== undefined ? groupOf(wanted.reason) : groupOfAll);
  const source = kafka.deadLetterRecords(group);
  const marksPath = `${settings.deadLetters.file.path}.replayed`;
  const marks = wanted === 'all' ? undefined : await ReplayMarks.read(marksPath, log, nodeFileOperations);
  try {
    await source.open({ revoked: () => {} });
    const never = new AbortController().signal;
    for (let batch = await source.pull(never); batch !== undefined; batch = await source.pull(never)) {
      const passed = batch;
      const letters: StoredLetter[] = [];
      for (const message of batch.messages) {
        if (message.tombstone) continue;
        const read = deadLetterOfMessage(message);
        const letter = { ...read, isWhole: read.cutFromBytes === undefined };
        // Sent from the console, which replays letters one by one and commits nothing.
        if (marks?.has(markOfRecord(batch, message.offset, letter.recordedAt))) continue;
        if (!(await isReplayed(letter, batch.partition, message.offset))) letters.push(letter);
      }
      yield { letters, done: () => source.commit([passed]) };
    }
  } finally {
    await source.close();
  }
}

/** What a replay remembers of a record. With its time: a topic that was made again has the same offsets. */
export function markOfRecord({ topic, partition }: TopicPartition, offset: number, time: number): string {
  return createHash('sha256').update(`${topic}/${partition}/${offset}/${time}`).digest('hex').slice(0, 32);
}

/** The group of a replay of all reasons, or of one. */
export function replayGroup(settings: Settings, reason?: string): string {
  const groupOfAll = `${settings.source.group}-replay`;
  return reason === undefined ? groupOfAll : `${groupOfAll}-${reason}`;
}
