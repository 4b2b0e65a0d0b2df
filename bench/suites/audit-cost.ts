import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { MessageStream, streamTexts } from '../harness/message-stream.ts';
import { writeStream } from '../harness/write-stream.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, Runs, spread } from '../report/statistics.ts';
import { scoreFile } from './line.ts';

/** Shares of the messages that are drawn; each is compared with the first. */
const RATES = [0, 0.0001, 0.01] as const;
/** The whole daemon's CPU time a message with the default rate, in that without a sample. */
const GOAL = 1.02;
const DEFAULT_RATE = 0.0001;

/** What the audit sample costs the daemon, in CPU time a message, from a file of messages to verdicts in a file. */
export async function auditCostBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 5, messages = 300_000, threads = 1 } = options;
  const model = await newestModel(options.models);
  const stream = new MessageStream(await streamTexts(options.data));
  const work = await mkdtemp(join(tmpdir(), 'sluice-bench-audit-'));
  const figures = RATES.map((rate) => ({ rate, micros: new Runs(), ratio: new Runs() }));
  try {
    const file = join(work, 'messages.jsonl');
    await writeStream(stream, messages, file);
    for (let run = 0; run < runs; run++) {
      const spent: number[] = [];
      // Each run begins with another rate, so that none has the better place.
      for (const at of RATES.keys()) {
        const index = (at + run) % RATES.length;
        const settings = { decide: { exactScores: 'none' }, audit: { rate: RATES[index] } };
        const { cpu } = await scoreFile(file, settings, options, threads);
        if (cpu === undefined) throw new Error('the CPU time of the daemon is not known');
        spent[index] = (1e6 * cpu.all) / messages;
        say(`run ${run + 1}, rate ${RATES[index]}: ${spent[index]!.toFixed(2)} µs a message\n`);
      }
      for (const [index, { micros, ratio }] of figures.entries()) {
        micros.add(spent[index]!);
        ratio.add(spent[index]! / spent[0]!);
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const measured = figures.find(({ rate }) => rate === DEFAULT_RATE)!.ratio.median;
  return {
    name: 'audit-cost',
    configuration: {
      model: model.version,
      stream: stream.describe(),
      daemon: `\`sluice run --once\`, exactScores none, ${threads} scoring thread(s), ${count(messages)} messages; CPU time of the process while it runs; medians of ${runs} runs (lowest–highest), by turns`,
    },
    tables: [
      {
        title: 'CPU time by audit.rate',
        columns: ['audit.rate', 'CPU of all, µs a message', 'to rate 0, within a run'],
        rows: figures.map(({ rate, micros, ratio }) => [
          String(rate),
          spread(micros, (value) => value.toFixed(2)),
          `${ratio.median.toFixed(3)} ×`,
        ]),
      },
    ],
    goals: [
      {
        goal: `rate ${DEFAULT_RATE} ≤ ${GOAL} ×`,
        measured: `${measured.toFixed(3)} ×`,
        met: measured <= GOAL,
      },
    ],
    verdictsChanged: false,
    figures: { rates: figures },
  };
}
