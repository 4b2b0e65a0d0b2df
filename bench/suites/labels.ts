import type { BenchOptions } from '../harness/bench-options.ts';
import { type LabelCase, labelCases } from '../harness/label-cases.ts';
import { findFlips } from '../harness/label-flips.ts';
import {
  askedByNext,
  firstWorkflow,
  fullySupervised,
  MEASURED,
  type NextRun,
  randomSampling,
  splitOf,
  withoutPrior,
} from '../harness/label-simulation.ts';
import type { BenchReport, Goal, ReportTable } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const SEEDS = 5;
const FLIP_SEEDS = 2;

/** Matthews correlations to reach, by a part of the case's name: after 25, 50, 100, 200 and 300 decisions. */
const goalsOf: Readonly<Record<string, readonly (number | null)[]>> = {
  sms_spam: [0.92, 0.94, 0.945, 0.955, 0.96],
  youtube: [0.7, 0.82, 0.88, 0.91, 0.93],
  unseen: [0.95, 0.985, null, null, null],
};

interface CaseResult {
  readonly name: string;
  readonly messages: number;
  readonly priorOf: string;
  readonly random: readonly number[];
  readonly workflow: readonly number[];
  readonly next: readonly number[];
  readonly full: number;
  readonly runs: readonly NextRun[];
}

/** How good the light model is after some decisions, by what is asked; and how many wrong labels `suspects` finds. */
export async function labelsBench(options: BenchOptions): Promise<BenchReport> {
  const { say, runs: seeds = SEEDS } = options;
  const cases = await labelCases(options.data, say);
  const results = cases.map((each) => curvesOf(each, seeds, say));
  const flips: { readonly name: string; readonly figures: readonly number[] }[] = [];
  for (const each of cases) flips.push({ name: each.name, figures: await flipFigures(each, say) });
  return {
    name: 'labels',
    configuration: {
      measured: `Matthews correlation on 30 % of each set, after so many decisions of an oracle on the other 70 %; means of ${seeds} shuffles; duplicates removed by the key of the text`,
      prior:
        'a light model on the other sets, never on the set under test; the shipped model is not used, since it has seen parts of the public sets',
      ...Object.fromEntries(results.map(({ name, priorOf }) => [`prior of ${name}`, priorOf])),
    },
    tables: [...results.map(curveTable), estimateTable(results), flipTable(flips)],
    goals: [...results.flatMap(curveGoals), ...flips.flatMap(flipGoals)],
    verdictsChanged: false,
    figures: { curves: results.map(({ runs: _, ...rest }) => rest), flips },
  };
}

function curvesOf(each: LabelCase, seeds: number, say: (text: string) => void): CaseResult {
  const random: ReadonlyMap<number, number>[] = [];
  const workflow: ReadonlyMap<number, number>[] = [];
  const runs: NextRun[] = [];
  const full: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const split = splitOf(each, seed);
    const plain = withoutPrior(split);
    random.push(randomSampling(plain));
    workflow.push(firstWorkflow(plain));
    full.push(fullySupervised(plain));
    runs.push(askedByNext(split));
    say(`${each.name}: shuffle ${seed + 1} of ${seeds}\n`);
  }
  return {
    ...{ name: each.name, messages: each.messages.length, priorOf: each.priorOf, runs },
    random: means(random),
    workflow: means(workflow),
    next: means(runs.map(({ curve }) => curve)),
    full: mean(full),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function means(curves: readonly ReadonlyMap<number, number>[]): readonly number[] {
  return MEASURED.map((at) => mean(curves.flatMap((curve) => curve.get(at) ?? [])));
}

function curveTable({ name, messages, random, workflow, next, full }: CaseResult): ReportTable {
  const row = (what: string, figures: readonly number[]) => [what, ...figures.map((each) => each.toFixed(3))];
  return {
    title: `${name}, ${count(messages)} messages: MCC by decisions (the whole dump labeled, at random: ${full.toFixed(3)})`,
    columns: ['asked', ...MEASURED.map(String)],
    rows: [row('at random', random), row('the first workflow', workflow), row('`label next`', next)],
  };
}

function estimateTable(results: readonly CaseResult[]): ReportTable {
  const rows = results.map(({ name, runs }) => {
    const estimates = runs.flatMap(({ estimates, curve }) =>
      [...estimates].map(([at, quality]) => ({ quality, true: curve.get(at)! })),
    );
    const above = estimates.filter((each) => each.true >= each.quality.low).length;
    const settled = runs.flatMap(({ settledAt }) => settledAt ?? []);
    const covered = runs.reduce((sum, run) => sum + run.covered, 0);
    const wrong = runs.reduce((sum, run) => sum + run.wrong, 0);
    return [
      name,
      mean(estimates.map(({ quality }) => quality.mcc)).toFixed(3),
      mean(estimates.map((each) => each.true)).toFixed(3),
      `${above} of ${estimates.length}`,
      settled.length === 0 ? 'never' : `${settled.length} × at ${Math.round(mean(settled))}`,
      count(covered),
      count(wrong),
    ];
  });
  return {
    title: 'What `label next` says, and the labels of near-duplicates',
    columns: [
      'set',
      'estimated MCC',
      'MCC on the test',
      'test above the lower end',
      'says enough',
      'labeled with another',
      'wrongly',
    ],
    rows,
  };
}

async function flipFigures(each: LabelCase, say: (text: string) => void): Promise<readonly number[]> {
  const sums = [0, 0, 0, 0, 0];
  for (let seed = 0; seed < FLIP_SEEDS; seed++) {
    const run = await findFlips(each, seed);
    for (const [at, value] of [run.flipped, run.found, run.spamFlipped, run.spamFound, run.shown].entries())
      sums[at]! += value;
  }
  say(`${each.name}: flips looked for\n`);
  const [flipped, found, spamFlipped, spamFound, shown] = sums as [number, number, number, number, number];
  return [flipped, found / flipped, spamFound / Math.max(1, spamFlipped), shown / flipped];
}

function flipTable(
  flips: readonly { readonly name: string; readonly figures: readonly number[] }[],
): ReportTable {
  return {
    title: `\`label suspects\`, 5 % of the rows flipped as whole near-duplicate groups, ${FLIP_SEEDS} shuffles`,
    columns: ['set', 'flips', 'found', 'missed spam found', 'shown per flip'],
    rows: flips.map(({ name, figures: [flipped, found, spam, shown] }) => [
      ...[name, count(flipped!), percent(found!, 1), percent(spam!, 1), shown!.toFixed(2)],
    ]),
  };
}

function curveGoals({ name, next }: CaseResult): Goal[] {
  const goals = Object.entries(goalsOf).find(([part]) => name.includes(part))?.[1] ?? [];
  return goals.flatMap((goal, at) =>
    goal === null
      ? []
      : [
          {
            goal: `${name}: MCC ≥ ${goal} after ${MEASURED[at]} decisions`,
            measured: next[at]!.toFixed(3),
            met: next[at]! >= goal,
          },
        ],
  );
}

function flipGoals({
  name,
  figures: [, found, spam, shown],
}: {
  readonly name: string;
  readonly figures: readonly number[];
}): Goal[] {
  return [
    { goal: `${name}: ≥ 95 % of flips found`, measured: percent(found!, 1), met: found! >= 0.95 },
    { goal: `${name}: ≥ 90 % of missed spam found`, measured: percent(spam!, 1), met: spam! >= 0.9 },
    { goal: `${name}: ≤ 1.5 shown per flip`, measured: shown!.toFixed(2), met: shown! <= 1.5 },
  ];
}
