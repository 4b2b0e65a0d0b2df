import { type DriftSignal, driftSignals } from '../../src/core/drift-figures.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import {
  falseAlarms,
  type PlantedDrift,
  plantedDrifts,
  type SimulatedTraffic,
  simulatedTraffic,
  timeToAlarm,
} from '../harness/drift-simulation.ts';
import type { BenchReport, Goal, ReportTable } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const MONTHS = 200;
/** Runs of each drift, as a share of the months. */
const DRIFT_SHARE = 0.5;
const GOAL_MINUTES = 60;

interface AlarmCounts {
  readonly traffic: SimulatedTraffic;
  readonly months: number;
  readonly alarms: Readonly<Record<DriftSignal, number>>;
  readonly perMonth: number;
}

interface AlarmTimes {
  readonly traffic: SimulatedTraffic;
  readonly drift: PlantedDrift;
  readonly runs: number;
  /** Minutes, ascending; those without an alarm within a day are left out. */
  readonly minutes: readonly number[];
  readonly inTime: number;
}

/** How often the watch for drift raises a false alarm in a month, and how long it takes to find planted drifts; on simulated traffic. */
export async function driftBench({ say, runs: months = MONTHS }: BenchOptions): Promise<BenchReport> {
  const { enabled: _, baseline: __, ...rules } = settingsSchema.parse({}).drift;
  const alarms: AlarmCounts[] = [];
  const times: AlarmTimes[] = [];
  for (const traffic of simulatedTraffic) {
    const found = { scores: 0, features: 0, languages: 0, bands: 0 };
    for (let seed = 1; seed <= months; seed++) {
      const ofMonth = falseAlarms(traffic, rules, seed);
      for (const signal of driftSignals) found[signal] += ofMonth[signal];
    }
    const all = driftSignals.reduce((sum, signal) => sum + found[signal], 0);
    alarms.push({ traffic, months, alarms: found, perMonth: all / months });
    say(`${traffic.name}: ${(all / months).toFixed(2)} false alarms a month\n`);
    for (const drift of plantedDrifts) {
      const runs = Math.max(1, Math.round(months * DRIFT_SHARE));
      const minutes: number[] = [];
      for (let seed = 1; seed <= runs; seed++) {
        const alarm = timeToAlarm(traffic, rules, drift, 10_000 + seed);
        if (alarm !== undefined) minutes.push(alarm.minutes);
      }
      minutes.sort((a, b) => a - b);
      const inTime = minutes.filter((each) => each <= GOAL_MINUTES).length / runs;
      times.push({ traffic, drift, runs, minutes, inTime });
      say(`${traffic.name}, ${drift.name}: ${percent(inTime)} within an hour\n`);
    }
  }
  return {
    name: 'drift',
    configuration: {
      simulated: `${count(months)} months after a baseline of ${rules.baselineDays} days, and half as many runs of each drift, which begins at a random time of a week; as bench/harness/drift-simulation.ts describes`,
      settings: 'the defaults of drift',
    },
    tables: [alarmTable(alarms), timeTable(times)],
    // Restless and small sites take longer to show a change beyond chance; the table states how long.
    goals: [
      ...alarms.map(alarmGoal),
      ...times.filter(({ traffic }) => traffic === simulatedTraffic[0]).map(timeGoal),
    ],
    verdictsChanged: false,
    figures: { alarms, times },
  };
}

function alarmTable(found: readonly AlarmCounts[]): ReportTable {
  return {
    title: 'False alarms in a month without drift',
    columns: ['traffic', 'all', ...driftSignals],
    rows: found.map(({ traffic, months, alarms, perMonth }) => [
      traffic.name,
      perMonth.toFixed(3),
      ...driftSignals.map((signal) => (alarms[signal] / months).toFixed(3)),
    ]),
  };
}

function timeTable(found: readonly AlarmTimes[]): ReportTable {
  const at = (minutes: readonly number[], share: number, runs: number) => {
    const place = Math.ceil(share * runs) - 1;
    return minutes[place] === undefined ? 'over a day' : `${minutes[place]} min`;
  };
  return {
    title: 'Time from the beginning of a drift to its alarm',
    columns: ['traffic', 'drift', 'median', '95 %', 'longest', 'within an hour'],
    rows: found.map(({ traffic, drift, runs, minutes, inTime }) => [
      traffic.name,
      drift.name,
      at(minutes, 0.5, runs),
      at(minutes, 0.95, runs),
      at(minutes, 1, runs),
      percent(inTime),
    ]),
  };
}

function alarmGoal({ traffic, perMonth }: AlarmCounts): Goal {
  return {
    goal: `${traffic.name}: at most one false alarm a month over all signals`,
    measured: perMonth.toFixed(3),
    met: perMonth <= 1,
  };
}

function timeGoal({ traffic, drift, inTime }: AlarmTimes): Goal {
  return {
    goal: `${traffic.name}, ${drift.name}: alarm within one hour`,
    measured: percent(inTime),
    met: inTime >= 0.99,
  };
}
