import { availableParallelism } from 'node:os';
import type { Consumer } from 'kafkajs';
import { fetchSizes } from '../src/adapters/kafka/group-member.ts';
import type { ExactScores } from '../src/core/decision-policy.ts';
import { BenchBroker, type CommitTimes, watchCommits } from './bench-broker.ts';
import { type BenchOptions, newestModel } from './bench-options.ts';
import type { BenchReport } from './bench-report.ts';
import { type CpuSeconds, Daemon, withFolder } from './daemon.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { MessageStream, streamTexts } from './message-stream.ts';
import { count, percent, Runs, spread } from './statistics.ts';

const TOPIC = 'bench-messages';
const PARTITIONS = 4;
const GOALS: readonly { readonly mode: ExactScores; readonly share: number }[] = [
  { mode: 'notHam', share: 0.08 },
  { mode: 'none', share: 0.15 },
];
const AIM = 0.3;
const DEADLINE_SECONDS = 900;

/** From a topic to verdicts on another and committed offsets; a consumer that only counts by turns with it, on the same topic. */
export async function kafkaBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 3, messages = 1_000_000, threads = availableParallelism() } = options;
  const model = await newestModel(options.models);
  const stream = new MessageStream(await streamTexts(options.data));
  const modes = GOALS.map(({ mode, share }) => ({
    mode,
    goal: share,
    perSecond: new Runs(),
    share: new Runs(),
    main: new Runs(),
    all: new Runs(),
    verdicts: 0,
  }));
  const bare = { perSecond: new Runs(), all: new Runs() };
  await BenchBroker.with(say, async (broker) => {
    await broker.makeTopic(TOPIC, PARTITIONS);
    say(`${count(messages)} messages are produced\n`);
    await broker.fill(TOPIC, PARTITIONS, messages, () => stream.next());
    for (let run = 0; run < runs; run++) {
      const before = process.cpuUsage();
      const bareTimes = await readBare(broker, `bare-${run}`);
      const { user, system } = process.cpuUsage(before);
      bare.all.add((user + system) / messages);
      const barePerSecond = bareTimes.messages / bareTimes.seconds;
      bare.perSecond.add(barePerSecond);
      say(`run ${run + 1}, bare consumer: ${count(barePerSecond)}/s\n`);
      for (const figures of modes) {
        const { mode } = figures;
        const name = `${mode}-${run}`;
        const { times, cpu } = await judgeTopic(broker, name, mode, options, threads);
        const perSecond = times.messages / times.seconds;
        figures.perSecond.add(perSecond);
        figures.share.add(perSecond / barePerSecond);
        if (cpu !== undefined) {
          figures.main.add((1e6 * cpu.main) / messages);
          figures.all.add((1e6 * cpu.all) / messages);
        }
        figures.verdicts = await broker.records(`verdicts-${name}`);
        say(`run ${run + 1}, ${mode}: ${count(perSecond)}/s\n`);
      }
    }
  });
  const fastest = Math.max(...modes.map(({ share }) => share.median));
  return {
    name: 'kafka',
    configuration: {
      model: model.version,
      stream: stream.describe(),
      broker: `Kafka on the same machine, ${PARTITIONS} partitions, produced beforehand, not compressed`,
      daemon: `\`sluice run\`, batch 4096, ${threads} scoring threads, verdicts on Kafka (acks all), trace off, nothing listens; a new group each time; from its first commit to its last, which are looked for every 20 ms; medians of ${runs} runs (lowest–highest), by turns`,
      'bare consumer':
        'kafkajs `eachBatch` that counts bytes and commits after each batch, fetch sizes as the daemon’s, in the process that looks at the commits',
    },
    tables: [
      {
        title: 'Topic to durable verdict and commit',
        columns: [
          'consumer',
          'messages/s',
          'of the bare consumer',
          'CPU of main thread, µs a message',
          'CPU of all',
          'verdicts',
        ],
        rows: [
          ['bare kafkajs', spread(bare.perSecond), '100 %', '–', bare.all.median.toFixed(1), '–'],
          ...modes.map(({ mode, perSecond, share, main, all, verdicts }) => [
            `Sluice, \`${mode}\``,
            spread(perSecond),
            spread(share, percent),
            ...[main, all].map((cpu) => (cpu.count === 0 ? '–' : cpu.median.toFixed(1))),
            percent(verdicts / messages),
          ]),
        ],
      },
    ],
    goals: [
      ...modes.map(({ mode, goal, share }) => ({
        goal: `${mode} ≥ ${percent(goal, 0)} of the bare consumer`,
        measured: percent(share.median),
        met: share.median >= goal,
      })),
      { goal: `aim ${percent(AIM, 0)}`, measured: percent(fastest), met: fastest >= AIM },
    ],
    verdictsChanged: false,
    figures: { modes, bare },
  };
}

async function judgeTopic(
  broker: BenchBroker,
  name: string,
  exactScores: ExactScores,
  options: BenchOptions,
  threads: number,
): Promise<{ readonly times: CommitTimes; readonly cpu: CpuSeconds | undefined }> {
  const settings = {
    ...kafkaSettings({ broker: broker.address, topic: TOPIC, group: name, verdicts: `verdicts-${name}` }),
    model: { localPath: options.models },
    decide: { exactScores },
    pool: { threads },
  };
  return await withFolder(settings, async (folder) => {
    const daemon = Daemon.start(folder);
    try {
      await daemon.until(() => daemon.enteredAt('running') !== undefined, 120);
      const before = await daemon.cpuSeconds();
      const times = await watchCommits(broker, name, TOPIC, {
        deadlineSeconds: DEADLINE_SECONDS,
        alive: () => daemon.mustLive(),
      });
      const after = await daemon.cpuSeconds();
      const cpu = before && after && { main: after.main - before.main, all: after.all - before.all };
      return { times, cpu };
    } finally {
      await daemon.stop();
    }
  });
}

/** With the fetch sizes of the daemon. */
async function readBare(broker: BenchBroker, group: string): Promise<CommitTimes> {
  const consumer: Consumer = broker.kafka.consumer({
    groupId: group,
    maxWaitTimeInMs: 200,
    ...fetchSizes,
  });
  let bytes = 0;
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({
      partitionsConsumedConcurrently: PARTITIONS,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) bytes += value?.length ?? 0;
      },
    });
    const times = await watchCommits(broker, group, TOPIC, { deadlineSeconds: DEADLINE_SECONDS });
    if (bytes === 0) throw new Error('the bare consumer read nothing');
    return times;
  } finally {
    await consumer.disconnect();
  }
}
