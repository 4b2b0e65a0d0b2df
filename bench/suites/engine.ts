import type { ExactScores } from '../../src/core/decision-policy.ts';
import type { BatchStatistics } from '../../src/core/scored-batch.ts';
import { decodeAnswer, PackedMessages, packMessages } from '../../src/scoring/score-protocol.ts';
import { type LoadedModel, loadModel } from '../../workers/loaded-model.ts';
import { scorePackedBatch } from '../../workers/score-packed-batch.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { MessageStream, streamTexts } from '../harness/message-stream.ts';
import type { BenchReport, Goal } from '../report/bench-report.ts';
import { count, percent, Runs, spread } from '../report/statistics.ts';

const BATCH_SIZES = [1, 16, 64, 256, 1024, 4096];
const MODES: readonly ExactScores[] = ['notHam', 'none', 'all'];
const BATCH = 4096;
const THRESHOLDS = { rejectMin: 0.5, rejectMax: 0.7 };
const TREE_GOALS: Partial<Record<ExactScores, number>> = { notHam: 0.18, none: 0.05 };

interface Pass {
  readonly seconds: number;
  readonly messages: number;
  readonly statistics: readonly BatchStatistics[];
}

/** How fast one thread scores, what early exit saves, and whether it changes a single verdict. */
export async function engineBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 5, messages: compared = 200_000 } = options;
  const local = await newestModel(options.models);
  const model = await loadModel(local);
  const stream = new MessageStream(await streamTexts(options.data));
  const lines = Array.from({ length: compared }, () => Buffer.from(stream.next().trimEnd()));
  const timed = lines.slice(0, 65_536);

  const speeds = await timeBatchSizes(model, timed, runs, say);
  const modes = await timeModes(model, timed, runs, say);
  const moved = await compareBands(model, lines, say);

  const trees = modes.map(({ mode, treeShare }) => ({ mode, treeShare, goal: TREE_GOALS[mode] }));
  const goals: Goal[] = trees.flatMap(({ mode, treeShare, goal }) =>
    goal === undefined
      ? []
      : {
          goal: `trees evaluated with ${mode} ≤ ${percent(goal, 0)}`,
          measured: percent(treeShare),
          met: treeShare <= goal,
        },
  );
  for (const { mode, others } of moved)
    goals.push({
      goal: `messages in another band with ${mode} than under full evaluation: 0`,
      measured: `${others} of ${count(lines.length)}`,
      met: others === 0,
    });

  return {
    name: 'engine',
    configuration: {
      model: `${local.version}, ${model.manifest.members.length} members, ${treesOf(model)} trees`,
      stream: stream.describe(),
      threads: `1, in one process; medians of ${runs} runs (lowest–highest), batch sizes and modes by turns`,
    },
    tables: [
      {
        title: 'Messages a second and core by batch size, `notHam`; µs a message by stage',
        columns: ['batch', 'messages/s', 'decode', 'featurize', 'infer', 'rest'],
        rows: speeds.map(({ size, perSecond, decode, featurize, infer, rest }) => [
          String(size),
          spread(perSecond),
          ...[decode, featurize, infer, rest].map((runs) => runs.median.toFixed(2)),
        ]),
      },
      {
        title: `Early exit against full evaluation, batch ${BATCH}`,
        columns: ['exactScores', 'messages/s', 'time of `all`', 'trees', ...endNames(model)],
        rows: modes.map(({ mode, perSecond, timeShare, treeShare, ended }) => [
          mode,
          spread(perSecond),
          percent(timeShare.median),
          percent(treeShare),
          ...ended.map((share) => percent(share)),
        ]),
      },
    ],
    goals,
    verdictsChanged: moved.some(({ others }) => others > 0),
    figures: { speeds, modes, moved },
  };
}

async function timeBatchSizes(
  model: LoadedModel,
  lines: readonly Uint8Array[],
  rounds: number,
  say: (text: string) => void,
) {
  const speeds = BATCH_SIZES.map((size) => ({
    size,
    batches: packAll(lines.slice(0, Math.min(lines.length, size * 4096)), size),
    perSecond: new Runs(),
    decode: new Runs(),
    featurize: new Runs(),
    infer: new Runs(),
    rest: new Runs(),
  }));
  for (const { batches } of speeds) await scoreAll(model, batches.slice(0, 256), 'notHam');
  for (let round = 0; round < rounds; round++) {
    for (const speed of speeds) {
      const { seconds, messages, statistics } = await scoreAll(model, speed.batches, 'notHam');
      const micros = (of: (s: BatchStatistics) => number) => (1e6 * sum(statistics, of)) / messages;
      const decode = micros((s) => s.decodeSeconds);
      const featurize = micros((s) => s.featurizeSeconds);
      const infer = micros((s) => s.inferSeconds);
      speed.perSecond.add(messages / seconds);
      speed.decode.add(decode);
      speed.featurize.add(featurize);
      speed.infer.add(infer);
      speed.rest.add((1e6 * seconds) / messages - decode - featurize - infer);
      say(`round ${round + 1}, batch ${speed.size}: ${count(messages / seconds)}/s\n`);
    }
  }
  return speeds.map(({ batches, ...figures }) => figures);
}

async function timeModes(
  model: LoadedModel,
  lines: readonly Uint8Array[],
  rounds: number,
  say: (text: string) => void,
) {
  const batches = packAll(lines.slice(0, 16_384), BATCH);
  const modes = MODES.map((mode) => ({
    mode,
    perSecond: new Runs(),
    timeShare: new Runs(),
    treeShare: 0,
    ended: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    const passes = [];
    for (const { mode } of modes) passes.push(await scoreAll(model, batches, mode));
    const full = passes.at(-1)!.seconds;
    for (const [i, { seconds, messages }] of passes.entries()) {
      modes[i]!.perSecond.add(messages / seconds);
      modes[i]!.timeShare.add(seconds / full);
      say(`round ${round + 1}, ${modes[i]!.mode}: ${count(messages / seconds)}/s\n`);
    }
  }
  const all = packAll(lines, BATCH);
  for (const each of modes) {
    // Full evaluation ends nowhere but at the end, on few messages as on many.
    const { messages, statistics } = await scoreAll(model, each.mode === 'all' ? batches : all, each.mode);
    const inAll = sum(statistics, (s) => s.treesInAll);
    each.treeShare = inAll === 0 ? 0 : sum(statistics, (s) => s.treesEvaluated) / inAll;
    each.ended = model.manifest.stages.map(
      (_, stage) => sum(statistics, (s) => s.endedAtStage[stage]!) / messages,
    );
  }
  return modes;
}

/** Scores everything in each mode, and counts the messages whose band is another than under full evaluation. */
async function compareBands(
  model: LoadedModel,
  lines: readonly Uint8Array[],
  say: (text: string) => void,
): Promise<{ mode: ExactScores; others: number }[]> {
  const moved = MODES.filter((mode) => mode !== 'all').map((mode) => ({ mode, others: 0 }));
  const batches = packAll(lines, BATCH);
  for (const [at, packed] of batches.entries()) {
    const full = await bandsOf(model, packed, 'all');
    for (const each of moved) {
      const bands = await bandsOf(model, packed, each.mode);
      if (bands.length !== full.length)
        throw new RangeError('a mode answered for another number of messages');
      for (const [i, band] of bands.entries()) if (band !== full[i]) each.others++;
    }
    if (at % 16 === 15) say(`compared ${count((at + 1) * BATCH)} of ${count(lines.length)}\n`);
  }
  return moved;
}

async function bandsOf(model: LoadedModel, packed: ArrayBuffer, exactScores: ExactScores) {
  const answer = await scorePackedBatch(model, new PackedMessages(packed), optionsOf(exactScores, true));
  return decodeAnswer(answer).scored.map(({ index, verdict }) => `${index} ${verdict}`);
}

async function scoreAll(
  model: LoadedModel,
  batches: readonly ArrayBuffer[],
  exactScores: ExactScores,
): Promise<Pass> {
  const statistics: BatchStatistics[] = [];
  const options = optionsOf(exactScores, false);
  let messages = 0;
  const begin = performance.now();
  for (const packed of batches) {
    const messagesOfBatch = new PackedMessages(packed);
    messages += messagesOfBatch.count;
    statistics.push((await scorePackedBatch(model, messagesOfBatch, options)).statistics);
  }
  return { seconds: (performance.now() - begin) / 1000, messages, statistics };
}

function optionsOf(exactScores: ExactScores, every: boolean) {
  const policy = { default: THRESHOLDS, communities: {}, exactScores, maxMessageBytes: 65_536 };
  return { policy, exactScores, every, explain: false };
}

function packAll(lines: readonly Uint8Array[], size: number): ArrayBuffer[] {
  const batches: ArrayBuffer[] = [];
  for (let at = 0; at < lines.length; at += size) batches.push(packMessages(lines.slice(at, at + size)));
  return batches;
}

function endNames(model: LoadedModel): string[] {
  return model.manifest.stages.map(({ name }) => `ended at ${name}`);
}

function treesOf(model: LoadedModel): number {
  return sum(model.manifest.stages, (stage) => (stage.kind === 'forest' ? stage.trees : 0));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
