import { describe, expect, it } from 'vitest';
import {
  falseAlarms,
  plantedDrifts,
  simulatedTraffic,
  timeToAlarm,
} from '../../../bench/harness/drift-simulation.ts';
import type { BatchStatistics } from '../../../src/core/scored-batch.ts';
import { DriftMonitor, type DriftSubject, driftMemorySchema } from '../../../src/drift/drift-monitor.ts';
import { trafficOf } from '../../../src/drift/traffic.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const rules = { windowMinutes: 30, leastMessages: 100, baselineDays: 3, falseAlarmsPerMonth: 1 };
const subject: DriftSubject = { model: 'm', policy: 'p', baseline: '' };

function batch(
  changes: { messages?: number; spam?: number; languages?: Record<string, number> } = {},
): BatchStatistics {
  const { messages = 1000, spam = 100 } = changes;
  return {
    ...{ ham: messages - spam, review: 0, spam, unreadable: 0 },
    ...{ decodeSeconds: 0, featurizeSeconds: 0, inferSeconds: 0, endedAtStage: [] },
    ...{ treesEvaluated: 0, treesInAll: 0, scores: { counts: [], sum: 0 } },
    features: { all: 10 * messages, unknown: messages },
    languages: changes.languages ?? { en: messages },
  };
}

/** A stream with a window each half an hour. */
class Stream {
  now = 0;
  monitor: DriftMonitor;

  constructor(given = rules) {
    this.monitor = new DriftMonitor(given, 0);
  }

  run(minutes: number, statistics: BatchStatistics, of: DriftSubject = subject): this {
    for (const end = this.now + minutes * MINUTE; this.now < end; ) {
      this.monitor.add(of, statistics, this.now);
      this.now += 30 * MINUTE;
      this.monitor.tick(this.now);
    }
    return this;
  }

  restart(): this {
    const memory = driftMemorySchema.parse(JSON.parse(JSON.stringify(this.monitor.memory)));
    this.monitor = new DriftMonitor(rules, this.now, memory);
    return this;
  }

  get figures() {
    return this.monitor.figures(this.now, null);
  }
}

/** One that knows what is usual. */
const learned = () => new Stream().run(3 * 1440 + 60, batch());

describe('the watch for drift', () => {
  it('it is learned what is usual before there are alarms', () => {
    const stream = new Stream().run(1440, batch());
    expect(stream.figures.bands).toMatchObject({ state: 'learning', score: 0, alarm: false });
    expect(stream.figures.bands.baseline).toBeLessThan(0.5);
    expect(stream.run(600, batch({ spam: 900 })).figures.bands.alarm).toBe(false);
    expect(learned().figures.bands).toMatchObject({ state: 'watching', baseline: 1, alarm: false });
  });

  it('a change raises the alarm of its signal, states what has changed, and ends when all is as before', () => {
    const stream = learned().run(240, batch({ spam: 400 }));
    const { bands, languages } = stream.figures;
    expect(bands).toMatchObject({ alarm: true });
    expect(bands.score).toBeGreaterThanOrEqual(1);
    const spam = bands.changes.find(({ part }) => part === 'spam')!;
    expect(spam.expected).toBeCloseTo(0.1);
    expect(spam.found).toBeCloseTo(0.4);
    expect(languages).toMatchObject({ alarm: false, changes: [] });
    expect(stream.run(600, batch()).figures.bands).toMatchObject({ alarm: false, changes: [] });
  });

  it('a language that never came before is named', () => {
    const { languages } = learned().run(240, batch({ languages: { en: 800, xx: 150, yy: 50 } })).figures;
    expect(languages.alarm).toBe(true);
    expect(languages.changes.map(({ part }) => part)).toContain('other, most of all xx');
  });

  it('a restart changes nothing: neither while it is learned what is usual, nor in an alarm', () => {
    const through = new Stream().run(3 * 1440 + 60, batch()).run(60, batch({ spam: 300 }));
    const restarted = new Stream();
    restarted
      .run(1440, batch())
      .restart()
      .run(2 * 1440 + 60, batch())
      .restart();
    restarted
      .run(30, batch({ spam: 300 }))
      .restart()
      .run(30, batch({ spam: 300 }));
    expect(restarted.monitor.memory).toEqual(through.monitor.memory);
    expect(restarted.figures.bands.score).toBe(through.figures.bands.score);
    expect(restarted.figures.bands.score).toBeGreaterThan(0);
  });

  it('a new model begins a new baseline, but not of languages; another policy not of words; another text of all', () => {
    const learningAgain = (of: DriftSubject) => {
      const { scores: _, ...rest } = learned().run(60, batch(), of).figures;
      return Object.entries(rest).flatMap(([signal, { state }]) => (state === 'learning' ? [signal] : []));
    };
    expect(learningAgain(subject)).toEqual([]);
    expect(learningAgain({ ...subject, model: 'other' })).toEqual(['features', 'bands']);
    expect(learningAgain({ ...subject, policy: 'other' })).toEqual(['bands']);
    expect(learningAgain({ ...subject, baseline: 'other' })).toEqual(['features', 'languages', 'bands']);
  });

  it('days without messages are no part of the baseline', () => {
    const stream = new Stream().run(1440, batch());
    stream.now += 10 * DAY;
    expect(stream.run(1440, batch()).figures.bands.baseline).toBeLessThan(1);
  });

  it('a site with too few messages is quiet and gets no alarm', () => {
    const stream = new Stream().run(2 * 1440, batch({ messages: 10, spam: 1 }));
    expect(stream.figures.bands).toMatchObject({ state: 'quiet', baseline: 0 });
    const later = learned().run(600, batch({ messages: 10, spam: 10 }));
    expect(later.figures.bands).toMatchObject({ state: 'quiet', alarm: false });
  });

  it('the distance from training is that of the last day, and is not known without a reference or with few messages', () => {
    const stream = learned();
    const reference = trafficOf(batch({ spam: 500 }));
    expect(stream.figures.bands.fromTraining).toBeNull();
    expect(stream.monitor.figures(stream.now, trafficOf(batch())).bands.fromTraining).toBeCloseTo(0, 6);
    expect(stream.monitor.figures(stream.now, reference).bands.fromTraining).toBeGreaterThan(0.2);
    // The thread did not count scores.
    expect(stream.monitor.figures(stream.now, reference).scores.fromTraining).toBeNull();
    expect(stream.monitor.figures(stream.now + 2 * DAY, reference).bands.fromTraining).toBeNull();
  });

  it('a signal that is not counted stays without a baseline', () => {
    expect(learned().figures.scores).toMatchObject({ state: 'learning', baseline: 0, alarm: false });
  });
});

describe('the watch for drift on simulated traffic', () => {
  const defaults = { windowMinutes: 5, leastMessages: 200, baselineDays: 7, falseAlarmsPerMonth: 1 };
  const [usual] = simulatedTraffic;

  it.each(plantedDrifts)('an alarm comes within an hour of $name', (drift) => {
    expect(timeToAlarm(usual, defaults, drift, 1)?.minutes).toBeLessThanOrEqual(60);
  });

  it('cycles of days and weeks, and noise that is usual, raise at most one alarm a month', () => {
    let alarms = 0;
    for (const seed of [101, 102])
      alarms += Object.values(falseAlarms(usual, defaults, seed)).reduce((sum, each) => sum + each, 0);
    expect(alarms).toBeLessThanOrEqual(2);
  });
});
