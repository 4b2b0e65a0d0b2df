import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  communityTopic,
  communityTopicTest,
  fallbackTopic,
  hasRoomForCommunity,
} from '../../../src/core/community-topic.ts';

const pattern = 'verdicts-{community}';

/** Kafka refuses a topic whose name equals that of another once dots are underscores. */
const collidesAs = (topic: string) => topic.replaceAll('.', '_');

/** Names that were found to share a topic, or to be refused, among any others. */
const community = fc.oneof(
  fc.constantFrom(
    '',
    'none',
    'other',
    '.',
    '..',
    '_',
    '__consumer_offsets',
    'site.one',
    'site_one',
    'A b',
    'A-b',
  ),
  fc.constantFrom(
    '日本',
    '中国',
    'a\ud800',
    'a\ud801',
    'a\ufffd',
    'x'.repeat(300),
    `${'x'.repeat(300)}y`,
    '_6eone',
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.stringMatching(/^[a-z._-]{1,6}$/),
  fc
    .array(fc.constantFrom('.', '_', '-', 'a', 'x', '6', 'e'), { maxLength: 260 })
    .map((parts) => parts.join('')),
);

describe('the topic of a community', () => {
  it('the topic of a community contains its name unchanged if that consists of letters, digits and dashes', () => {
    for (const name of ['forum', 'Forum', 'site1', 'my-forum', '-', '2026'])
      expect(communityTopic(pattern, name)).toBe(`verdicts-${name}`);
  });

  it('the topic of a community contains all characters but letters, digits and dashes as bytes in hex', () => {
    expect(communityTopic(pattern, 'site.one')).toBe('verdicts-site_2eone');
    expect(communityTopic(pattern, 'site_one')).toBe('verdicts-site_5fone');
    expect(communityTopic(pattern, 'ä b')).toBe('verdicts-_c3_a4_20b');
    expect(communityTopic('{community}', '..')).toBe('_2e_2e');
  });

  it('the topic of a community is valid in Kafka, and differs from that of every other community by the comparison that Kafka uses', () => {
    fc.assert(
      fc.property(
        community,
        community,
        fc.constantFrom(pattern, '{community}', 'a.{community}.b.{community}'),
        (one, other, form) => {
          const topic = communityTopic(form, one);
          expect(topic).toMatch(/^[A-Za-z0-9._-]{1,249}$/);
          expect(['.', '..']).not.toContain(topic);
          if (one !== other) expect(collidesAs(topic)).not.toBe(collidesAs(communityTopic(form, other)));
          expect(collidesAs(topic)).not.toBe(collidesAs(fallbackTopic(form)));
          expect(communityTopicTest(form)(topic)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('the topic of a community begins with the beginning of a name that is too long, and ends with a hash', () => {
    const topic = communityTopic(pattern, 'x'.repeat(60_000));
    expect(topic).toHaveLength(249);
    expect(topic).toMatch(/^verdicts-x+_x[0-9a-f]{32}$/);
    expect(communityTopic(pattern, `${'ä'.repeat(200)}b`)).not.toMatch(/_[0-9a-f]?_x/);
  });

  it('the topic of a community is recognized among the topics of a cluster', () => {
    const isOne = communityTopicTest('v.{community}');
    expect(['v.forum', 'v.none', 'v.site_2eone'].filter(isOne)).toHaveLength(3);
    expect(['v.', 'v.a.b', 'v.a_b', 'vxforum', 'chat-messages', 'v.other'].filter(isOne)).toEqual([]);
    expect(communityTopicTest('{community}-{community}')('a-b')).toBe(false);
  });

  it('the topic of a community requires a pattern that has room for it', () => {
    expect(hasRoomForCommunity(`${'x'.repeat(215)}{community}`)).toBe(true);
    expect(hasRoomForCommunity(`${'x'.repeat(216)}{community}`)).toBe(false);
    expect(hasRoomForCommunity('{community}'.repeat(8))).toBe(false);
  });
});
