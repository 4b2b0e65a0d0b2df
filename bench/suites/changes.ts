import { setTimeout as pause } from 'node:timers/promises';
import { ZooKeeperClient } from '../../src/adapters/zookeeper/zookeeper-client.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import { ModelCopies } from '../../test/ledger/model-copies.ts';
import { BenchBroker } from '../harness/bench-broker.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import { kafkaSettings } from '../harness/kafka-settings.ts';
import { runLoad } from '../harness/load-run.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, percent, Runs, spread } from '../report/statistics.ts';

/** The first leaves the processor free; at the second, one machine for all of it has none left. */
const RATES = [100, 5_000];
const SECONDS = 60;
const RAMP_SECONDS = 10;
const WAIT_SECONDS = 10;
const DAEMONS = 2;
const PARTITIONS = 4;
const SPAM_SHARE = 0.1;
const GOAL_SECONDS = 2;
const KEYS = '/sluice';
/** Between two changes, so that each finds the pipeline at rest again. */
const PAUSE_SECONDS = 1;
const DEADLINE_SECONDS = 60;
const ACTIVE = 'changed settings are active';

const changes = ['a threshold', 'a new model', 'back to the model before'] as const;
type Change = (typeof changes)[number];

interface Case {
  readonly rate: number;
  /** Seconds until the slower daemon had it active. */
  readonly seconds: ReadonlyMap<Change, Runs>;
}

/** From a key that is written in ZooKeeper until its value is active on each daemon of a group that is scoring. */
export async function changesBench(options: BenchOptions): Promise<BenchReport> {
  const { say, threads = 1 } = options;
  const model = await newestModel(options.models);
  const cases: Case[] = [];
  await BenchBroker.with(say, (broker) =>
    withFolder({}, async (folder) => {
      const zookeeper = await ZooKeeperServer.start({ folder: `${folder}/zookeeper` });
      try {
        for (const rate of RATES) {
          say(`${count(rate)}/s\n`);
          const copies = new ModelCopies(`${folder}/models-${rate}`, options.models);
          cases.push(await changedUnder(rate, { broker, zookeeper, copies, threads, options }));
        }
      } finally {
        await zookeeper.stop();
      }
    }),
  );
  return {
    name: 'changes',
    configuration: {
      model: `copies of ${model.version}, each with a manifest of its own`,
      daemons: `${DAEMONS} × \`sluice run\`, ${threads} scoring thread each, one group, trace off; broker, ZooKeeper and load generator on the same machine`,
      measured: `from before the key is written until the log of the slower daemon says "${ACTIVE}", which it does when the next batch is scored under it; medians, lowest and highest; ${PAUSE_SECONDS} s between changes`,
    },
    tables: [
      {
        title: 'From a key to the change active on both daemons, s',
        columns: ['messages/s', ...changes],
        rows: cases.map(({ rate, seconds }) => [
          count(rate),
          ...changes.map((change) => {
            const runs = seconds.get(change)!;
            return `${spread(runs, (value) => value.toFixed(2))}, ${runs.count} times`;
          }),
        ]),
      },
    ],
    goals: cases.flatMap(({ rate, seconds }) =>
      changes.map((change) => {
        const { highest } = seconds.get(change)!;
        return {
          goal: `${change}: ≤ ${GOAL_SECONDS} s at ${count(rate)}/s`,
          measured: `${highest.toFixed(2)} s at most`,
          met: highest <= GOAL_SECONDS,
        };
      }),
    ),
    verdictsChanged: false,
    figures: cases.map(({ rate, seconds }) => ({ rate, seconds: Object.fromEntries(seconds) })),
  };
}

interface Parts {
  readonly broker: BenchBroker;
  readonly zookeeper: ZooKeeperServer;
  readonly copies: ModelCopies;
  readonly threads: number;
  readonly options: BenchOptions;
}

async function changedUnder(
  rate: number,
  { broker, zookeeper, copies, threads, options }: Parts,
): Promise<Case> {
  const name = `changes-${rate}`;
  const path = `${KEYS}/${name}`;
  const topic = `${name}-messages`;
  const verdicts = `${name}-verdicts`;
  await broker.makeTopic(topic, PARTITIONS);
  await broker.makeTopic(verdicts, PARTITIONS);
  const keys = new ZooKeeperClient({ hosts: zookeeper.hosts, deadlineSeconds: 10 });
  const first = copies.lay();
  await keys.write(
    path,
    new Map([
      ['reject-prob-min', '0.5'],
      ['reject-prob-max', '0.7'],
      ['model-version', first],
    ]),
  );
  const settings = {
    ...kafkaSettings({ broker: broker.address, topic, group: name, verdicts }),
    model: { localPath: copies.folder },
    zookeeper: { hosts: zookeeper.hosts, path },
    pool: { threads },
  };
  const seconds = new Map(changes.map((change) => [change, new Runs()]));
  try {
    await withDaemons(settings, DAEMONS, async (daemons) => {
      const during = options.messages === undefined ? SECONDS : options.messages / rate;
      let loaded = false;
      const load = runLoad({
        kafka: broker.kafka,
        topic,
        verdictsTopic: verdicts,
        traceTopic: `${topic}-trace`,
        group: name,
        rate,
        seconds: during,
        rampSeconds: RAMP_SECONDS,
        spamShare: SPAM_SHARE,
        waitSeconds: WAIT_SECONDS,
        say: options.say,
      }).finally(() => {
        loaded = true;
      });
      const timed = async (change: Change, key: string, value: string) => {
        const before = daemons.map((daemon) => daemon.timesOf(ACTIVE).length);
        const began = Date.now();
        await keys.write(path, new Map([[key, value]]));
        const active = await Promise.all(
          daemons.map(async (daemon, i) => {
            await daemon.until(() => daemon.timesOf(ACTIVE).length > before[i]!, DEADLINE_SECONDS);
            return daemon.timesOf(ACTIVE)[before[i]!]!;
          }),
        );
        seconds.get(change)!.add((Math.max(...active) - began) / 1000);
        await pause(1000 * PAUSE_SECONDS);
      };
      await pause(1000 * RAMP_SECONDS);
      for (let turn = 0; !loaded; turn++) {
        await timed('a threshold', 'reject-prob-min', turn % 2 === 0 ? '0.45' : '0.5');
        await timed('a new model', 'model-version', copies.lay());
        await timed('a threshold', 'reject-prob-max', turn % 2 === 0 ? '0.75' : '0.7');
        await timed('back to the model before', 'model-version', first);
      }
      const { expected, unanswered } = await load;
      options.say(`spam without verdict: ${percent(unanswered / Math.max(1, expected))}\n`);
    });
  } finally {
    await keys.close();
  }
  return { rate, seconds };
}

/** Starts daemons in folders of their own, and ends them after `use`. */
async function withDaemons(
  settings: Readonly<Record<string, unknown>>,
  left: number,
  use: (daemons: readonly Daemon[]) => Promise<void>,
  started: readonly Daemon[] = [],
): Promise<void> {
  if (left === 0) return await use(started);
  await withFolder(settings, async (folder) => {
    const daemon = Daemon.start(folder);
    try {
      await daemon.until(() => daemon.readyAt !== undefined, 120);
      await withDaemons(settings, left - 1, use, [...started, daemon]);
    } finally {
      await daemon.stop();
    }
  });
}
