import { describe, expect, it } from 'vitest';
import { publishFailure } from '../../../src/adapters/kafka/publish-failure.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { protocolError } from './fake-producer.ts';

const kindOf = (thrown: unknown, createsTopics = false) => {
  const { kind, scope } = publishFailure(thrown, createsTopics);
  return `${kind}, ${scope}`;
};

describe('what a failed send asks for', () => {
  it.each([
    ['MESSAGE_TOO_LARGE', 'too-large, record'],
    ['RECORD_LIST_TOO_LARGE', 'too-large, record'],
    ['INVALID_RECORD', 'never, record'],
    ['INVALID_TOPIC_EXCEPTION', 'never, topic'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'refused-for-now, topic'],
    ['TOPIC_AUTHORIZATION_FAILED', 'refused-for-now, topic'],
    ['POLICY_VIOLATION', 'refused-for-now, topic'],
    ['CLUSTER_AUTHORIZATION_FAILED', 'refused-for-now, cluster'],
    ['SASL_AUTHENTICATION_FAILED', 'refused-for-now, cluster'],
    // The time of a record is that of its sending, so a clock is at fault and not the record.
    ['INVALID_TIMESTAMP', 'refused-for-now, cluster'],
    ['INVALID_PARTITIONS', 'refused-for-now, topic'],
    ['INVALID_REPLICATION_FACTOR', 'refused-for-now, topic'],
    ['INVALID_CONFIG', 'refused-for-now, topic'],
    ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'refused-for-now, topic'],
    ['UNSUPPORTED_COMPRESSION_TYPE', 'refused-for-now, topic'],
    ['UNSUPPORTED_SASL_MECHANISM', 'refused-for-now, cluster'],
    ['SECURITY_DISABLED', 'refused-for-now, cluster'],
    ['UNSUPPORTED_VERSION', 'refused-for-now, cluster'],
    ['LEADER_NOT_AVAILABLE', 'unavailable, topic'],
    ['NOT_LEADER_FOR_PARTITION', 'unavailable, topic'],
    ['REPLICA_NOT_AVAILABLE', 'unavailable, topic'],
    ['NOT_ENOUGH_REPLICAS', 'unavailable, topic'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unavailable, topic'],
    ['KAFKA_STORAGE_ERROR', 'unavailable, topic'],
  ])(
    'a failed send to Kafka with the code %s: %s, and the reason contains the code and its meaning',
    (type, expected) => {
      expect(kindOf(protocolError(type))).toBe(expected);
      expect(kindOf(protocolError(type).cause)).toBe(expected);
      expect(publishFailure(protocolError(type), false).reason).toMatch(new RegExp(`^${type}: \\w+ \\w+`));
    },
  );

  it.each(['REQUEST_TIMED_OUT', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'constructor'])(
    'a failed send to Kafka with the code %s is retried, although nothing else is known about it',
    (type) => {
      expect(kindOf(protocolError(type))).toBe('unavailable, cluster');
      expect(kindOf(protocolError(type).cause)).toBe('unavailable, cluster');
    },
  );

  it('a failed send to Kafka is handled the same if the error is wrapped in one of Sluice, or is one of several', () => {
    const one = protocolError('INVALID_TOPIC_EXCEPTION');
    const several = Object.assign(new Error('Topic creation errors'), { errors: [one] });
    const ours = new SluiceError('SINK_FAILED', 'cannot be created', { retriable: true, cause: several });
    expect(publishFailure(ours, true)).toEqual({
      kind: 'never',
      scope: 'topic',
      reason: expect.stringContaining('INVALID_TOPIC_EXCEPTION'),
    });
  });

  it('a failed send to Kafka is retried if a topic is missing that the next attempt creates', () => {
    expect(kindOf(protocolError('UNKNOWN_TOPIC_OR_PARTITION'), true)).toBe('unavailable, topic');
  });

  it('a failed send to Kafka with an error without a code is retried, and its innermost text is the reason', () => {
    const refused = new Error('connect ECONNREFUSED');
    expect(publishFailure(new Error('tried 5 times', { cause: refused }), true)).toEqual({
      kind: 'unavailable',
      scope: 'cluster',
      reason: 'connect ECONNREFUSED',
    });
    expect(kindOf('a text')).toBe('unavailable, cluster');
  });

  it('a failed send to Kafka needs an operator if the cluster refuses the credentials', () => {
    const denied = Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' });
    expect(publishFailure(new Error('x', { cause: denied }), true)).toMatchObject({
      kind: 'refused-for-now',
      scope: 'cluster',
      reason: expect.stringContaining('kafka.sasl.password'),
    });
  });
});
