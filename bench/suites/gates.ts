import { settingsSchema } from '../../src/settings/settings-schema.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { gateSimulation } from '../harness/gate-cases.ts';
import { type SimulatedAnswers, type SimulatedCase, simulateGates } from '../harness/gate-simulation.ts';
import type { BenchReport, Goal, ReportTable } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const RUNS = 2000;
const SIZES = [2000, 4000, 10_000];

interface CaseAnswers {
  readonly each: SimulatedCase;
  readonly answers: SimulatedAnswers;
}

/** How often the gates promote a challenger, by how good it is in truth, on simulated scores. */
export async function gatesBench({ say, runs = RUNS }: BenchOptions): Promise<BenchReport> {
  const settings = settingsSchema.parse({}).retrain.gate;
  const found: CaseAnswers[] = [];
  for (const size of SIZES)
    for (const each of Object.values(gateSimulation(size))) {
      const answers = simulateGates(each, settings, runs);
      found.push({ each, answers });
      say(`${each.name}, ${count(size)} messages: ${percent(answers.promoted)} promoted\n`);
    }
  return {
    name: 'gates',
    configuration: {
      simulated: `${count(runs)} retrainings of each case, as bench/harness/gate-simulation.ts describes; 30 % spam; a champion with a true positive rate of 90 % and a false positive rate of 0.3 % at rejectMax 0.7`,
      settings: 'the defaults of retrain.gate',
    },
    tables: [promotedTable(found), checkTable(found)],
    goals: found.flatMap(goalsOf),
    verdictsChanged: false,
    figures: found,
  };
}

function promotedTable(found: readonly CaseAnswers[]): ReportTable {
  return {
    title: 'Promoted, by what the challenger is in truth',
    columns: ['challenger', 'messages', 'sound', 'too few, says sound', 'document'],
    rows: found.map(({ each, answers }) => [
      each.name,
      count(each.messages),
      percent(answers.promoted),
      percent(answers.tooFew),
      percent(answers.promotedByDocument),
    ]),
  };
}

const shownChecks = {
  'TPR, all': 'truePositiveRate.all',
  'FPR, all': 'falsePositiveRate.all',
  cost: 'cost.all',
  'TPR, new': 'truePositiveRate.new',
  'FPR, new': 'falsePositiveRate.new',
} as const;

function checkTable(found: readonly CaseAnswers[]): ReportTable {
  return {
    title: 'Checks of `sound` that are passed, each for itself',
    columns: ['challenger', 'messages', ...Object.keys(shownChecks), 'every obfuscation'],
    rows: found.map(({ each, answers: { passed, recalls } }) => [
      each.name,
      count(each.messages),
      ...Object.values(shownChecks).map((name) => percent(passed[name] ?? 0)),
      percent(recalls),
    ]),
  };
}

function goalsOf({ each, answers }: CaseAnswers): Goal[] {
  const cases = gateSimulation(each.messages);
  const goal = (text: string, share: number, met: boolean): Goal => ({
    goal: `${each.name}, ${count(each.messages)} messages: ${text}`,
    measured: percent(share),
    met,
  });
  switch (each.name) {
    case cases.same.name:
      return [
        goal('sound promotes ≤ 6 %', answers.promoted, answers.promoted <= 0.06),
        goal(
          'document promotes about a quarter',
          answers.promotedByDocument,
          Math.abs(answers.promotedByDocument - 0.25) <= 0.1,
        ),
      ];
    case cases.halfMissed.name:
      return [goal('sound promotes ≥ 80 %', answers.promoted, answers.promoted >= 0.8)];
    case cases.atMargin.name: {
      const share = answers.passed['falsePositiveRate.all'] ?? 0;
      return [goal('the check of false positives passes ≤ 5 %', share, share <= 0.05)];
    }
    case cases.lessFound.name: {
      const share = answers.passed['truePositiveRate.all'] ?? 0;
      return [goal('the check of recall passes ≤ 5 %', share, share <= 0.05)];
    }
    default:
      return [];
  }
}
