import { describe, expect, it } from 'vitest';
import { CommunityTopics } from '../../../src/adapters/kafka/community-topics.ts';
import { KafkaPublisher } from '../../../src/adapters/kafka/kafka-publisher.ts';
import { KafkaVerdictSink } from '../../../src/adapters/kafka/kafka-verdict-sink.ts';
import { TopicAdmin } from '../../../src/adapters/kafka/topic-admin.ts';
import type { MessageHeaders } from '../../../src/core/batch.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { RecordingLog, TurnClock } from '../pipeline/fakes.ts';
import { FakeCluster } from './fake-producer.ts';

const verdictOf = (community: string, message_id = 'm-1', more: Partial<Verdict> = {}): Verdict => ({
  community,
  message_id,
  verdict: 'spam',
  probability: 0.9,
  probability_min: 0.8,
  probability_max: 1,
  model: '20261101T000000Z-01234567',
  decided_by: 'model',
  reasons: ['because'],
  scored_at: '2026-11-29T00:00:00.000Z',
  ...more,
});

function sinkOn(cluster: FakeCluster, pattern: string, createTopics = true) {
  const log = new RecordingLog();
  const clock = new TurnClock();
  const topics = new TopicAdmin(cluster.kafka, 1, log);
  const makeTopic = createTopics ? (topic: string) => topics.make(topic) : undefined;
  const publisher = new KafkaPublisher({ kafka: cluster.kafka, log, clock, makeTopic });
  const communities = new CommunityTopics({
    pattern,
    reserved: ['chat-messages', 'chat-messages-dlt', 'chat-messages-trace'],
    most: 100,
    createTopics,
    topics,
    clock,
    log,
  });
  return new KafkaVerdictSink(publisher, pattern.includes('{') ? communities : pattern);
}

const keysIn = (cluster: FakeCluster, topic: string) =>
  cluster.topics.get(topic)?.records.map(({ key }) => String(key)) ?? [];

describe('verdicts by community', () => {
  it('verdicts by community go to one topic each, even if Kafka would refuse the names of two communities as too similar', async () => {
    const cluster = new FakeCluster();
    const sink = sinkOn(cluster, 'v-{community}');
    const communities = ['site.one', 'site_one', 'site-one', 'A b', '日本', '中国'];
    expect(await sink.publish(communities.map((each) => verdictOf(each)))).toEqual([]);
    expect([...cluster.topics.keys()]).toHaveLength(communities.length);
    for (const topic of cluster.topics.keys()) expect(keysIn(cluster, topic)).toHaveLength(1);
    await sink.close();
  });

  it('verdicts by community never go to an internal topic of Kafka or to that of the messages', async () => {
    const cluster = new FakeCluster();
    const foreign = ['__consumer_offsets', 'chat-messages', 'chat-messages-dlt'].map((name) =>
      cluster.make(name),
    );
    const sink = sinkOn(cluster, '{community}');
    expect(
      await sink.publish(
        ['..', '.', '__consumer_offsets', 'chat-messages', 'good'].map((each) => verdictOf(each)),
      ),
    ).toEqual([]);
    for (const topic of foreign) expect(topic.records).toEqual([]);
    expect(keysIn(cluster, 'other')).toEqual(['chat-messages']);
    expect(keysIn(cluster, 'good')).toEqual(['good']);
    await sink.close();
  });

  it('verdicts by community go to the fallback if their topic may not be written, with the community as key', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-closed').failure = () => 'TOPIC_AUTHORIZATION_FAILED';
    const sink = sinkOn(cluster, 'v-{community}');
    expect(await sink.publish(['closed', 'open', 'closed'].map((each) => verdictOf(each)))).toEqual([]);
    expect(keysIn(cluster, 'v-other')).toEqual(['closed', 'closed']);
    expect(keysIn(cluster, 'v-open')).toEqual(['open']);
    await sink.close();
  });

  it('verdicts by community are refused, and block no others, if neither their topic nor the fallback exists and none may be created', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-forum');
    const sink = sinkOn(cluster, 'v-{community}', false);
    const refusals = await sink.publish([verdictOf('forum'), verdictOf('new'), verdictOf('forum')]);
    expect(refusals).toEqual([{ index: 1, reason: expect.stringMatching(/v-other .*UNKNOWN_TOPIC/) }]);
    expect(keysIn(cluster, 'v-forum')).toEqual(['forum', 'forum']);
    await sink.close();
  });
});

describe('a verdict that is too large', () => {
  const header = (bytes: number): MessageHeaders => ({
    traceparent: Uint8Array.of(1),
    big: new Uint8Array(bytes),
  });
  const publishOne = async (verdict: Verdict, headers: MessageHeaders) => {
    const cluster = new FakeCluster();
    const sink = sinkOn(cluster, 'verdicts');
    const refusals = await sink.publish(
      [verdictOf('a', 'before'), verdict, verdictOf('a', 'behind')],
      [undefined, headers, undefined],
    );
    await sink.close();
    const records = cluster.topics.get('verdicts')!.records;
    return {
      refusals,
      ids: records.map(idOf),
      sent: records.find((each) => idOf(each) === verdict.message_id),
    };
  };
  const idOf = ({ value }: { readonly value: Buffer | string | null }) =>
    (JSON.parse(String(value)) as Verdict).message_id;

  it('a verdict that is too large is first sent without its reasons', async () => {
    const verdict = verdictOf('a', 'big', { reasons: ['x'.repeat(600_000)] });
    const { refusals, ids, sent } = await publishOne(verdict, header(600_000));
    expect([refusals, ids]).toEqual([[], ['before', 'big', 'behind']]);
    expect(JSON.parse(String(sent!.value))).toEqual({ ...verdict, reasons: [] });
    expect(Object.keys(sent!.headers!)).toEqual(['traceparent', 'big']);
  });

  it('a verdict that is too large without its reasons is sent without headers, and another header states that', async () => {
    // The community is in key and value: together with the headers of a message that just fitted it does not fit.
    const { refusals, ids, sent } = await publishOne(verdictOf('c'.repeat(60_000), 'big'), header(980_000));
    expect([refusals, ids]).toEqual([[], ['before', 'big', 'behind']]);
    expect({ ...sent!.headers }).toEqual({ 'sluice-headers-left-out': '2' });
  });

  it('a verdict that is too large is sent without headers even if it has no reasons', async () => {
    const { refusals } = await publishOne(verdictOf('a', 'big', { reasons: [] }), header(1_100_000));
    expect(refusals).toEqual([]);
  });

  it('a verdict that is too large in every form is refused', async () => {
    const { refusals, ids } = await publishOne(verdictOf('c'.repeat(600_000), 'big'), header(10));
    expect(refusals).toEqual([{ index: 1, reason: expect.stringContaining('MESSAGE_TOO_LARGE') }]);
    expect(ids).toEqual(['before', 'behind']);
  });
});
