import { expect, inject, it } from 'vitest';
import { KafkaDeadLetterSink } from '../../src/adapters/kafka/kafka-dead-letter-sink.ts';
import { KafkaPublisher } from '../../src/adapters/kafka/kafka-publisher.ts';
import { listDeadLetters, replayDeadLetters } from '../../src/app/tasks/dead-letters.ts';
import { loadSettings } from '../../src/settings/load-settings.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';

it('dead letters in Kafka are listed, and replayed with their bytes, key and headers, each once, for one reason or for all', async () => {
  const topics = await KafkaTopics.open(inject('broker'));
  const topic = await topics.make(freshName('chat'));
  await topics.make(`${topic}-dlt`, 2);
  const { settings } = await loadSettings({
    environment: {},
    assignments: [
      `source.topic=${topic}`,
      `source.group=${topic}`,
      'source.kind=kafka',
      'deadLetters.kind=kafka',
      `kafka.brokers=${inject('broker')}`,
    ],
    baseFolders: { workingDirectory: '/', packageRoot: '/' },
  });
  const sink = new KafkaDeadLetterSink(
    new KafkaPublisher({ kafka: topics.kafka, log: quietLog }),
    `${topic}-dlt`,
  );
  const letter = (offset: number, reason: 'not-json' | 'kills-scorer') => ({
    position: { topic, partition: 0, offset },
    reason,
    detail: 'of a test',
    bytes: Uint8Array.from([0xff, 0x0a, offset]),
    key: Uint8Array.from([7]),
    headers: { traceparent: Uint8Array.from(Buffer.from('00-ab')) },
    timestamp: 1_700_000_000_000,
  });
  await sink.publish([letter(1, 'not-json'), letter(2, 'kills-scorer'), letter(3, 'kills-scorer')]);

  const listed: { offset: number; reason: string }[] = [];
  await listDeadLetters(settings, quietLog, async (line) => void listed.push(JSON.parse(line)));
  expect(listed.map(({ offset }) => offset).sort()).toEqual([1, 2, 3]);

  const counts = (replayed: number, otherReason: number, unsendable = 0) => ({
    replayed,
    otherReason,
    unsendable,
  });
  const some = { dryRun: false, reason: 'kills-scorer' };
  expect(await replayDeadLetters(settings, quietLog, { ...some, dryRun: true })).toEqual(counts(2, 1));
  expect(await replayDeadLetters(settings, quietLog, some)).toEqual(counts(2, 1));
  expect(await replayDeadLetters(settings, quietLog, some)).toEqual(counts(0, 0));
  const sent = await topics.read(topic);
  expect(sent.map(({ value }) => [...value!])).toEqual([
    [0xff, 0x0a, 2],
    [0xff, 0x0a, 3],
  ]);
  expect(sent[0]!.key).toEqual(Buffer.from([7]));
  expect(Object.keys(sent[0]!.headers!)).toEqual(['traceparent']);

  // The other reason was left for another replay; one without content would come back as another message.
  await sink.publish([{ ...letter(4, 'not-json'), reason: 'empty', bytes: new Uint8Array() }]);
  await sink.close();
  const all = { dryRun: false };
  expect(await replayDeadLetters(settings, quietLog, all)).toEqual(counts(1, 0, 1));
  expect(await replayDeadLetters(settings, quietLog, all)).toEqual(counts(0, 0));
  expect(await replayDeadLetters(settings, quietLog, { ...all, reason: 'not-json' })).toEqual(counts(0, 0));
  expect((await topics.read(topic)).map(({ value }) => value![2])).toEqual([2, 3, 1]);
  await topics.close();
});
