import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordOfDeadLetter } from '../../../../src/adapters/kafka/dead-letter-record.ts';
import type { LetterBox } from '../../../../src/app/open/kinds.ts';
import { LetterBoxOfTopic } from '../../../../src/app/open/letter-box-of-topic.ts';
import type { Batch, SourceMessage } from '../../../../src/core/batch.ts';
import type { DeadLetterReason } from '../../../../src/core/dead-letter.ts';
import type { MessageSource } from '../../../../src/ports/message-source.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../../../contract/temporary-folder.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 30);
let folder: TemporaryFolder;
let box: LetterBox;
let asked: number[];
let committed: Map<string, Map<number, number>>;
/** Of each partition, hours before now and reason. */
const partitions: readonly (readonly (readonly [number, DeadLetterReason])[])[] = [
  [
    [200, 'not-json'],
    [5, 'kills-scorer'],
    [1, 'not-json'],
  ],
  [[3, 'not-json']],
];

function message(partition: number, offset: number): SourceMessage {
  const [hours, reason] = partitions[partition]![offset]!;
  const position = { topic: 'chat', partition: 0, offset: 10 * partition + offset };
  const letter = { position, reason, detail: 'of a test', bytes: Buffer.from(`${partition} ${offset}`) };
  const { value, headers } = recordOfDeadLetter(letter);
  return {
    ...{ offset, nextOffset: offset + 1, receivedElapsed: 0, timestamp: now - hours * HOUR },
    bytes: value as Buffer,
    headers: Object.fromEntries(
      Object.entries(headers!).map(([name, each]) => [name, Buffer.from(each as Buffer)]),
    ),
  };
}

function records(since: number): MessageSource {
  asked.push(since);
  const batches: Batch[] = partitions.map((letters, partition) => ({
    ...{ topic: 'chat-dlt', partition, epoch: 0, nextOffset: letters.length },
    messages: letters
      .map((_, offset) => message(partition, offset))
      .filter(({ timestamp }) => timestamp! >= since),
  }));
  return {
    open: async () => {},
    pull: async () => batches.shift(),
    close: async () => {},
  } as unknown as MessageSource;
}

beforeEach(async () => {
  folder = await temporaryFolder();
  asked = [];
  committed = new Map();
  box = new LetterBoxOfTopic(
    { records, closed: async () => {}, committed: async (reason = '') => committed.get(reason) ?? new Map() },
    join(folder.path, 'dead-letters.jsonl.replayed'),
    quietLog,
    () => now,
  );
});
afterEach(() => folder.dispose());

const page = async (query: object = {}) => {
  const found = await box.page({ filter: {}, limit: 2, whyUnsendable: () => undefined, ...query });
  const offsets = found.entries.map((entry) =>
    entry.kind === 'letter' ? entry.letter.position.offset : null,
  );
  return { ...found, offsets };
};

it('the dead letters of a topic are listed newest first, in windows of time that widen', async () => {
  const first = await page();
  const second = await page({ after: first.next });
  const third = await page({ after: second.next });
  expect([first, second, third].map(({ offsets }) => offsets)).toEqual([[2, 10], [1], []]);
  const last = await page({ after: third.next });
  expect(last.offsets).toEqual([0]);
  expect(asked.map((since) => (now - since) / HOUR)).toEqual([24, 24, 192, 1536]);
  expect(first).toMatchObject({ since: now - 24 * HOUR, isComplete: true });
  expect((await page({ filter: { reason: 'not-json', from: now - 2 * HOUR } })).next).toBeNull();
  await expect(page({ after: '5' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('dead letters of a topic are found again by their ids, and those that were replayed are known', async () => {
  const { entries } = await page({ limit: 9 });
  const ids = entries.flatMap((entry) => (entry.kind === 'letter' ? [entry.letter.id] : []));
  const { letters } = await box.read([ids[0]!, ids[2]!, '7-7-7', 'none'], 1000);
  expect(letters.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['0 1', '0 2']);
  expect((await box.read(ids, 4)).left.size).toBe(2);
  await box.mark([letters[1]!]);
  expect(await box.replayed(letters)).toEqual(new Set([letters[1]!.mark]));
  // By the command line, for this reason.
  committed.set('kills-scorer', new Map([[0, 2]]));
  expect((await box.replayed(letters)).size).toBe(2);
});
