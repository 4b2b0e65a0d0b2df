import { availableParallelism } from 'node:os';
import { BenchBroker, watchCommits } from '../harness/bench-broker.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import { kafkaSettings } from '../harness/kafka-settings.ts';
import { LoadMessages } from '../harness/load-messages.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, Runs, spread } from '../report/statistics.ts';

const DEADLINE_SECONDS = 900;
const SPAM_SHARE = 0.1;
const SMS = 100;
/** Of longer messages fewer are scored, but not fewer than this. */
const LEAST_MESSAGES = 2_000;

interface Case {
  readonly daemons: number;
  readonly partitions: number;
  readonly characters: number;
}

const byDaemons: readonly Case[] = [1, 2, 3].map((daemons) => ({ daemons, partitions: 12, characters: SMS }));
const byPartitions: readonly Case[] = [1, 4, 12].map((partitions) => ({
  daemons: 1,
  partitions,
  characters: SMS,
}));
const byLength: readonly Case[] = [50, 160, 500, 1_600, 5_000].map((characters) => ({
  daemons: 1,
  partitions: 4,
  characters,
}));

/** How the cost grows with daemons, partitions, and the length of messages. */
export async function scaleBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 1, messages = 100_000, threads = availableParallelism() } = options;
  const model = await newestModel(options.models);
  const perSecond = new Map<string, Runs>();
  await BenchBroker.with(say, async (broker) => {
    for (let run = 0; run < runs; run++)
      for (const each of casesOnce()) {
        const found = await measure(broker, each, `scale-${nameOf(each)}-${run}`, options, {
          messages: messagesFor(each, messages),
          threads,
        });
        const figures = perSecond.get(nameOf(each)) ?? new Runs();
        figures.add(found);
        perSecond.set(nameOf(each), figures);
        say(`run ${run + 1}, ${nameOf(each)}: ${count(found)}/s\n`);
      }
  });
  const table = (title: string, first: string, cases: readonly Case[], value: (one: Case) => number) => {
    const base = perSecond.get(nameOf(cases[0]!))!.median;
    return {
      title,
      columns: [first, 'messages/s', 'to the first', 'µs a message', 'million characters/s'],
      rows: cases.map((each) => {
        const figures = perSecond.get(nameOf(each))!;
        return [
          count(value(each)),
          spread(figures),
          `${(figures.median / base).toFixed(2)} ×`,
          (1e6 / figures.median).toFixed(1),
          ((figures.median * each.characters) / 1e6).toFixed(2),
        ];
      }),
    };
  };
  return {
    name: 'scale',
    configuration: {
      model: model.version,
      messages: `${count(messages)} a case, of long ones fewer; made up, as \`load\` sends them, 10 % spam; all appear at once when the daemons share the partitions`,
      daemons: `\`sluice run\`, \`notHam\`, ${threads} scoring threads each, one group, broker on the same machine; from the appearing of messages to the last commit (every 0.1 s); medians of ${runs} runs`,
    },
    tables: [
      table(`Daemons, 12 partitions, ${SMS} characters`, 'daemons', byDaemons, ({ daemons }) => daemons),
      table(
        `Partitions, one daemon, ${SMS} characters`,
        'partitions',
        byPartitions,
        ({ partitions }) => partitions,
      ),
      table('Length, one daemon, 4 partitions', 'characters', byLength, ({ characters }) => characters),
    ],
    goals: [],
    verdictsChanged: false,
    figures: Object.fromEntries(perSecond),
  };
}

/** What stands in two tables is measured once. */
function casesOnce(): readonly Case[] {
  return [...new Map([...byDaemons, ...byPartitions, ...byLength].map((one) => [nameOf(one), one])).values()];
}

function nameOf({ daemons, partitions, characters }: Case): string {
  return `${daemons}-daemons-${partitions}-partitions-${characters}-characters`;
}

function messagesFor({ characters }: Case, messages: number): number {
  return Math.min(messages, Math.max(LEAST_MESSAGES, Math.round((messages * SMS) / characters)));
}

/** Messages a second. */
async function measure(
  broker: BenchBroker,
  { daemons, partitions, characters }: Case,
  name: string,
  options: BenchOptions,
  size: { readonly messages: number; readonly threads: number },
): Promise<number> {
  const topic = `${name}-messages`;
  await broker.makeTopic(topic, partitions);
  const made = new LoadMessages('scale', SPAM_SHARE, characters);
  let i = 0;
  const show = await broker.fillHidden(topic, partitions, size.messages, () => made.valueOf(i++));
  const settings = {
    ...kafkaSettings({ broker: broker.address, topic, group: name, verdicts: `${name}-verdicts` }),
    model: { localPath: options.models },
    commit: { intervalSeconds: 0.1 },
    pool: { threads: size.threads },
  };
  const running: Daemon[] = [];
  const inFolders = async (left: number): Promise<number> =>
    left === 0
      ? await timed()
      : await withFolder(settings, async (folder) => {
          const daemon = Daemon.start(folder);
          try {
            await daemon.until(() => daemon.enteredAt('running') !== undefined, 120);
            running.push(daemon);
            return await inFolders(left - 1);
          } finally {
            await daemon.stop();
          }
        });
  const timed = async () => {
    await running[0]!.until(() => broker.isSettled(name, daemons), 60);
    const began = performance.now();
    await show();
    const { endedAt } = await watchCommits(broker, name, topic, {
      deadlineSeconds: DEADLINE_SECONDS,
      hidden: true,
      alive: () => {
        for (const daemon of running) daemon.mustLive();
      },
    });
    return size.messages / ((endedAt - began) / 1000);
  };
  const perSecond = await inFolders(daemons);
  await broker.dropTopic(topic);
  return perSecond;
}
