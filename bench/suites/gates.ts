import type { GateSettings } from '../../src/learning/gates/gate-settings.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { gateSimulation } from '../harness/gate-cases.ts';
import { type SimulatedAnswers, type SimulatedCase, simulateGate } from '../harness/gate-simulation.ts';
import type { BenchReport, Goal, ReportTable } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const RUNS = 2000;
const SIZES = [2000, 4000, 10_000];

interface CaseAnswers {
  readonly each: SimulatedCase;
  readonly sound: SimulatedAnswers;
  readonly document: SimulatedAnswers;
}

/** How often the gates promote a challenger, by how good it is in truth, on simulated scores. */
export async function gatesBench({ say, runs = RUNS }: BenchOptions): Promise<BenchReport> {
  const sound: GateSettings = settingsSchema.parse({}).retrain.gate;
  const document: GateSettings = { ...sound, kind: 'document' };
  const answers: CaseAnswers[] = [];
  for (const size of SIZES)
    for (const each of Object.values(gateSimulation(size))) {
      answers.push({
        each,
        sound: simulateGate(each, sound, runs),
        document: simulateGate(each, document, runs, 0),
      });
      say(`${each.name}, ${count(size)} messages: ${percent(answers.at(-1)!.sound.promoted)} promoted\n`);
    }
  return {
    name: 'gates',
    configuration: {
      simulated: `${count(runs)} retrainings of each case, as bench/harness/gate-simulation.ts describes; 30 % spam; a champion with a true positive rate of 90 % and a false positive rate of 0.3 % at rejectMax 0.7`,
      settings: 'the defaults of retrain.gate',
    },
    tables: [promotedTable(answers), checkTable(answers)],
    goals: answers.flatMap(goalsOf),
    verdictsChanged: false,
    figures: answers,
  };
}

function promotedTable(answers: readonly CaseAnswers[]): ReportTable {
  return {
    title: 'Promoted, by what the challenger is in truth',
    columns: ['challenger', 'messages', 'sound', 'too few, says sound', 'document'],
    rows: answers.map(({ each, sound, document }) => [
      each.name,
      count(each.messages),
      percent(sound.promoted),
      percent(sound.tooFew),
      percent(document.promoted),
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

function checkTable(answers: readonly CaseAnswers[]): ReportTable {
  return {
    title: 'Checks of `sound` that are passed, each for itself',
    columns: ['challenger', 'messages', ...Object.keys(shownChecks), 'every obfuscation'],
    rows: answers.map(({ each, sound: { passed, recalls } }) => [
      each.name,
      count(each.messages),
      ...Object.values(shownChecks).map((name) => percent(passed[name] ?? 0)),
      percent(recalls),
    ]),
  };
}

function goalsOf({ each, sound, document }: CaseAnswers): Goal[] {
  const cases = gateSimulation(each.messages);
  const goal = (text: string, share: number, met: boolean): Goal => ({
    goal: `${each.name}, ${count(each.messages)} messages: ${text}`,
    measured: percent(share),
    met,
  });
  switch (each.name) {
    case cases.same.name:
      return [
        goal('sound promotes ≤ 6 %', sound.promoted, sound.promoted <= 0.06),
        goal(
          'document promotes about a quarter',
          document.promoted,
          Math.abs(document.promoted - 0.25) <= 0.1,
        ),
      ];
    case cases.halfMissed.name:
      return [goal('sound promotes ≥ 80 %', sound.promoted, sound.promoted >= 0.8)];
    case cases.atMargin.name: {
      const share = sound.passed['falsePositiveRate.all'] ?? 0;
      return [goal('the check of false positives passes ≤ 5 %', share, share <= 0.05)];
    }
    case cases.lessFound.name: {
      const share = sound.passed['truePositiveRate.all'] ?? 0;
      return [goal('the check of recall passes ≤ 5 %', share, share <= 0.05)];
    }
    default:
      return [];
  }
}
