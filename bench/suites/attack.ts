import { availableParallelism } from 'node:os';
import { loadModel } from '../../workers/loaded-model.ts';
import { BenchBroker } from '../harness/bench-broker.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import { kafkaSettings } from '../harness/kafka-settings.ts';
import { type LoadResult, runLoad } from '../harness/load-run.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, Runs } from '../report/statistics.ts';
import { type ApiAnswers, type ApiLoad, megabyteBody, startApiLoad } from './api-load.ts';
import { measureTextCost, textCostGoals, textCostTable } from './text-cost.ts';

const RATE = 1_000;
const SECONDS = 15;
const RAMP_SECONDS = 10;
const PARTITIONS = 4;
const GOAL_FACTOR = 2;

const PLAIN = 'See you at the station at half past six, and bring the blue umbrella please. ';
/** What cost most per byte of all that a search over generators found. */
const COSTLY = 'x$dww. x5http://l@a @';

const loads: readonly ApiLoad[] = [
  { name: '10 clients, 1 MB of plain text', connections: 10, body: megabyteBody(PLAIN) },
  { name: '10 clients, 1 MB of costly text', connections: 10, body: megabyteBody(COSTLY) },
  {
    name: '10 clients, 1 MB of costly text, explained in full',
    connections: 10,
    body: megabyteBody(COSTLY),
    query: '?explain=true&full=true',
  },
  { name: '100 clients, 1 MB of costly text', connections: 100, body: megabyteBody(COSTLY) },
  {
    name: '64 clients, one short message',
    connections: 64,
    body: JSON.stringify({ message: PLAIN, message_id: 'attack' }),
  },
  { name: '100 clients, 1 MB that is not JSON', connections: 100, body: '{'.repeat(1_000_000) },
];

interface Case {
  readonly load: string;
  readonly runs: readonly { readonly result: LoadResult; readonly answers: ApiAnswers | undefined }[];
}

/**
 * How much longer the pipeline's messages take while the API is under load, beside the same without that load; and what the
 * costliest texts cost.
 */
export async function attackBench(options: BenchOptions): Promise<BenchReport> {
  const { say, threads = availableParallelism(), runs = 3 } = options;
  const model = await newestModel(options.models);
  say('features of hostile texts\n');
  const costs = measureTextCost(await loadModel(model));
  const cases = [undefined, ...loads].map((load) => ({ load, runs: [] as Case['runs'][number][] }));
  await BenchBroker.with(say, async (broker) => {
    for (let run = 1; run <= runs; run++)
      for (const [index, each] of cases.entries()) {
        say(`run ${run}: ${each.load?.name ?? 'no load on the API'}\n`);
        each.runs.push(await pipelineUnder(each.load, `attack-${run}-${index}`, broker, threads, options));
      }
  });
  const p99 = ({ runs: all }: Pick<Case, 'runs'>) =>
    median(all.map(({ result }) => result.verdicts.at(0.99)));
  const baseline = p99(cases[0]!);
  return {
    name: 'attack',
    configuration: {
      model: model.version,
      messages: `synthetic, ${count(RATE)} a second by a fixed schedule for ${SECONDS} s after a ramp of ${RAMP_SECONDS} s; latency from when a message was due to its verdict; medians of ${runs} runs, the loads by turns`,
      daemon: `\`sluice run\`, ${threads} scoring threads, default limits of the API but for its rate limit; broker, generator and attacker on the same machine, the attacker as a process of the lowest priority`,
    },
    tables: [
      {
        title: 'The pipeline at 1,000 messages a second, by load on the API',
        columns: ['load on the API', 'p50, ms', 'p99, ms', 'to none', 'answers (all runs)', 'slowest answer'],
        rows: cases.map((each) => [
          each.load?.name ?? 'none',
          median(each.runs.map(({ result }) => result.verdicts.at(0.5))).toFixed(1),
          p99(each).toFixed(1),
          (p99(each) / baseline).toFixed(2),
          answersText(each.runs.flatMap(({ answers }) => answers ?? [])),
          slowest(each.runs.flatMap(({ answers }) => answers ?? [])),
        ]),
      },
      textCostTable(costs),
    ],
    goals: [
      {
        goal: `p99 of the pipeline under any load on the API ≤ ${GOAL_FACTOR} × that without`,
        measured: `${Math.max(...cases.slice(1).map((each) => p99(each) / baseline)).toFixed(2)} ×`,
        met: cases.every((each) => p99(each) <= GOAL_FACTOR * baseline),
      },
      {
        goal: 'every request to the API is answered, and each 429 and 503 has Retry-After',
        measured: answersText(cases.flatMap(({ runs: all }) => all.flatMap(({ answers }) => answers ?? []))),
        met: cases.every(({ runs: all }) =>
          all.every(({ answers }) => !answers?.statuses.has(0) && (answers?.withoutRetryAfter ?? 0) === 0),
        ),
      },
      ...textCostGoals(costs),
    ],
    verdictsChanged: false,
    figures: {
      costs,
      loads: cases.map(({ load, runs: all }) => ({
        load: load?.name ?? null,
        p99: all.map(({ result }) => result.verdicts.at(0.99)),
        answers: all.map(({ answers }) =>
          answers === undefined ? null : Object.fromEntries(answers.statuses),
        ),
      })),
    },
  };
}

function median(values: readonly number[]): number {
  const runs = new Runs();
  for (const value of values) runs.add(value);
  return runs.median;
}

function answersText(all: readonly ApiAnswers[]): string {
  const sums = new Map<number, number>();
  for (const { statuses } of all)
    for (const [status, times] of statuses) sums.set(status, (sums.get(status) ?? 0) + times);
  const text = [...sums]
    .sort(([one], [other]) => one - other)
    .map(([status, times]) => `${status === 0 ? 'none' : status}: ${count(times)}`);
  return text.length === 0 ? '–' : text.join(', ');
}

function slowest(all: readonly ApiAnswers[]): string {
  return all.length === 0 ? '–' : `${Math.max(...all.map((each) => each.slowestSeconds)).toFixed(1)} s`;
}

async function pipelineUnder(
  load: ApiLoad | undefined,
  name: string,
  broker: BenchBroker,
  threads: number,
  options: BenchOptions,
): Promise<Case['runs'][number]> {
  const topic = `${name}-messages`;
  const verdicts = `${name}-verdicts`;
  await broker.makeTopic(topic, PARTITIONS);
  await broker.makeTopic(verdicts, PARTITIONS);
  const settings = {
    ...kafkaSettings({ broker: broker.address, topic, group: name, verdicts }),
    model: { localPath: options.models },
    pool: { threads },
    http: { api: { enabled: true, port: 0, rateLimitPerMinute: 10_000_000 }, ops: { enabled: false } },
  };
  return await withFolder(settings, async (folder) => {
    const daemon = Daemon.start(folder);
    let attack: ReturnType<typeof startApiLoad> | undefined;
    try {
      await daemon.until(() => daemon.readyAt !== undefined, 120);
      if (load !== undefined) attack = startApiLoad(daemon.api!, load);
      const result = await runLoad({
        kafka: broker.kafka,
        topic,
        verdictsTopic: verdicts,
        traceTopic: `${topic}-trace`,
        group: name,
        rate: RATE,
        seconds: SECONDS,
        rampSeconds: RAMP_SECONDS,
        spamShare: 0.1,
        waitSeconds: 30,
        say: options.say,
      });
      const answers = await attack?.stop();
      attack = undefined;
      return { result, answers };
    } finally {
      await attack?.stop();
      await daemon.stop();
    }
  });
}
