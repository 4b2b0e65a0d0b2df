import type { BenchOptions } from '../harness/bench-options.ts';
import { duplicateMixes } from '../harness/duplicate-messages.ts';
import { type DuplicateCase, type DuplicateFigures, duplicateFigures } from '../harness/duplicate-run.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const ROWS = [100_000, 1_000_000];
/** What the goals are about. */
const GOAL_ROWS = 10_000_000;
const GOAL_SECONDS = 30 * 60;
const GOAL_BYTES = 4 * 1024 ** 3;
const GOAL_RECALL = 0.95;

/** The near-duplicate search of `sluice label dedupe` without a database: time, memory and recall at several sizes. */
export async function dedupeBench({ say, messages }: BenchOptions): Promise<BenchReport> {
  const sizes = messages === undefined ? ROWS : [messages];
  const cases: readonly DuplicateCase[] = [
    ...sizes.map((rows) => ({ mix: 'mixed' as const, rows })),
    ...duplicateMixes.filter((mix) => mix !== 'mixed').map((mix) => ({ mix, rows: sizes[0]! })),
  ];
  const all: DuplicateFigures[] = [];
  // A table by hand is of ten million rows, where the extremes would take longer than the goal.
  for (const each of messages === undefined ? cases : cases.slice(0, 1)) {
    const figures = await duplicateFigures(each);
    all.push(figures);
    say(`${each.mix}, ${count(each.rows)} rows: ${figures.seconds.toFixed(1)} s\n`);
  }
  const mixed = all.filter(({ mix }) => mix === 'mixed');
  const largest = mixed.at(-1)!;
  const expected = atGoal(mixed);
  const recall = Math.min(
    ...all
      .filter(({ pairs }) => pairs > 0)
      .map((each) => Math.min(each.pairsFound, each.pairsReduced) / each.pairs),
  );
  const of = largest.rows === GOAL_ROWS ? '' : `, from the growth to ${count(largest.rows)}`;
  return {
    name: 'dedupe',
    configuration: {
      search:
        'all kinds of duplicates of synthetic messages (bench/harness/duplicate-messages.ts, fixed seed), one thread, a process of its own for each line; without making the messages, and without a database',
      recall:
        'of up to 20,000 sampled pairs with a Jaccard index of at least 0.8, computed exactly; found: one chain connects them; one removed: at most one of the two stays',
    },
    tables: [
      {
        title: 'Search for duplicates',
        columns: [
          'rows',
          's',
          'µs a row',
          'CPU µs a row',
          'peak memory, MiB',
          'bytes a row',
          'temporary files, MiB',
          'distinct',
          'removed',
          'comparisons a row',
          'pairs',
          'found',
          'one removed',
          'load',
        ],
        rows: all.map(lineOf),
      },
    ],
    goals: [
      {
        goal: `${count(GOAL_ROWS)} rows in at most 30 minutes`,
        measured: `${minutes(expected.seconds)} min, of which ${minutes(expected.cpuSeconds)} min of CPU time${of}`,
        met: expected.seconds <= GOAL_SECONDS,
      },
      {
        goal: `${count(GOAL_ROWS)} rows in at most 4 GiB of resident memory`,
        measured: `${mebibytes(expected.bytes)} MiB${of}`,
        met: expected.bytes <= GOAL_BYTES,
      },
      {
        goal: `recall of each table at least ${percent(GOAL_RECALL, 0)}`,
        measured: percent(recall),
        met: recall >= GOAL_RECALL,
      },
    ],
    verdictsChanged: false,
    figures: all,
  };
}

/** For the rows of the goal: measured, or in proportion to the rows beyond the largest table, as between the last two. */
function atGoal(mixed: readonly DuplicateFigures[]): {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
} {
  const last = mixed.at(-1)!;
  const before = mixed.at(-2) ?? { rows: 0, seconds: 0, cpuSeconds: 0, residentPeak: last.residentBefore };
  const factor = (GOAL_ROWS - last.rows) / (last.rows - before.rows);
  return {
    seconds: last.seconds + factor * (last.seconds - before.seconds),
    cpuSeconds: last.cpuSeconds + factor * (last.cpuSeconds - before.cpuSeconds),
    bytes: last.residentPeak + factor * (last.residentPeak - before.residentPeak),
  };
}

function lineOf(figures: DuplicateFigures): readonly string[] {
  const { mix, rows, seconds, cpuSeconds, residentBefore, residentPeak, comparisons, pairs, pairsFound } =
    figures;
  return [
    `${count(rows)}${mix === 'mixed' ? '' : `, ${mix}`}`,
    seconds.toFixed(1),
    ((seconds * 1e6) / rows).toFixed(1),
    ((cpuSeconds * 1e6) / rows).toFixed(1),
    mebibytes(residentPeak),
    count((residentPeak - residentBefore) / rows),
    mebibytes(figures.scratchBytes),
    count(figures.entries),
    count(figures.removed),
    (comparisons / rows).toFixed(2),
    count(pairs),
    pairs === 0 ? '–' : percent(pairsFound / pairs, 2),
    pairs === 0 ? '–' : percent(figures.pairsReduced / pairs, 2),
    figures.load.toFixed(1),
  ];
}

function mebibytes(bytes: number): string {
  return count(bytes / 1024 ** 2);
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}
