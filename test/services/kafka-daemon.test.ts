import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { deadLetterOfRecord } from '../../src/adapters/kafka/dead-letter-record.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { DaemonProcess, endAllDaemons, layFolder, type TraceLine } from '../line/daemon-process.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';

const broker = inject('broker');
let topics: KafkaTopics;
let folder = '';

beforeAll(async () => {
  topics = await KafkaTopics.open(broker);
  folder = mkdtempSync(join(tmpdir(), 'sluice-daemons-'));
});
afterEach(endAllDaemons);
afterAll(async () => {
  await topics.close();
  rmSync(folder, { recursive: true, force: true });
});

const spamText =
  'Congratulations! You have WON a £1000 cash prize. Call 09061701461 now to claim your FREE prize, txt WIN to 80086';
const PARTITIONS = 4;

function settingsOn(topic: string): string {
  return `
source: { kind: kafka, topic: ${topic}, group: ${topic} }
kafka: { brokers: ["${broker}"], partitions: ${PARTITIONS} }
verdicts: { kind: kafka, topic: ${topic}-verdicts }
deadLetters: { kind: kafka }
traces: { kind: kafka }
batch: { maxMessages: 50, maxAgeSeconds: 0.02 }
`;
}

function daemonIn(name: string, topic: string): Promise<DaemonProcess> {
  const daemonFolder = join(folder, `${topic}-${name}`);
  layFolder(daemonFolder, settingsOn(topic));
  return DaemonProcess.start(daemonFolder);
}

const jsonOf = <T>(values: readonly { readonly value: Buffer | null }[]) =>
  values.map(({ value }) => JSON.parse(value!.toString()) as T);

/** Every third is spam, every eleventh no JSON. */
function messagesOf(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const message = n % 3 === 0 ? spamText : `see you at ${n % 12} then`;
    const body = JSON.stringify({ message, message_id: `m-${n}`, community: 'forum' });
    return {
      value: n % 11 === 0 ? `{"broken ${n}` : body,
      key: `k-${n}`,
      headers: { traceparent: `00-${n}` },
    };
  });
}

async function traceWith(topic: string, count: number, daemon: DaemonProcess): Promise<TraceLine[]> {
  let lineByOffset = new Map<string, TraceLine>();
  await daemon.until(async () => {
    if ((await topics.end(`${topic}-trace`)) < count) return false;
    const lines = jsonOf<TraceLine>(await topics.read(`${topic}-trace`));
    lineByOffset = new Map(lines.map((line) => [`${line.partition}/${line.offset}`, line]));
    return lineByOffset.size >= count;
  });
  return [...lineByOffset.values()];
}

it('two daemons share a topic while one is killed and one leaves: each message has its outcome, and offsets are committed after it', async () => {
  const topic = freshName('chat');
  // The first makes the topics.
  const first = await daemonIn('first', topic);
  const send = (from: number, count: number) =>
    topics.producer.send({ topic, messages: messagesOf(from, count) });
  await send(0, 200);
  await traceWith(topic, 200, first);
  const second = await daemonIn('second', topic);
  await second.until(async () => {
    const { groups } = await topics.admin.describeGroups([topic]);
    return groups[0]!.members.length === 2 && groups[0]!.state === 'Stable';
  });
  await send(200, 200);
  await first.kill('SIGKILL');
  await send(400, 200);
  const trace = await traceWith(topic, 600, second);
  expect(await second.kill('SIGTERM')).toEqual({ code: 0, signal: null });

  expect(trace).toHaveLength(600);
  const committed = await topics.committed(topic, topic);
  expect(committed.reduce((sum, offset) => sum + offset, 0)).toBe(600);

  const verdicts = await topics.read(`${topic}-verdicts`);
  const told = new Set(jsonOf<Verdict>(verdicts).map(({ message_id }) => message_id));
  const spam = trace.filter(({ outcome }) => outcome === 'spam').map(({ message_id }) => message_id!);
  expect(told).toEqual(new Set(spam));
  expect(spam.length).toBeGreaterThan(100);
  const sample = verdicts[0]!;
  const { message_id } = JSON.parse(sample.value!.toString()) as Verdict;
  expect(sample.key!.toString()).toBe('forum');
  expect(sample.headers!.traceparent!.toString()).toBe(`00-${message_id.slice(2)}`);

  const letters = (await topics.read(`${topic}-dlt`)).map(deadLetterOfRecord);
  const broken = new Set(letters.map(({ bytes }) => Buffer.from(bytes).toString()));
  expect(broken).toEqual(new Set(Array.from({ length: 55 }, (_, i) => `{"broken ${11 * i}`)));
  expect(letters[0]).toMatchObject({ reason: 'not-json', position: { topic } });
  expect(Buffer.from(letters[0]!.key!).toString()).toMatch(/^k-/);
  expect(Object.keys(letters[0]!.headers!)).toEqual(['traceparent']);
}, 300_000);
