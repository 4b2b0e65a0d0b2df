import { BandIndex, NearDuplicateOf } from '../../src/labeling/light/band-index.ts';
import { type KnownLabel, LightModel } from '../../src/labeling/light/light-model.ts';
import { LightPool } from '../../src/labeling/light/light-pool.ts';
import { randomOf, shuffle } from '../../src/labeling/light/logistic-regression.ts';
import {
  estimateQuality,
  mccOf,
  type Quality,
  SettledWatch,
} from '../../src/labeling/light/quality-estimate.ts';
import { QuestionOrder } from '../../src/labeling/light/question-order.ts';
import { type SparseRows, SparseRowsBuilder } from '../../src/labeling/light/sparse-rows.ts';
import type { CaseMessage, LabelCase } from './label-cases.ts';

/** Decisions after which quality is measured. */
export const MEASURED: readonly number[] = [25, 50, 100, 200, 300];

/** One shuffle of a case: a dump, whose labels an oracle knows, and messages to measure on. */
export interface Split {
  readonly dump: readonly CaseMessage[];
  readonly pool: LightPool;
  readonly test: readonly CaseMessage[];
  readonly testRows: SparseRows;
  /** By message of the test; null where the prior is not used. */
  readonly testPrior: readonly (number | null)[];
  readonly seed: number;
}

const DUMP_SHARE = 0.7;
/** With fewer decisions an estimate is hardly narrower than a guess. */
const LEAST_ESTIMATED = 100;

/** 70 % of each class are the dump. */
export function splitOf({ messages, prior }: LabelCase, seed: number): Split {
  const random = randomOf(seed + 1);
  const dump: number[] = [];
  const test: number[] = [];
  for (const label of ['spam', 'ham']) {
    const of = Int32Array.from(messages.keys()).filter((at) => messages[at]!.label === label);
    shuffle(of, random);
    const size = Math.round(DUMP_SHARE * of.length);
    dump.push(...of.subarray(0, size));
    test.push(...of.subarray(size));
  }
  const order = Int32Array.from(dump);
  shuffle(order, random);
  const pool = new LightPool();
  for (const at of order) pool.add(messages[at]!.text, prior[at]!);
  const testRows = new SparseRowsBuilder();
  for (const at of test) {
    const { ids, values, starts } = pool.rowOf(messages[at]!.text);
    testRows.add(ids, values, starts[1]!);
  }
  return {
    ...{ pool, seed, testRows },
    dump: Array.from(order, (at) => messages[at]!),
    test: test.map((at) => messages[at]!),
    testPrior: test.map((at) => prior[at]!),
  };
}

/** The same shuffle for what does without the prior. */
export function withoutPrior(split: Split): Split {
  return { ...split, pool: split.pool.withoutPriors(), testPrior: split.test.map(() => null) };
}

/** Matthews correlation on the test messages. */
export function testMcc({ test, testRows, testPrior }: Split, model: LightModel): number {
  return mccOf(
    test.map(({ label }, at) => ({
      isSpam: label === 'spam',
      isPredicted: model.logOddsOf(testRows, at, testPrior[at]!) > 0,
    })),
  );
}

/** With the labels of the whole dump. */
export function fullySupervised(split: Split): number {
  const known = split.dump.map(({ label }, row) => ({ row, label }));
  return testMcc(split, LightModel.fit(split.pool, known, { seed: split.seed }));
}

/** Messages at random. By number of decisions. */
export function randomSampling(split: Split): ReadonlyMap<number, number> {
  const order = Int32Array.from(split.dump.keys());
  shuffle(order, randomOf(split.seed + 2));
  const curve = new Map<number, number>();
  for (const count of MEASURED) {
    const known = Array.from(order.subarray(0, count), (row) => ({ row, label: split.dump[row]!.label }));
    curve.set(count, testMcc(split, LightModel.fit(split.pool, known, { seed: split.seed })));
  }
  return curve;
}

const LINK = /https?:\/\/|www\.|\b[a-z0-9-]{2,}\.(?:com|net|org|info|biz|tv|co\.uk|ru|shop|top)\b/i;
/** Of each seed, so many similar messages are looked at. */
const SIMILAR = 5;

/**
 * The workflow without a model of a community that starts: a rule for links, which labels spam; messages at random; for each that turns out to
 * be spam, the five that are most like it; all others count as ham. As far as it can be simulated: a person would choose better seeds.
 */
export function firstWorkflow(split: Split): ReadonlyMap<number, number> {
  const { pool, dump, seed } = split;
  const order = Int32Array.from(dump.keys());
  shuffle(order, randomOf(seed + 3));
  const known = new Map<number, KnownLabel>();
  const similar: number[] = [];
  let at = 0;
  const curve = new Map<number, number>();
  const most = Math.min(MEASURED.at(-1)!, dump.length);
  while (known.size < most) {
    const row = similar.shift() ?? order[at++]!;
    if (known.has(row)) continue;
    const { label } = dump[row]!;
    known.set(row, { row, label });
    if (label === 'spam') similar.push(...mostLike(pool, row, known));
    if (!MEASURED.includes(known.size)) continue;
    const rules = dump.flatMap(({ text }, row): KnownLabel[] =>
      known.has(row) ? [] : [{ row, label: LINK.test(text) ? 'spam' : 'ham', weight: 0.1 }],
    );
    curve.set(known.size, testMcc(split, LightModel.fit(pool, [...known.values(), ...rules], { seed })));
  }
  return curve;
}

function mostLike(pool: LightPool, row: number, known: ReadonlyMap<number, unknown>): readonly number[] {
  const cosines = new Float64Array(pool.size);
  pool.raiseToSimilarity(cosines, row);
  return [...cosines.keys()]
    .filter((other) => other !== row && !known.has(other))
    .sort((a, b) => cosines[b]! - cosines[a]!)
    .slice(0, SIMILAR);
}

/** What `label next` does, with an oracle that answers. */
export interface NextRun {
  readonly curve: ReadonlyMap<number, number>;
  /** What `label next` would print at that point. */
  readonly estimates: ReadonlyMap<number, Quality>;
  /** Decisions after which it said that more hardly pay; undefined where it did not. */
  readonly settledAt: number | undefined;
  /** Messages that got their label from the decision for a near-duplicate, and how many of them wrongly. */
  readonly covered: number;
  readonly wrong: number;
}

export function askedByNext(split: Split): NextRun {
  const { pool, dump, seed } = split;
  const order = new QuestionOrder(pool, { seed });
  const bands = new BandIndex();
  for (const { text } of dump) bands.add(text);
  const watch = new SettledWatch();
  const curve = new Map<number, number>();
  const estimates = new Map<number, Quality>();
  const answered = new Set<number>();
  let [covered, wrong, answers] = [0, 0, 0];
  let settledAt: number | undefined;
  while (answers < MEASURED.at(-1)!) {
    const next = order.next();
    if (next === undefined) break;
    const { label, text } = dump[next.row]!;
    order.learn(next.row, label);
    answered.add(next.row);
    answers++;
    const wanted = new NearDuplicateOf(text);
    for (const other of bands.candidates(text)) {
      if (answered.has(other) || !wanted.matches(dump[other]!.text)) continue;
      answered.add(other);
      order.skip(other);
      covered++;
      if (dump[other]!.label !== label) wrong++;
    }
    if (order.isDue || MEASURED.includes(answers)) {
      order.refit();
      watch.look(answers, order.allLogOdds);
      if (watch.isSettled) settledAt ??= answers;
    }
    if (!MEASURED.includes(answers)) continue;
    curve.set(answers, testMcc(split, order.model.selfTrained(order.known, split)));
    if (answers < LEAST_ESTIMATED) continue;
    const estimate = estimateQuality(pool, order.known, { groupOf: (row) => bands.groupOf(row) });
    if (estimate !== undefined) estimates.set(answers, estimate);
  }
  return { curve, estimates, settledAt, covered, wrong };
}
