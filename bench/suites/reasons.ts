import { openExplainer } from '../../src/app/models/open-explainer.ts';
import { openData } from '../../src/app/open/open-data.ts';
import type { MessageExplainer } from '../../src/explain/message-explainer.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { isForTesting } from '../../src/training/testing-part.ts';
import { type LoadedModel, loadModel } from '../../workers/loaded-model.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { plainEnglish } from '../harness/costly-texts.ts';
import { LatencyHistogram } from '../harness/latency-histogram.ts';
import { scoreTexts, THRESHOLDS } from '../harness/score-texts.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, Runs, spread } from '../report/statistics.ts';

const GOAL_MS = 5;
/** The longest text that is read, in UTF-16 code units; some are enough. */
const LONGEST = 20_000;
const LONG_TEXTS = 20;

interface Kind {
  readonly name: string;
  readonly texts: readonly string[];
  readonly explained: LatencyHistogram;
  readonly scored: LatencyHistogram;
  /** Of the runs: time of all explanations to that of all scores. */
  readonly ratio: Runs;
}

/**
 * How much CPU time the reasons of a score take, compared with the score itself: message by message in one thread, by turns. Explaining is
 * separate from scoring, and no scoring thread takes part in it.
 */
export async function reasonsBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs = 3, messages: most = 2_000, data } = options;
  const local = await newestModel(options.models);
  const model = await loadModel(local);
  const explainer = await openExplainer(local);
  const texts = await testingTexts(data, most);
  const kinds = [
    kindOf('messages', texts),
    kindOf(
      'messages of some paragraphs',
      texts.map(
        (text, i) => `${text} ${[1, 2, 3, 4].map((next) => texts[(i + 7 * next) % texts.length]).join(' ')}`,
      ),
    ),
    kindOf(
      `${count(LONGEST)} UTF-16 code units`,
      Array.from({ length: LONG_TEXTS }, (_, seed) => plainEnglish[1](LONGEST, new SeededRandom(seed))),
    ),
  ];
  for (const kind of kinds) await measure(kind, model, explainer, false);
  for (let run = 1; run <= runs; run++)
    for (const kind of kinds) {
      await measure(kind, model, explainer, true);
      say(`run ${run}, ${kind.name}: p95 ${milliseconds(kind.explained.at(0.95))} ms\n`);
    }
  await model.session.release();
  const p95 = kinds[0]!.explained.at(0.95);
  return {
    name: 'reasons',
    configuration: {
      model: local.version,
      messages: `${count(texts.length)} of the testing part of ${data.length === 0 ? 'corpus:own' : 'the data'}; one at a time, all stages, in one thread; ${runs} runs, explanation and score by turns`,
    },
    tables: [
      {
        title: 'CPU time of a message, ms',
        columns: ['texts', 'explain p50', 'p95', 'p99', 'score p50', 'p95', 'p99', 'explain, to score'],
        rows: kinds.map(({ name, explained, scored, ratio }) => [
          name,
          ...[explained, scored].flatMap((each) =>
            [0.5, 0.95, 0.99].map((share) => milliseconds(each.at(share))),
          ),
          spread(ratio, (value) => value.toFixed(2)),
        ]),
      },
    ],
    goals: [
      {
        goal: `reasons of a message, CPU time: p95 ≤ ${GOAL_MS} ms`,
        measured: `${milliseconds(p95)} ms`,
        met: p95 <= GOAL_MS,
      },
    ],
    verdictsChanged: false,
    figures: kinds.map(({ texts: all, ...figures }) => ({ ...figures, texts: all.length })),
  };
}

async function testingTexts(data: readonly string[], most: number): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const set of await openData(data.length === 0 ? ['corpus:own'] : data))
    for await (const message of set.read()) if (isForTesting(message)) texts.push(message.text);
  const step = Math.max(1, texts.length / most);
  return texts.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

function kindOf(name: string, texts: readonly string[]): Kind {
  return {
    name,
    texts,
    explained: new LatencyHistogram(),
    scored: new LatencyHistogram(),
    ratio: new Runs(),
  };
}

async function measure(
  { texts, explained, scored, ratio }: Kind,
  model: LoadedModel,
  explainer: MessageExplainer,
  isKept: boolean,
): Promise<void> {
  let explaining = 0;
  let scoring = 0;
  for (const text of texts) {
    const start = cpuMilliseconds();
    explainer.explain(text, THRESHOLDS);
    const between = cpuMilliseconds();
    await scoreTexts(model, [text]);
    const end = cpuMilliseconds();
    explaining += between - start;
    scoring += end - between;
    if (!isKept) continue;
    explained.add(between - start);
    scored.add(end - between);
  }
  if (isKept) ratio.add(explaining / scoring);
}

/** Of this process, so that what else the machine does is not counted. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function milliseconds(value: number): string {
  return value.toFixed(2);
}
