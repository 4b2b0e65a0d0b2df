import { randomUUID } from 'node:crypto';
import { createKafka } from '../../adapters/kafka/kafka-client.ts';
import { SteadyProducer } from '../../adapters/kafka/steady-producer.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { topicsOf } from '../../settings/contradictions.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { sampleMessages } from '../../training/sample-messages.ts';
import { openKafka } from '../open/open-kafka.ts';
import { packageRoot } from '../package-root.ts';
import { settingsOfFile } from './cluster-settings.ts';

/** What one does with a running cluster from outside of its daemons. */
export interface ClusterClient {
  readonly topics: { readonly source: string; readonly verdicts: string };
  /** Sends texts as messages; answers their ids. Throws `SINK_FAILED`. */
  send(texts: readonly string[], community: string): Promise<readonly string[]>;
  /** Calls `line` for each published verdict, until the last, or, with `follow`, until the signal. Throws `SOURCE_FAILED`. */
  verdicts(
    options: { readonly follow: boolean; readonly signal: AbortSignal },
    line: (json: string) => Promise<boolean>,
  ): Promise<void>;
  /** Sends synthetic messages at a steady rate until what comes back is called. Throws `SINK_FAILED`. */
  load(perSecond: number): Promise<() => Promise<void>>;
}

const TEXTS = 20_000;
const SPAM = 0.1;
const COMMUNITIES = 4;
const MEBIBYTE = 1024 * 1024;
/** An unavailable broker must not fill the log. */
const LOG_SECONDS = 60;

/** `file`: the settings of one of the cluster's daemons. */
export async function openClusterClient(file: string, log: Log): Promise<ClusterClient> {
  const { settings } = await settingsOfFile(file, packageRoot());
  const { source, verdicts } = topicsOf(settings);
  return {
    topics: { source, verdicts },
    send: (texts, community) => send(settings, log, texts, community),
    verdicts: (options, line) => readVerdicts(settings, log, options, line),
    load: (perSecond) => startLoad(settings, log, perSecond),
  };
}

async function send(
  settings: Settings,
  log: Log,
  texts: readonly string[],
  community: string,
): Promise<readonly string[]> {
  const publisher = await openKafka(settings, log).toSource();
  try {
    const messages = texts.map((message) => ({ message, message_id: randomUUID(), community }));
    const topic = settings.source.topic;
    const refusals = await publisher.publish(
      messages.map((each) => ({ topic, message: { value: JSON.stringify(each) } })),
    );
    if (refusals.length > 0)
      throw new SluiceError('SINK_FAILED', `${refusals[0]!.reason}; send a shorter text`);
    return messages.map(({ message_id }) => message_id);
  } finally {
    await publisher.close();
  }
}

async function readVerdicts(
  settings: Settings,
  log: Log,
  { follow, signal }: { readonly follow: boolean; readonly signal: AbortSignal },
  line: (json: string) => Promise<boolean>,
): Promise<void> {
  // A group of its own, which remembers nothing.
  const records = openKafka(settings, log).verdictRecords(`sluice-verdicts-${randomUUID()}`, !follow);
  try {
    await records.open({ revoked: () => {} });
    for (let batch = await records.pull(signal); batch !== undefined; batch = await records.pull(signal))
      for (const { bytes, tombstone } of batch.messages)
        if (!tombstone && !(await line(Buffer.from(bytes).toString()))) return;
  } finally {
    await records.close();
  }
}

async function startLoad(settings: Settings, log: Log, perSecond: number): Promise<() => Promise<void>> {
  const { inflateLimitMebibytes, partitions: _, createTopics: __, ...rest } = settings.kafka;
  const kafka = createKafka({ ...rest, inflateLimitBytes: inflateLimitMebibytes * MEBIBYTE }, log);
  // Ids of other loads are others.
  const run = randomUUID().slice(0, 8);
  const samples = [...sampleMessages({ count: TEXTS, spam: SPAM, seed: 1 })];
  let unsure = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  const producer = new SteadyProducer({
    kafka,
    topic: settings.source.topic,
    perSecond,
    message: (n) => {
      const { message, language } = samples[n % TEXTS]!;
      const community = `load-${n % COMMUNITIES}`;
      return { value: JSON.stringify({ message, message_id: `load-${run}-${n}`, community, language }) };
    },
    unsure: (from, to, error) => {
      unsure += to - from;
      if (performance.now() - loggedAt < LOG_SECONDS * 1000) return;
      loggedAt = performance.now();
      log.warn({ messages: unsure, error: describeError(error) }, 'messages could not be sent');
    },
  });
  try {
    await producer.start();
  } catch (error) {
    throw new SluiceError(
      'SINK_FAILED',
      `Kafka cannot be reached (${describeError(error)}); is the cluster up?`,
      {
        cause: error,
      },
    );
  }
  return () => producer.stop();
}
