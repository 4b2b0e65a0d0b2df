import { communityTopic, communityTopicTest, fallbackTopic } from '../../core/community-topic.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { publishFailure } from './publish-failure.ts';
import type { TopicAdmin } from './topic-admin.ts';

export interface CommunityTopicsOptions {
  /** With `{community}` in it. */
  readonly pattern: string;
  /** Topics that no community may have as its own: that of the messages, of dead letters, of the trace. */
  readonly reserved: readonly string[];
  /** Topics of communities in the whole cluster, including those that other daemons created. */
  readonly most: number;
  readonly createTopics: boolean;
  readonly topics: Pick<TopicAdmin, 'names' | 'exists' | 'make'>;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly log: Log;
}

/** A topic that somebody else has created is found after that. */
const LIST_SECONDS = 10;
/** A topic that was refused, and the creation of topics, is tried again after that. */
const REFUSED_SECONDS = 60;
/** Kafka's own topics begin with it. */
const INTERNAL = '__';

/**
 * Which topic each community's verdicts go to. A community gets a topic of its own if there is one, or one may be created:
 * the topics in the cluster are counted before each creation, so that neither a restart nor other daemons add to their
 * number. All others share the fallback; the key distinguishes them there.
 */
export class CommunityTopics {
  readonly fallback: string;
  readonly #options: CommunityTopicsOptions;
  readonly #isCommunityTopic: (topic: string) => boolean;
  readonly #reserved: ReadonlySet<string>;
  readonly #known = new Set<string>();
  /** Until when a topic's verdicts go to the fallback. */
  readonly #refused = new Map<string, number>();
  #creationRefusedUntil = 0;
  #listedAt = Number.NEGATIVE_INFINITY;
  /** kafkajs lists no topic while any of the cluster has no leader. */
  #canList = true;
  #isFullLogged = false;
  /** Lookups, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CommunityTopicsOptions) {
    this.#options = options;
    this.fallback = fallbackTopic(options.pattern);
    this.#isCommunityTopic = communityTopicTest(options.pattern);
    this.#reserved = new Set([...options.reserved, this.fallback].map(asCompared));
  }

  /** Throws `SINK_FAILED` (retriable) where a topic has to be looked up and the cluster is unavailable. */
  async topicOf(community: string): Promise<string> {
    const topic = communityTopic(this.#options.pattern, community);
    if (topic.startsWith(INTERNAL) || this.#reserved.has(asCompared(topic))) return this.fallback;
    if (this.#isRefused(topic)) return this.fallback;
    if (this.#known.has(topic)) return topic;
    const found = this.#turn.then(() => this.#lookUp(topic));
    this.#turn = found.catch(() => undefined);
    return await found;
  }

  /** The topic refuses records, or does not exist any more: for a while its verdicts go to the fallback. */
  refuse(topic: string, reason: string): void {
    this.#known.delete(topic);
    if (this.#isRefused(topic)) return;
    const now = this.#options.clock.elapsed();
    for (const [other, until] of this.#refused) if (until <= now) this.#refused.delete(other);
    this.#refused.set(topic, now + REFUSED_SECONDS);
    this.#options.log.warn(
      { topic, reason, fallback: this.fallback, seconds: REFUSED_SECONDS },
      'verdicts cannot be published to the topic of a community and go to the fallback; then the topic is tried again',
    );
  }

  async #lookUp(topic: string): Promise<string> {
    const { clock, createTopics, most } = this.#options;
    if (this.#known.has(topic)) return topic;
    try {
      if (clock.elapsed() - this.#listedAt > LIST_SECONDS) await this.#list();
      if (!this.#canList && (await this.#options.topics.exists(topic))) this.#known.add(topic);
      if (this.#known.has(topic)) return topic;
      if (!createTopics || !this.#canList || clock.elapsed() < this.#creationRefusedUntil)
        return this.fallback;
      if (this.#known.size >= most) return this.#full();
      // Other daemons create topics too.
      await this.#list();
      if (this.#known.has(topic)) return topic;
      if (!this.#canList || this.#known.size >= most) return this.#full();
      await this.#options.topics.make(topic);
    } catch (error) {
      return this.#failed(topic, error);
    }
    this.#known.add(topic);
    return topic;
  }

  async #list(): Promise<void> {
    const { topics, clock, log } = this.#options;
    try {
      const names = (await topics.names()).filter((name) => this.#isOwn(name));
      this.#known.clear();
      for (const name of names) this.#known.add(name);
      this.#canList = true;
    } catch (error) {
      if (publishFailure(error, true).scope === 'cluster') throw error;
      if (this.#canList)
        log.warn(
          { error: describeError(error) },
          'topics cannot be listed; no topic of a community is created until they can',
        );
      this.#canList = false;
    }
    this.#listedAt = clock.elapsed();
  }

  #isOwn(name: string): boolean {
    return (
      this.#isCommunityTopic(name) && !name.startsWith(INTERNAL) && !this.#reserved.has(asCompared(name))
    );
  }

  #full(): string {
    const { log, most } = this.#options;
    if (this.#isFullLogged || !this.#canList) return this.fallback;
    this.#isFullLogged = true;
    log.warn(
      { topics: this.#known.size, fallback: this.fallback },
      `there are ${most} topics of communities (verdicts.maxCommunityTopics); verdicts of further communities go to the fallback`,
    );
    return this.fallback;
  }

  #failed(topic: string, error: unknown): string {
    const failure = publishFailure(error, true);
    if (failure.kind === 'unavailable')
      throw error instanceof SluiceError && error.code === 'SINK_FAILED'
        ? error
        : new SluiceError(
            'SINK_FAILED',
            `Kafka: the topic ${topic} could not be looked up (${failure.reason}); check the brokers and kafka.tls`,
            { retriable: true, cause: error },
          );
    // A collision of names is this topic's own; rights and policies are those of all.
    if (failure.kind !== 'never')
      this.#creationRefusedUntil = this.#options.clock.elapsed() + REFUSED_SECONDS;
    this.refuse(topic, failure.reason);
    return this.fallback;
  }

  #isRefused(topic: string): boolean {
    const until = this.#refused.get(topic);
    return until !== undefined && this.#options.clock.elapsed() < until;
  }
}

/** Names that are equal so collide in Kafka. */
function asCompared(topic: string): string {
  return topic.replaceAll('.', '_');
}
