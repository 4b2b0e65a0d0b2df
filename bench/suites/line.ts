import { link, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExactScores } from '../../src/core/decision-policy.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { type CpuSeconds, Daemon, inboxOf, withFolder } from '../harness/daemon.ts';
import { MessageStream, streamTexts } from '../harness/message-stream.ts';
import { writeStream } from '../harness/write-stream.ts';
import { Peer } from '../peers/peer.ts';
import type { BenchReport, Goal } from '../report/bench-report.ts';
import { count, percent, Runs, spread } from '../report/statistics.ts';

const MODES: readonly ExactScores[] = ['notHam', 'none'];
const GOALS: Partial<Record<ExactScores, number>> = { notHam: 50_000, none: 100_000 };
const AIM = 200_000;

interface ModeFigures {
  readonly mode: ExactScores;
  readonly perSecond: Runs;
  /** CPU time of the main thread and of all threads, in microseconds a message. */
  readonly main: Runs;
  readonly all: Runs;
  /** What the last run printed. */
  summary: Readonly<Record<string, unknown>>;
}

interface LineFigures {
  readonly modes: readonly ModeFigures[];
  readonly messages: number;
  readonly configuration: BenchReport['configuration'];
  readonly peer:
    | { readonly batch: number; readonly perSecond: Runs; readonly shares: readonly string[] }
    | undefined;
}

/** From a file of messages to verdicts in a file, through the daemon; the peer by turns with it on the same messages. */
export async function lineBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 3, messages = 1_500_000, threads = availableParallelism() } = options;
  const model = await newestModel(options.models);
  const stream = new MessageStream(await streamTexts(options.data));
  const peer = options.peers.includes('none') ? undefined : await Peer.prepare(options, model);
  const work = await mkdtemp(join(tmpdir(), 'sluice-bench-line-'));
  try {
    const file = join(work, 'messages.jsonl');
    await writeStream(stream, messages, file);
    const batch = await peer?.bestBatch(file);
    const modes = MODES.map(
      (mode): ModeFigures => ({
        mode,
        perSecond: new Runs(),
        main: new Runs(),
        all: new Runs(),
        summary: {},
      }),
    );
    const peerPerSecond = new Runs();
    let peerShares: readonly string[] = [];
    for (let run = 0; run < runs; run++) {
      for (const figures of modes) {
        const { seconds, cpu, summary } = await scoreFile(
          file,
          { decide: { exactScores: figures.mode } },
          options,
          threads,
        );
        if (summary.read !== messages) throw new Error(`the daemon read ${summary.read} of ${messages}`);
        figures.perSecond.add(messages / seconds);
        figures.summary = summary;
        if (cpu !== undefined) {
          figures.main.add((1e6 * cpu.main) / messages);
          figures.all.add((1e6 * cpu.all) / messages);
        }
        say(`run ${run + 1}, ${figures.mode}: ${count(messages / seconds)}/s\n`);
      }
      if (peer !== undefined && batch !== undefined) {
        const result = await peer.score(file, batch);
        peerPerSecond.add(result.perSecond);
        peerShares = [result.spam, result.review].map((part) => percent(part / result.messages));
        say(`run ${run + 1}, scikit-learn: ${count(result.perSecond)}/s\n`);
      }
    }
    return report({
      modes,
      messages,
      configuration: {
        model: model.version,
        stream: stream.describe(),
        daemon: `\`sluice run --once\`, batch 4096, ${threads} scoring threads, trace off, nothing listens; from the state running to stopped, verdicts and offsets on the disk; medians of ${runs} runs (lowest–highest), by turns`,
        ...(peer === undefined ? {} : { peer: peer.description }),
      },
      peer: batch === undefined ? undefined : { batch, perSecond: peerPerSecond, shares: peerShares },
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function report({ modes, messages, configuration, peer }: LineFigures): BenchReport {
  const goals: Goal[] = modes.flatMap(({ mode, perSecond }) => {
    const goal = GOALS[mode];
    const measured = `${count(perSecond.median)}/s`;
    return goal === undefined
      ? []
      : { goal: `${mode} ≥ ${count(goal)}/s`, measured, met: perSecond.median >= goal };
  });
  const fastest = modes.at(-1)!.perSecond.median;
  goals.push({ goal: `aim ${count(AIM)}/s`, measured: `${count(fastest)}/s`, met: fastest >= AIM });
  const rows = modes.map(({ mode, perSecond, main, all, summary }) => [
    `Sluice, \`${mode}\``,
    spread(perSecond),
    peer === undefined ? '–' : `${(perSecond.median / peer.perSecond.median).toFixed(1)} ×`,
    ...[main, all].map((cpu) => (cpu.count === 0 ? '–' : cpu.median.toFixed(1))),
    ...[summary.spam, summary.review].map((part) => percent(Number(part) / messages)),
  ]);
  if (peer !== undefined)
    rows.push([
      `scikit-learn, batch ${count(peer.batch)}`,
      spread(peer.perSecond),
      '1 ×',
      '–',
      '–',
      ...peer.shares,
    ]);
  return {
    name: 'line',
    configuration,
    tables: [
      {
        title: 'File to verdict',
        columns: [
          'line',
          'messages/s',
          'to the peer',
          'CPU of main thread, µs a message',
          'CPU of all',
          'spam',
          'review',
        ],
        rows,
      },
    ],
    goals,
    verdictsChanged: false,
    figures: { modes, peer: peer && { batch: peer.batch, perSecond: peer.perSecond } },
  };
}

/** Scores the file in a daemon of its own. `cpu`: what it spent while it was running. */
export async function scoreFile(
  file: string,
  given: Readonly<Record<string, unknown>>,
  options: BenchOptions,
  threads: number,
) {
  const settings = {
    ...given,
    model: { localPath: options.models },
    pool: { threads },
  };
  return await withFolder(settings, async (folder) => {
    await link(file, join(inboxOf(folder), 'messages.jsonl'));
    const daemon = Daemon.start(folder, '--once');
    let before: CpuSeconds | undefined;
    let after: CpuSeconds | undefined;
    // What was spent is only known while the process lives.
    await daemon.until(async () => {
      const now = await daemon.cpuSeconds();
      if (daemon.enteredAt('running') === undefined) before = now ?? before;
      after = now ?? after;
      return daemon.enteredAt('draining') !== undefined;
    }, 600);
    await daemon.ended();
    const seconds = (daemon.enteredAt('stopped')! - daemon.enteredAt('running')!) / 1000;
    const cpu: CpuSeconds | undefined = before &&
      after && { main: after.main - before.main, all: after.all - before.all };
    return { seconds, cpu, summary: daemon.summary };
  });
}
