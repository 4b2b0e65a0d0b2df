import { describeError } from '../../core/errors.ts';
import { accessRefused } from './access-refused.ts';

/**
 * What a failed send asks for:
 * - `unavailable`: the same send again, later;
 * - `refused-for-now`: the same, and somebody has to do something before it can succeed;
 * - `too-large`: fewer records at a time, and of one alone a smaller form;
 * - `never`: nothing; it will not succeed as it is.
 */
export type FailureKind = 'unavailable' | 'refused-for-now' | 'too-large' | 'never';

export interface PublishFailure {
  readonly kind: FailureKind;
  /** What is at fault: one of the records, the topic, or the cluster and how we reach it. */
  readonly scope: 'record' | 'topic' | 'cluster';
  /** For a person: the code and what it means here. */
  readonly reason: string;
}

type Entry = readonly [kind: FailureKind, scope: PublishFailure['scope'], meaning: string];

/**
 * Codes of Kafka's protocol that repeating a send alone does not get rid of, and those of single topics. Every other code,
 * and every error without one (of connections, of time limits), means that the cluster is unavailable.
 */
const table: Readonly<Record<string, Entry>> = {
  MESSAGE_TOO_LARGE: ['too-large', 'record', 'larger than the topic accepts (max.message.bytes)'],
  RECORD_LIST_TOO_LARGE: ['too-large', 'record', 'larger than a segment of the topic (segment.bytes)'],
  INVALID_RECORD: [
    'never',
    'record',
    'the broker refuses the record, as one without a key on a compacted topic',
  ],
  // The time of each record is that of its sending: not the record is at fault but a clock.
  INVALID_TIMESTAMP: [
    'refused-for-now',
    'cluster',
    'the clock of this machine, or that of the broker, is wrong',
  ],
  INVALID_TOPIC_EXCEPTION: ['never', 'topic', 'the name cannot be that of a topic, or collides with another'],
  LEADER_NOT_AVAILABLE: ['unavailable', 'topic', 'a partition of the topic has no leader'],
  NOT_LEADER_FOR_PARTITION: ['unavailable', 'topic', 'a partition of the topic is changing its leader'],
  REPLICA_NOT_AVAILABLE: ['unavailable', 'topic', 'a replica of the topic is unavailable'],
  NOT_ENOUGH_REPLICAS: ['unavailable', 'topic', 'too few replicas of the topic are in sync'],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: ['unavailable', 'topic', 'too few replicas of the topic are in sync'],
  KAFKA_STORAGE_ERROR: ['unavailable', 'topic', 'the disk of a broker fails'],
  UNKNOWN_TOPIC_OR_PARTITION: ['refused-for-now', 'topic', 'the topic does not exist'],
  TOPIC_AUTHORIZATION_FAILED: ['refused-for-now', 'topic', 'the topic may not be written or created'],
  POLICY_VIOLATION: ['refused-for-now', 'topic', 'a policy of the cluster forbids the topic'],
  INVALID_PARTITIONS: [
    'refused-for-now',
    'topic',
    'the topic cannot have that many partitions (kafka.partitions)',
  ],
  INVALID_REPLICATION_FACTOR: ['refused-for-now', 'topic', 'the cluster has too few brokers for a new topic'],
  INVALID_CONFIG: ['refused-for-now', 'topic', 'the configuration of the topic is invalid'],
  UNSUPPORTED_FOR_MESSAGE_FORMAT: ['refused-for-now', 'topic', 'the topic has an old message format'],
  UNSUPPORTED_COMPRESSION_TYPE: ['refused-for-now', 'topic', 'the compression of the topic is not supported'],
  CLUSTER_AUTHORIZATION_FAILED: [
    'refused-for-now',
    'cluster',
    'the cluster does not allow it (IdempotentWrite, Create)',
  ],
  SASL_AUTHENTICATION_FAILED: ['refused-for-now', 'cluster', 'the broker refuses user name and password'],
  UNSUPPORTED_SASL_MECHANISM: [
    'refused-for-now',
    'cluster',
    'the broker does not support kafka.sasl.mechanism',
  ],
  SECURITY_DISABLED: ['refused-for-now', 'cluster', 'security is disabled on the broker'],
  UNSUPPORTED_VERSION: [
    'refused-for-now',
    'cluster',
    'the broker does not support the version of the request',
  ],
};

/**
 * Classifies what a send, or the creation of its topic, threw. `createsTopics`: whether a topic that does not exist is
 * created at the next attempt.
 */
export function publishFailure(thrown: unknown, createsTopics: boolean): PublishFailure {
  const refused = accessRefused(thrown);
  if (refused !== undefined)
    return { kind: 'refused-for-now', scope: 'cluster', reason: describeError(refused) };
  const type = typesOf(thrown).find((each) => Object.hasOwn(table, each));
  if (type === undefined) return { kind: 'unavailable', scope: 'cluster', reason: reasonOf(thrown) };
  const [kind, scope, meaning] = table[type]!;
  const reason = `${type}: ${meaning}`;
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' && createsTopics) return { kind: 'unavailable', scope, reason };
  return { kind, scope, reason };
}

/** Codes within an error: its own, those of its causes, and those of the errors that it gathers. */
function typesOf(thrown: unknown): readonly string[] {
  const types: string[] = [];
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    const { type, errors } = at as Error & { readonly type?: unknown; readonly errors?: unknown };
    if (typeof type === 'string') types.push(type);
    if (Array.isArray(errors)) types.push(...errors.flatMap(typesOf));
  }
  return types;
}

/** The innermost text: what is wrapped around it only repeats it. */
function reasonOf(thrown: unknown): string {
  let at = thrown;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return describeError(at);
}
