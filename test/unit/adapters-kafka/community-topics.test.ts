import { describe, expect, it } from 'vitest';
import {
  CommunityTopics,
  type CommunityTopicsOptions,
} from '../../../src/adapters/kafka/community-topics.ts';
import { TopicAdmin } from '../../../src/adapters/kafka/topic-admin.ts';
import { RecordingLog, TurnClock } from '../pipeline/fakes.ts';
import { FakeCluster } from './fake-producer.ts';

function topicsOn(cluster: FakeCluster, options: Partial<CommunityTopicsOptions> = {}) {
  const log = new RecordingLog();
  const clock = new TurnClock();
  const topics = new CommunityTopics({
    pattern: 'v-{community}',
    reserved: ['chat', 'chat-dlt', 'chat-trace'],
    most: 100,
    createTopics: true,
    topics: new TopicAdmin(cluster.kafka, 1, log),
    clock,
    log,
    ...options,
  });
  const topicsOf = (...communities: readonly string[]) =>
    Promise.all(communities.map((community) => topics.topicOf(community)));
  return { topics, topicsOf, clock, log };
}

describe('topics of communities', () => {
  it('community topics are created for communities that have none yet, and looked up once', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-forum');
    const { topicsOf } = topicsOn(cluster);
    expect(await topicsOf('forum', 'shop', '', 'none', 'shop')).toEqual([
      'v-forum',
      'v-shop',
      'v-none',
      'v-_6eone',
      'v-shop',
    ]);
    expect(cluster.created).toEqual(['v-shop', 'v-none', 'v-_6eone']);
    const lists = cluster.lists;
    await topicsOf('forum', 'shop', '', 'none');
    expect(cluster.lists).toBe(lists);
  });

  it('community topics are never the topics of messages, dead letters or the outcome log, or internal topics of Kafka, whatever the pattern', async () => {
    const cluster = new FakeCluster();
    for (const name of ['chat', 'chat-dlt', '__consumer_offsets']) cluster.make(name);
    const { topicsOf, topics } = topicsOn(cluster, { pattern: '{community}' });
    expect(topics.fallback).toBe('other');
    expect(
      await topicsOf('chat', 'chat-dlt', 'chat-trace', 'other', '..', '.', '__consumer_offsets'),
    ).toEqual(['other', 'other', 'other', '_6fther', '_2e_2e', '_2e', '_5f_5fconsumer_5foffsets']);
    const internal = topicsOn(cluster, { pattern: '_{community}' });
    expect(await internal.topicsOf('.', 'a')).toEqual(['_other', '_a']);
  });

  it('community topics have a maximum number, counted in the cluster: neither a restart nor another daemon adds more', async () => {
    const cluster = new FakeCluster();
    for (const name of ['v-old', 'v-other', 'vx', 'unrelated']) cluster.make(name);
    const daemons = [topicsOn(cluster, { most: 4 }), topicsOn(cluster, { most: 4 })];
    expect(await daemons[0]!.topicsOf('a', 'b', 'old')).toEqual(['v-a', 'v-b', 'v-old']);
    expect(await daemons[1]!.topicsOf('c', 'd', 'a')).toEqual(['v-c', 'v-other', 'v-a']);
    expect(await daemons[0]!.topicsOf('e', 'a')).toEqual(['v-other', 'v-a']);
    const restarted = topicsOn(cluster, { most: 4 });
    expect(await restarted.topicsOf('f', 'c', 'old')).toEqual(['v-other', 'v-c', 'v-old']);
    expect(cluster.created).toEqual(['v-a', 'v-b', 'v-c']);
    expect(restarted.log.lines.filter(({ text }) => text.includes('maxCommunityTopics'))).toHaveLength(1);
  });

  it('community topics cost nothing more once their maximum number exists, however many communities come', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-a');
    const { topicsOf } = topicsOn(cluster, { most: 1 });
    await topicsOf(...Array.from({ length: 500 }, (_, i) => `c${i}`));
    expect(cluster.lists).toBe(1);
  });

  it('community topics that another program has created are found within seconds', async () => {
    const cluster = new FakeCluster();
    const { topicsOf, clock } = topicsOn(cluster, { createTopics: false });
    expect(await topicsOf('forum')).toEqual(['v-other']);
    cluster.make('v-forum');
    clock.seconds += 11;
    expect(await topicsOf('forum', 'shop')).toEqual(['v-forum', 'v-other']);
  });

  it('community topics whose name collides with another are replaced by the fallback, and others are still created', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-site.2eone');
    const { topicsOf } = topicsOn(cluster);
    expect(await topicsOf('site.one', 'site_one')).toEqual(['v-other', 'v-site_5fone']);
  });

  it('community topics are not requested again for a minute if they may not be created', async () => {
    const cluster = new FakeCluster();
    let asked = 0;
    cluster.creationRefused = () => {
      asked++;
      return 'POLICY_VIOLATION';
    };
    const { topicsOf, clock } = topicsOn(cluster);
    expect(await topicsOf('a', 'b', 'c')).toEqual(['v-other', 'v-other', 'v-other']);
    expect(asked).toBe(1);
    cluster.creationRefused = () => undefined;
    clock.seconds += 61;
    expect(await topicsOf('a', 'b')).toEqual(['v-a', 'v-b']);
  });

  it('community topics that refuse records are tried again after a minute', async () => {
    const cluster = new FakeCluster();
    const { topics, topicsOf, clock, log } = topicsOn(cluster);
    await topicsOf('a');
    topics.refuse('v-a', 'TOPIC_AUTHORIZATION_FAILED');
    topics.refuse('v-a', 'TOPIC_AUTHORIZATION_FAILED');
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(await topicsOf('a')).toEqual(['v-other']);
    clock.seconds += 61;
    expect(await topicsOf('a')).toEqual(['v-a']);
  });

  it('community topics that exist are used, and none is created, while topics cannot be listed because one has no leader', async () => {
    const cluster = new FakeCluster();
    cluster.make('v-forum');
    cluster.listingRefused = 'LEADER_NOT_AVAILABLE';
    const { topicsOf, clock } = topicsOn(cluster);
    expect(await topicsOf('forum', 'shop')).toEqual(['v-forum', 'v-other']);
    cluster.listingRefused = undefined;
    clock.seconds += 11;
    expect(await topicsOf('forum', 'shop')).toEqual(['v-forum', 'v-shop']);
  });

  it('community topics that are known need no cluster; for others the call fails and can be repeated', async () => {
    const cluster = new FakeCluster();
    const { topicsOf } = topicsOn(cluster);
    await topicsOf('forum');
    cluster.isDown = true;
    expect(await topicsOf('forum')).toEqual(['v-forum']);
    await expect(topicsOf('shop')).rejects.toMatchObject({ code: 'SINK_FAILED', retriable: true });
    cluster.isDown = false;
    expect(await topicsOf('shop')).toEqual(['v-shop']);
  });
});
