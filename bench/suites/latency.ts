import { availableParallelism } from 'node:os';
import { BenchBroker } from '../harness/bench-broker.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import { kafkaSettings } from '../harness/kafka-settings.ts';
import type { LatencyHistogram } from '../harness/latency-histogram.ts';
import { type LoadResult, runLoad } from '../harness/load-run.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const RATES = [1_000, 20_000];
/** The default first, then a longer one. */
const AGES_SECONDS = [0.005, 0.02];
const PARTITIONS = 4;
const SECONDS = 30;
/** Broker, daemon and generator have just started, and run what they have not compiled yet. */
const RAMP_SECONDS = 15;
const WAIT_SECONDS = 15;
const SPAM_SHARE = 0.1;
const GOAL_MS = 50;

interface Case {
  readonly rate: number;
  readonly ageSeconds: number;
  readonly result: LoadResult;
}

/** From when a message was due to be produced to its verdict in a consumer's hands, at rates and ages of batches. */
export async function latencyBench(options: BenchOptions): Promise<BenchReport> {
  const { say, threads = availableParallelism() } = options;
  const model = await newestModel(options.models);
  const cases: Case[] = [];
  await BenchBroker.with(say, async (broker) => {
    for (const rate of RATES)
      for (const ageSeconds of AGES_SECONDS) {
        say(`${count(rate)}/s, batches of at most ${1000 * ageSeconds} ms\n`);
        const seconds = options.messages === undefined ? SECONDS : options.messages / rate;
        const result = await loadOn(broker, { rate, seconds, ageSeconds, threads }, options);
        cases.push({ rate, ageSeconds, result });
      }
  });
  const best = (rate: number) =>
    cases
      .filter((each) => each.rate === rate)
      .reduce((one, other) => (p99(other) < p99(one) || Number.isNaN(p99(one)) ? other : one));
  return {
    name: 'latency',
    configuration: {
      model: model.version,
      messages: `made up, as \`load\` sends them; ${percent(SPAM_SHARE, 0)} spam; by a fixed schedule, after a ramp of ${RAMP_SECONDS} s; sent every 4 ms, acks all; latency from when a message was due, so with what the generator was late`,
      daemon: `\`sluice run\`, \`notHam\`, ${threads} scoring threads, trace off, ${PARTITIONS} partitions; broker and generator on the same machine`,
    },
    tables: [
      {
        title: 'From due to verdict, ms',
        columns: [
          'messages/s, `batch.maxAgeSeconds`',
          'p50',
          'p99',
          'p99.9',
          'most',
          'p99 of lateness',
          'p99 to broker',
          'lag at most',
          'spam without verdict',
        ],
        rows: cases.map(({ rate, ageSeconds, result }) => [
          `${count(rate)}, ${ageSeconds}`,
          ...[0.5, 0.99, 0.999].map((share) => percentileText(result.verdicts, share)),
          result.verdicts.most.toFixed(1),
          percentileText(result.late, 0.99),
          percentileText(result.acknowledged, 0.99),
          count(result.lagMost),
          percent(result.unanswered / Math.max(1, result.expected)),
        ]),
      },
    ],
    goals: RATES.map((rate) => {
      const found = best(rate);
      return {
        goal: `p99 ≤ ${GOAL_MS} ms at ${count(rate)}/s`,
        measured: `${percentileText(found.result.verdicts, 0.99)} ms with maxAgeSeconds ${found.ageSeconds}`,
        met: p99(found) <= GOAL_MS,
      };
    }),
    verdictsChanged: false,
    figures: cases,
  };
}

function p99({ result }: Case): number {
  return result.verdicts.at(0.99);
}

function percentileText(histogram: LatencyHistogram, share: number): string {
  return histogram.at(share).toFixed(1);
}

async function loadOn(
  broker: BenchBroker,
  of: {
    readonly rate: number;
    readonly seconds: number;
    readonly ageSeconds: number;
    readonly threads: number;
  },
  options: BenchOptions,
): Promise<LoadResult> {
  const name = `latency-${of.rate}-${1000 * of.ageSeconds}`;
  const topic = `${name}-messages`;
  const verdicts = `${name}-verdicts`;
  await broker.makeTopic(topic, PARTITIONS);
  await broker.makeTopic(verdicts, PARTITIONS);
  const settings = {
    ...kafkaSettings({ broker: broker.address, topic, group: name, verdicts }),
    model: { localPath: options.models },
    batch: { maxAgeSeconds: of.ageSeconds },
    pool: { threads: of.threads },
  };
  return await withFolder(settings, async (folder) => {
    const daemon = Daemon.start(folder);
    try {
      await daemon.until(() => daemon.enteredAt('running') !== undefined, 120);
      return await runLoad({
        kafka: broker.kafka,
        topic,
        verdictsTopic: verdicts,
        traceTopic: `${topic}-trace`,
        group: name,
        rate: of.rate,
        seconds: of.seconds,
        rampSeconds: RAMP_SECONDS,
        spamShare: SPAM_SHARE,
        waitSeconds: WAIT_SECONDS,
        say: options.say,
      });
    } finally {
      await daemon.stop();
    }
  });
}
