import { availableParallelism } from 'node:os';
import type { Consumer } from 'kafkajs';
import { fetchSizes } from '../../src/adapters/kafka/member-consumer.ts';
import type { ExactScores } from '../../src/core/decision-policy.ts';
import { BenchBroker, type CommitTimes, watchCommits } from '../harness/bench-broker.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { type CpuSeconds, Daemon, withFolder } from '../harness/daemon.ts';
import { interruptible } from '../harness/interruption.ts';
import { kafkaSettings } from '../harness/kafka-settings.ts';
import { MessageStream, streamTexts } from '../harness/message-stream.ts';
import { type KafkaPeer, scoreWithPeer } from '../peers/kafka-peer.ts';
import { peersAskedFor, prepareKafkaPeers } from '../peers/kafka-peers.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { ConsumerFigures, kafkaGoals, kafkaTable, type ModeFigures } from '../report/kafka-table.ts';
import { count } from '../report/statistics.ts';

const TOPIC = 'bench-messages';
const PARTITIONS = 4;
const GOALS: readonly { readonly mode: ExactScores; readonly goal: number | undefined }[] = [
  { mode: 'notHam', goal: 0.08 },
  { mode: 'none', goal: 0.15 },
];
/** The peers evaluate every member of every message, so they are compared with a daemon that does too. */
const BESIDE_PEERS = { mode: 'all', goal: undefined } as const;
const AIM = 0.3;
const DEADLINE_SECONDS = 900;
/** A peer may be many times slower, and what was measured before it should not be lost. */
const PEER_DEADLINE_SECONDS = 3_600;

/**
 * From a topic to verdicts on another and committed offsets; a consumer that only counts by turns with it, on the same topic, and the peers
 * that are asked for. Ctrl-C ends it, and all that it has started.
 */
export function kafkaBench(options: BenchOptions): Promise<BenchReport> {
  return interruptible(options.say, (signal) => measure(options, signal));
}

async function measure(options: BenchOptions, signal: AbortSignal): Promise<BenchReport> {
  const { say, runs = 3, messages = 1_000_000, threads = availableParallelism() } = options;
  const asked = peersAskedFor(options.peers);
  const model = await newestModel(options.models);
  const stream = new MessageStream(await streamTexts(options.data));
  const modes: readonly ModeFigures[] = [...GOALS, ...(asked.length > 0 ? [BESIDE_PEERS] : [])].map(
    (each) => ({
      ...each,
      figures: new ConsumerFigures(),
    }),
  );
  const bare = new ConsumerFigures();
  const made = await prepareKafkaPeers(asked, model, say, signal);
  const peers = made.map((peer) => ({ peer, title: peer.title, figures: new ConsumerFigures() }));
  try {
    await BenchBroker.with(say, async (broker) => {
      await fillTopic(broker, stream, made, { messages, say, signal });
      for (let run = 0; run < runs; run++) {
        const logSpeed = (name: string, perSecond: number) =>
          say(`run ${run + 1}, ${name}: ${count(perSecond)}/s\n`);
        const before = process.cpuUsage();
        const bareTimes = await readBare(broker, `bare-${run}`, signal);
        const { user, system } = process.cpuUsage(before);
        bare.all.add((user + system) / messages);
        const barePerSecond = speedOf(bareTimes);
        bare.addSpeed(barePerSecond, barePerSecond);
        logSpeed('bare consumer', barePerSecond);
        for (const { mode, figures } of modes) {
          const name = `${mode}-${run}`;
          const { times, cpu } = await scoreTopic(broker, name, mode, options, threads, signal);
          figures.addSpeed(speedOf(times), barePerSecond);
          if (cpu !== undefined) {
            figures.main.add((1e6 * cpu.main) / messages);
            figures.all.add((1e6 * cpu.all) / messages);
          }
          figures.verdicts = await broker.records(`verdicts-${name}`);
          logSpeed(mode, speedOf(times));
        }
        for (const { peer, figures } of peers) {
          const name = `${peer.name}-${run}`;
          const on = {
            topic: TOPIC,
            partitions: PARTITIONS,
            messages,
            deadlineSeconds: PEER_DEADLINE_SECONDS,
          };
          const { times, cpu } = await scoreWithPeer(broker, peer, name, { ...on, signal });
          figures.addSpeed(speedOf(times), barePerSecond);
          if (cpu !== undefined) figures.all.add((1e6 * cpu) / messages);
          figures.verdicts = await broker.records(`verdicts-${name}`);
          logSpeed(peer.name, speedOf(times));
        }
      }
    });
  } finally {
    for (const { peer } of peers) await peer.release?.();
  }
  return {
    name: 'kafka',
    configuration: {
      model: model.version,
      stream: stream.describe(),
      broker: `Kafka on the same machine, ${PARTITIONS} partitions, produced beforehand, not compressed`,
      daemon: `\`sluice run\`, batch 4096, ${threads} scoring threads, verdicts on Kafka (acks all), trace off, nothing listens; a new group each time; from its first commit to its last, which are looked for every 20 ms; medians of ${runs} runs (lowest–highest), by turns`,
      'bare consumer':
        'kafkajs `eachBatch` that counts bytes and commits after each batch, fetch sizes as the daemon’s, in the process that looks at the commits',
      ...Object.fromEntries(peers.map(({ peer }) => [peer.name, peer.description])),
    },
    tables: [kafkaTable(messages, bare, modes, peers)],
    goals: kafkaGoals(modes, AIM),
    verdictsChanged: false,
    figures: {
      modes: modes.map(({ mode, goal, figures }) => ({ mode, goal, ...figures })),
      bare,
      peers: peers.map(({ peer, figures }) => ({ peer: peer.name, ...figures })),
    },
  };
}

function speedOf({ messages, seconds }: CommitTimes): number {
  return messages / seconds;
}

async function fillTopic(
  broker: BenchBroker,
  stream: MessageStream,
  peers: readonly KafkaPeer[],
  {
    messages,
    say,
    signal,
  }: { readonly messages: number; readonly signal: AbortSignal } & Pick<BenchOptions, 'say'>,
): Promise<void> {
  await broker.makeTopic(TOPIC, PARTITIONS);
  say(`${count(messages)} messages are produced\n`);
  const seeing = peers.filter(({ saw }) => saw !== undefined);
  await broker.fill(TOPIC, PARTITIONS, messages, () => {
    signal.throwIfAborted();
    const line = stream.next();
    if (seeing.length > 0) {
      const { message } = JSON.parse(line) as { readonly message: string };
      for (const peer of seeing) peer.saw?.(message);
    }
    return line;
  });
  for (const peer of peers) await peer.filled?.();
}

async function scoreTopic(
  broker: BenchBroker,
  name: string,
  exactScores: ExactScores,
  options: BenchOptions,
  threads: number,
  signal: AbortSignal,
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
      await daemon.until(() => {
        signal.throwIfAborted();
        return daemon.enteredAt('running') !== undefined;
      }, 120);
      const before = await daemon.cpuSeconds();
      const times = await watchCommits(broker, name, TOPIC, {
        deadlineSeconds: DEADLINE_SECONDS,
        alive: () => {
          signal.throwIfAborted();
          daemon.mustLive();
        },
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
async function readBare(broker: BenchBroker, group: string, signal: AbortSignal): Promise<CommitTimes> {
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
    const times = await watchCommits(broker, group, TOPIC, {
      deadlineSeconds: DEADLINE_SECONDS,
      alive: () => signal.throwIfAborted(),
    });
    if (bytes === 0) throw new Error('the bare consumer read nothing');
    return times;
  } finally {
    await consumer.disconnect();
  }
}
