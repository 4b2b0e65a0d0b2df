import { deadLetterOfMessage } from '../../adapters/kafka/dead-letter-record.ts';
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
  const groupOfAll = `${settings.source.group}-replay`;
  const groupOf = (reason: string) => `${groupOfAll}-${reason}`;
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
        if (!(await isReplayed(letter, batch.partition, message.offset))) letters.push(letter);
      }
      yield { letters, done: () => source.commit([passed]) };
    }
  } finally {
    await source.close();
  }
}
