import { topicsOf } from '../../settings/contradictions.ts';
import type { DeadLetterSinkKind, OpenContext, SourceKind, TraceSinkKind, VerdictSinkKind } from './kinds.ts';
import type { OpenKafka } from './open-kafka.ts';

const opened = new WeakMap<OpenContext, Promise<OpenKafka>>();

/** Kafka's client is loaded only where it is used, and one serves everything that is opened with the same context. */
function kafkaOf(context: OpenContext): Promise<OpenKafka> {
  const before = opened.get(context);
  if (before !== undefined) return before;
  const kafka = import('./open-kafka.ts').then(({ openKafka }) => openKafka(context.settings, context.log));
  opened.set(context, kafka);
  return kafka;
}

/** A topic that is read by a consumer group. */
export const kafkaSource: SourceKind = {
  open: async (context, { once, budget }) => await (await kafkaOf(context)).source(once, budget),
  broker: ({ source }) => ({ dependency: 'kafka', group: source.group }),
  // A broker is asked by the network, and each time by three requests.
  lookSeconds: ({ metrics }) => metrics.lagIntervalSeconds / 3,
  inbox: () => undefined,
  whyUnsendable: () => undefined,
  openResender: async ({ settings, log }) =>
    await (await import('./resend-to-topic.ts')).openResenderToTopic(settings, log),
};

export const kafkaVerdicts: VerdictSinkKind = {
  open: async (context) => await (await kafkaOf(context)).verdicts(),
  destination: (settings) => `topic ${topicsOf(settings).verdicts}`,
  file: () => undefined,
};

export const kafkaDeadLetters: DeadLetterSinkKind = {
  open: async (context) => await (await kafkaOf(context)).deadLetters(),
  destination: (settings) => `topic ${topicsOf(settings).deadLetters}`,
  async *stored({ settings, log }, wanted) {
    yield* (await import('./letters-of-topic.ts')).lettersOfTopic(settings, log, wanted);
  },
  box: ({ settings, log }) => {
    const box = async () => (await import('./letter-box-of-topic.ts')).openLetterBoxOfTopic(settings, log);
    return {
      page: async (query) => (await box()).page(query),
      read: async (ids, mostBytes) => (await box()).read(ids, mostBytes),
      replayed: async (letters) => (await box()).replayed(letters),
      mark: async (letters) => (await box()).mark(letters),
    };
  },
};

export const kafkaTraces: TraceSinkKind = {
  open: async (context) => await (await kafkaOf(context)).trace(),
  destination: (settings) => `topic ${topicsOf(settings).traces}`,
};
