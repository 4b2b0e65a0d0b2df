import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { deadLetterOfRecord } from '../../src/adapters/kafka/dead-letter-record.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { DaemonProcess, endAllDaemons, layFolder } from '../line/daemon-process.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';

const broker = inject('broker');
let topics: KafkaTopics;
let folder = '';

beforeAll(async () => {
  topics = await KafkaTopics.open(broker);
  folder = mkdtempSync(join(tmpdir(), 'sluice-refusals-'));
});
afterEach(endAllDaemons);
afterAll(async () => {
  await topics.close();
  rmSync(folder, { recursive: true, force: true });
});

const spamText =
  'Congratulations! You have WON a £1000 cash prize. Call 09061701461 now to claim your FREE prize, txt WIN to 80086';
const spamOf = (community: string, message_id: string) =>
  JSON.stringify({ message: spamText, message_id, community });

interface Sent {
  readonly value: string | null;
  readonly key?: string;
  readonly headers?: Record<string, Buffer>;
}

/** Sends messages to a topic of one partition, and scores all of them with `sluice run --once`. */
async function scoreAll(
  given: readonly Sent[] | ((topic: string) => readonly Sent[]),
  verdictTopic: string,
  more = '',
) {
  const topic = await topics.make(freshName('chat'), 1, { 'max.message.bytes': '2000000' });
  const messages = typeof given === 'function' ? given(topic) : given;
  for (const message of messages) await topics.producer.send({ topic, messages: [message] });
  const daemonFolder = join(folder, topic);
  layFolder(
    daemonFolder,
    `
source: { kind: kafka, topic: ${topic}, group: ${topic} }
kafka: { brokers: ["${broker}"], partitions: 1 ${more} }
verdicts: { kind: kafka, topic: "${verdictTopic.replaceAll('TOPIC', topic)}", maxCommunityTopics: 5000 }
deadLetters: { kind: kafka }
`,
  );
  const daemon = DaemonProcess.spawn(daemonFolder, '--once');
  expect(await daemon.ended, daemon.log).toEqual({ code: 0, signal: null });
  // Everything was settled: a sink that blocks would have kept the daemon from ending.
  expect(await topics.committed(topic, topic)).toEqual([messages.length]);
  return { topic, daemonFolder, daemon };
}

const idsIn = async (topic: string) =>
  (await topics.read(topic)).map(({ value }) => (JSON.parse(value!.toString()) as Verdict).message_id);
const lettersOf = async (topic: string) => (await topics.read(`${topic}-dlt`)).map(deadLetterOfRecord);

describe('topics by community', () => {
  it('each community has a topic of its own, even communities whose names Kafka would consider too similar', async () => {
    const communities = ['site.one', 'site_one', 'forum', '', 'none', '日本', '中国', 'A b', 'A-b'];
    const { topic } = await scoreAll(
      communities.map((community, i) => ({ value: spamOf(community, `m-${i}`) })),
      'TOPIC-v-{community}',
    );
    const made = (await topics.admin.listTopics()).filter((name) => name.startsWith(`${topic}-v-`));
    expect(made).toHaveLength(communities.length);
    expect(await idsIn(`${topic}-v-site_2eone`)).toEqual(['m-0']);
    expect(await idsIn(`${topic}-v-site_5fone`)).toEqual(['m-1']);
    expect(await idsIn(`${topic}-v-forum`)).toEqual(['m-2']);
    expect(await idsIn(`${topic}-v-none`)).toEqual(['m-3']);
  });

  it('a topic of a community is never an internal topic of Kafka or the topic of messages, even if the pattern is only the community', async () => {
    // A name that no other test uses: the pattern matches any topic of the cluster.
    const good = freshName('good');
    const { topic } = await scoreAll(
      (source) =>
        ['..', '.', '__consumer_offsets', source, `${source}-dlt`, good].map((community, i) => ({
          value: spamOf(community, `m-${i}`),
        })),
      '{community}',
    );
    expect(await idsIn(good)).toEqual(['m-5']);
    expect(await idsIn('_2e_2e')).toContain('m-0');
    expect(await idsIn('_5f_5fconsumer_5foffsets')).toContain('m-2');
    const others = await topics.read('other');
    expect(others.map(({ key }) => key!.toString())).toEqual([topic, `${topic}-dlt`]);
    expect(await topics.end(topic)).toBe(6);
    expect(await lettersOf(topic)).toEqual([]);
    // Commits of groups are written there: small records, none of which is a verdict.
    const values = (await topics.read('__consumer_offsets')).map(({ value }) => value?.toString() ?? '');
    expect(values.filter((value) => value.includes('"verdict"'))).toEqual([]);
  });

  it('a topic of a community that may not be created is replaced by the fallback topic, or by the file of refused records if there is none', async () => {
    const fallback = freshName('v');
    await topics.make(`${fallback}-other`);
    await topics.make(`${fallback}-forum`);
    const messages = ['new', 'forum', 'newer'].map((community, i) => ({
      value: spamOf(community, `m-${i}`),
    }));
    // The topic of dead letters is not there either, and nothing is written to it.
    await scoreAll(messages, `${fallback}-{community}`, ', createTopics: false');
    expect(await idsIn(`${fallback}-forum`)).toEqual(['m-1']);
    const others = await topics.read(`${fallback}-other`);
    expect(others.map(({ key }) => key!.toString())).toEqual(['new', 'newer']);

    const { daemonFolder, daemon } = await scoreAll(messages, 'TOPIC-{community}', ', createTopics: false');
    const refused = readFileSync(join(daemonFolder, 'data', 'refused.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(refused.map((line) => (JSON.parse(line) as { record: Verdict }).record.message_id).sort()).toEqual(
      ['m-0', 'm-1', 'm-2'],
    );
    expect(daemon.log).not.toContain('Congratulations');
  });
});

describe('a record that is too large for what comes of it', () => {
  it('a message with large headers loses headers in its dead letter or verdict, and blocks nothing', async () => {
    const { topic } = await scoreAll(
      [
        { value: spamOf('forum', 'before') },
        // The dead letter has more headers than the message, which just fits.
        {
          value: '{"broken',
          key: 'k',
          headers: { big: Buffer.alloc(1_048_500, 97), trace: Buffer.from('t') },
        },
        // The verdict has the community twice.
        {
          value: spamOf('c'.repeat(60_000), 'large'),
          headers: { big: Buffer.alloc(980_000, 98), trace: Buffer.from('t') },
        },
        { value: spamOf('forum', 'behind') },
      ],
      'TOPIC-verdicts',
    );
    const verdicts = await topics.read(`${topic}-verdicts`);
    const ids = await idsIn(`${topic}-verdicts`);
    // Within a community verdicts keep their order; that of the other one has to be made smaller first.
    expect(ids.filter((id) => id !== 'large')).toEqual(['before', 'behind']);
    const large = verdicts[ids.indexOf('large')]!;
    expect(large.headers!['sluice-headers-left-out']!.toString()).toBe('2');
    const [letter, ...more] = await lettersOf(topic);
    expect(more).toEqual([]);
    expect(Buffer.from(letter!.bytes).toString()).toBe('{"broken');
    expect(letter!.key).toEqual(Uint8Array.from(Buffer.from('k')));
    expect(Object.keys(letter!.headers!)).toEqual(['trace']);
  });

  it('a verdict that is too large for its topic and cannot be shortened is counted and stored in the file of refused records, and the verdicts beside it are published', async () => {
    const limited = freshName('limited');
    await topics.make(limited, 1, { 'max.message.bytes': '20000' });
    const { topic, daemonFolder } = await scoreAll(
      [
        { value: spamOf('forum', 'before') },
        { value: spamOf('c'.repeat(60_000), 'large'), headers: { trace: Buffer.from('t') } },
        { value: spamOf('forum', 'behind') },
      ],
      limited,
    );
    expect(await idsIn(limited)).toEqual(['before', 'behind']);
    const lines = readFileSync(join(daemonFolder, 'data', 'refused.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      sink: 'verdicts',
      topic,
      partition: 0,
      offset: 1,
      reason: expect.stringContaining('MESSAGE_TOO_LARGE'),
      record: { message_id: 'large', verdict: 'spam' },
      headers: { trace: Buffer.from('t').toString('base64') },
    });
  });
});

it('a tombstone of a compacted topic is skipped, and headers that are named like members of objects are stored', async () => {
  const headers = Object.fromEntries([
    ['__proto__', Buffer.from('p')],
    ['constructor', Buffer.from('c')],
  ]);
  const { topic } = await scoreAll(
    [
      { key: 'a', value: null },
      { key: 'b', value: spamOf('forum', 'spam'), headers },
      { key: 'c', value: null },
      { key: 'd', value: '{"broken', headers },
      { key: 'e', value: null },
    ],
    'TOPIC-verdicts',
  );
  const [verdict] = await topics.read(`${topic}-verdicts`);
  expect(Object.keys(verdict!.headers!).sort()).toEqual(['__proto__', 'constructor']);
  const letters = await lettersOf(topic);
  expect(letters.map(({ position }) => position.offset)).toEqual([3]);
  expect(Object.entries(letters[0]!.headers!).sort()).toEqual([
    ['__proto__', Uint8Array.from(Buffer.from('p'))],
    ['constructor', Uint8Array.from(Buffer.from('c'))],
  ]);
});
