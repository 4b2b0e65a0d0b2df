import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DriftMemoryFile } from '../../../../src/app/daemon/drift-memory-file.ts';
import { DriftWatch } from '../../../../src/app/daemon/drift-watch.ts';
import type { DriftFigures } from '../../../../src/core/drift-figures.ts';
import type { BatchStatistics } from '../../../../src/core/scored-batch.ts';
import { type Traffic, trafficOf } from '../../../../src/drift/traffic.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { RecordingLog, turn } from '../../pipeline/fakes.ts';

const MINUTE = 60_000;

/** Time goes on, and looks happen, when a test says so. */
class StepClock implements Clock {
  milliseconds = 0;
  #wake: (() => void) | undefined;

  now(): number {
    return this.milliseconds;
  }

  elapsed(): number {
    return this.milliseconds / 1000;
  }

  sleep(_seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      signal?.addEventListener('abort', () => resolve());
    });
  }

  async look(): Promise<void> {
    for (let i = 0; i < 5; i++) await turn();
    this.#wake?.();
    for (let i = 0; i < 5; i++) await turn();
  }
}

function batch(spam: number): BatchStatistics {
  return {
    ...{ ham: 1000 - spam, review: 0, spam, unreadable: 0 },
    ...{ decodeSeconds: 0, featurizeSeconds: 0, inferSeconds: 0, endedAtStage: [] },
    ...{ treesEvaluated: 0, treesInAll: 0, scores: { counts: [], sum: 0 } },
    languages: { en: 1000 },
  };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-drift-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function started(
  options: { clock?: StepClock; reference?: () => Promise<Traffic | null>; files?: string } = {},
) {
  const { clock = new StepClock(), reference = async () => null, files = folder } = options;
  const log = new RecordingLog();
  const measured: { readonly figures: DriftFigures; readonly hasReference: boolean }[] = [];
  const policy = {
    value: {
      default: { rejectMin: 0.5, rejectMax: 0.7 },
      communities: {},
      exactScores: 'notHam',
      maxMessageBytes: 1,
    },
    revision: 1,
  } as const;
  const watch = await DriftWatch.start({
    rules: { windowMinutes: 30, leastMessages: 100, baselineDays: 3, falseAlarmsPerMonth: 1 },
    baseline: '',
    memory: new DriftMemoryFile(files),
    policy,
    referenceOf: reference,
    telemetry: { driftMeasured: (each) => measured.push(each) },
    clock,
    log,
  });
  const run = (minutes: number, spam: number) => {
    for (const end = clock.milliseconds + minutes * MINUTE; clock.milliseconds < end; ) {
      watch.batchScored({ model: 'm', statistics: batch(spam) });
      clock.milliseconds += 30 * MINUTE;
    }
  };
  return { watch, clock, log, run, last: () => measured.at(-1)! };
}

describe('the watch for drift of a daemon', () => {
  it('it measures from the start on, logs what has changed once, and when it is as usual again', async () => {
    const { watch, clock, log, run, last } = await started();
    await clock.look();
    expect(last().figures.bands).toMatchObject({ state: 'learning', baseline: 0 });
    run(3 * 1440 + 60, 100);
    await clock.look();
    expect(last().figures.bands).toMatchObject({ state: 'watching', alarm: false });
    run(240, 400);
    await clock.look();
    await clock.look();
    expect(last().figures.bands.alarm).toBe(true);
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.fields).toMatchObject({
      signal: 'bands',
      model: 'm',
      changes: expect.arrayContaining(['spam: 40.0 %, usually 10.0 %']) as unknown,
    });
    run(600, 100);
    await clock.look();
    expect(last().figures.bands.alarm).toBe(false);
    expect(log.lines.at(-1)).toMatchObject({ level: 'info', fields: { signal: 'bands' } });
    await watch.stop();
  });

  it('a restart goes on with what is usual', async () => {
    const first = await started();
    first.run(3 * 1440 + 60, 100);
    await first.watch.stop();
    const second = await started({ clock: first.clock });
    await second.clock.look();
    expect(second.last().figures.bands).toMatchObject({ state: 'watching', baseline: 1 });
    second.run(240, 400);
    await second.clock.look();
    expect(second.last().figures.bands.alarm).toBe(true);
    await second.watch.stop();
  });

  it('a file that cannot be read is a warning, and it is learned again', async () => {
    const file = join(folder, 'drift.json');
    await writeFile(file, '{"schema": 1, "signals": {}}');
    const { watch, clock, log, run, last } = await started();
    await clock.look();
    expect(last().figures.bands.state).toBe('learning');
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { file } }]);
    run(60, 100);
    await watch.stop();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ schema: 1, model: 'm' });
  });

  it('a folder that cannot be written is one warning', async () => {
    const files = join(folder, 'file', 'in the way');
    await writeFile(join(folder, 'file'), '');
    const { watch, clock, log, run } = await started({ files });
    run(240, 100);
    await clock.look();
    await watch.stop();
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThanOrEqual(1);
    expect(log.lines.filter(({ text }) => text.includes('cannot be written down'))).toHaveLength(1);
  });

  it('a model without a reference is stated once; one with a reference has a distance from it', async () => {
    const without = await started();
    without.run(60, 100);
    await without.clock.look();
    await without.clock.look();
    expect(without.last()).toMatchObject({ hasReference: false, figures: { bands: { fromTraining: null } } });
    expect(without.log.lines.filter(({ text }) => text.includes('no reference'))).toHaveLength(1);
    await without.watch.stop();

    const files = join(folder, 'other');
    const reference = trafficOf(batch(100));
    const given = await started({ files, reference: async () => reference });
    given.run(60, 100);
    await given.clock.look();
    expect(given.last().hasReference).toBe(true);
    expect(given.last().figures.bands.fromTraining).toBeCloseTo(0, 6);
    // The reference says nothing of words.
    expect(given.last().figures.features.fromTraining).toBeNull();
    await given.watch.stop();
  });

  it('a reference that cannot be read is a warning, and no distance', async () => {
    const reference = async () => Promise.reject(new Error('planted'));
    const { watch, clock, log, run, last } = await started({ reference });
    run(60, 100);
    await clock.look();
    expect(last().hasReference).toBe(false);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', text: 'the reference of the model cannot be read' }),
    );
    await watch.stop();
  });
});
