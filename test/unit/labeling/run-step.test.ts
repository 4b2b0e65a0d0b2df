import { beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { StepProgress } from '../../../src/core/step-report.ts';
import { planRest } from '../../../src/labeling/plan-rest.ts';
import { runStep } from '../../../src/labeling/run-step.ts';
import type { StepPlan } from '../../../src/labeling/step-plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { MAX_LABEL_EDITS } from '../../../src/ports/label-store.ts';
import { FakeLabelStore } from './fake-label-store.ts';

const untilAborted = (signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });
/** No time passes. */
const clock: Clock = { now: () => 0, elapsed: () => 0, sleep: (_seconds, signal) => untilAborted(signal) };

let store: FakeLabelStore;
beforeEach(() => {
  store = new FakeLabelStore();
});

const fill = (count: number) => {
  for (let i = 0; i < count; i++) store.put({ message: `${'abcdefghij'[i % 10]!.repeat(3)} number ${i}` });
};
const options = (apply: boolean) => ({ store, clock, apply, by: 'anna' });
const rest = () => planRest(store, { label: 'ham' });
/** Relabels every row, whatever it was. */
const all = (label: 'spam' | 'ham' = 'spam'): StepPlan => ({
  ...{ kind: 'rule', about: 'all', parameters: { label } },
  edits: async function* () {
    for (const row of store.snapshot())
      if (row.label !== label) yield { row, edit: { kind: 'label', row, label } };
  },
});

describe('a dry run of a label step', () => {
  it('a dry run counts the rows by what they are known as and changes nothing', async () => {
    fill(3);
    store.put({ label: 'ham', labelled_by: 'anna', message: 'decided' });
    store.put({ label: 'ham' });
    store.put({ label: 'spam' });
    const before = store.snapshot();
    const report = await runStep(all(), options(false));
    expect(report).toMatchObject({
      ...{ kind: 'rule', about: 'all', state: 'planned', step: null, rows: 5, left_alone: 0 },
      known: { spam: 0, ham: 2, unlabeled: 3 },
      becomes: { spam: 5, ham: 0, removed: 0, grouped: 0 },
    });
    expect(report.examples.map(({ id, becomes }) => [id, becomes])).toEqual(
      [1, 2, 3, 4, 5].map((id) => [id, 'spam']),
    );
    expect(store.snapshot()).toEqual(before);
    expect(store.made).toEqual([]);
    expect(store.calls).toEqual([]);
  });

  it('a dry run plans with the number that the step would have', async () => {
    await runStep(all(), options(true));
    const numbers: number[] = [];
    const plan: StepPlan = {
      ...all(),
      edits: (step) => {
        numbers.push(step);
        return all().edits(step);
      },
    };
    await runStep(plan, options(false));
    await runStep(plan, options(true));
    expect(numbers).toEqual([2, 2]);
  });

  it('the examples of a dry run are of different texts, the same each time, and some of them have known labels', async () => {
    for (let i = 0; i < 3000; i++) store.put({ message: `same text ${i}` });
    for (let i = 0; i < 50; i++)
      store.put({ message: `${String.fromCharCode(97 + (i % 26)).repeat(i + 1)} words` });
    for (let i = 0; i < 40; i++) store.put({ message: `ham ${'xyz'.repeat(i)}`, label: 'ham' });
    const first = await runStep(all(), options(false));
    const second = await runStep(all(), options(false));
    expect(first.examples).toEqual(second.examples);
    expect(first.examples).toHaveLength(10);
    expect(first.examples.filter(({ message }) => message.startsWith('same text'))).toHaveLength(1);
    expect(first.examples.filter(({ label }) => label === 'ham')).toHaveLength(3);
  });

  it('a dry run that is interrupted reports what it had found, also where the planner ends with an error', async () => {
    fill(5);
    for (const fails of [false, true]) {
      const abort = new AbortController();
      const plan: StepPlan = {
        ...all(),
        edits: async function* (step) {
          for await (const planned of all().edits(step)) {
            yield planned;
            if (planned.row.id === 2) abort.abort();
            if (fails && abort.signal.aborted) throw abort.signal.reason;
          }
        },
      };
      const report = await runStep(plan, { ...options(false), signal: abort.signal });
      expect(report).toMatchObject({ state: 'stopped', rows: fails ? 2 : 3 });
    }
  });
});

describe('a label step that is applied', () => {
  it('a label step is applied in transactions of a bounded size, and reports its progress', async () => {
    fill(2 * MAX_LABEL_EDITS + 5);
    const progress: StepProgress[] = [];
    const report = await runStep(rest(), { ...options(true), progress: (at) => progress.push(at) });
    expect(report).toMatchObject({ state: 'applied', step: 1, rows: 2 * MAX_LABEL_EDITS + 5, left_alone: 0 });
    expect(report.known).toEqual({ spam: 0, ham: 0, unlabeled: 2 * MAX_LABEL_EDITS + 5 });
    expect(store.calls.filter((call) => call === 'edit')).toHaveLength(3);
    expect(progress.map(({ rows }) => rows)).toEqual([1000, 2000, 2005]);
    expect(store.made[0]).toMatchObject({
      state: 'applied',
      by: 'anna',
      rows: 2005,
      parameters: { label: 'ham' },
    });
    expect(
      store.snapshot().every(({ label, labelled_by }) => label === 'ham' && labelled_by === 'step:1'),
    ).toBe(true);
  });

  it('a decision of a person between reading and writing a row is never lost', async () => {
    fill(MAX_LABEL_EDITS + 10);
    const plan: StepPlan = {
      ...rest(),
      edits: async function* (step) {
        for await (const planned of rest().edits(step)) {
          yield planned;
          // After the row was read, and before its transaction.
          if (planned.row.id === 7) store.decide(7, 'spam');
          if (planned.row.id === MAX_LABEL_EDITS + 1) store.decide(MAX_LABEL_EDITS + 2, 'spam', 'ben');
        }
      },
    };
    const report = await runStep(plan, options(true));
    expect(report).toMatchObject({ rows: MAX_LABEL_EDITS + 8, left_alone: 2 });
    const decided = store.snapshot().filter(({ label }) => label === 'spam');
    expect(decided.map(({ id, labelled_by }) => [id, labelled_by])).toEqual([
      [7, 'anna'],
      [MAX_LABEL_EDITS + 2, 'ben'],
    ]);
  });

  it('a label step is refused while another one is not finished', async () => {
    await store.begin({ kind: 'rest', about: '', parameters: {}, by: 'ben' });
    await expect(runStep(rest(), options(true))).rejects.toMatchObject({ code: 'STEP_RUNNING' });
  });

  it('a label step that is interrupted between two transactions is taken back', async () => {
    fill(3 * MAX_LABEL_EDITS);
    const before = store.snapshot();
    const abort = new AbortController();
    const progress: StepProgress[] = [];
    const report = await runStep(rest(), {
      ...options(true),
      signal: abort.signal,
      progress: (at) => {
        progress.push(at);
        if (at.rows === 2 * MAX_LABEL_EDITS) abort.abort();
      },
    });
    expect(report).toMatchObject({ state: 'undone', step: 1, rows: 2 * MAX_LABEL_EDITS });
    expect(progress.at(-1)).toEqual({ phase: 'undoing', rows: 2 * MAX_LABEL_EDITS });
    expect(store.snapshot()).toEqual(before);
    expect(store.made[0]).toMatchObject({ state: 'undone', undone_by: 'anna' });
  });

  it('a label step is taken back where its planner or the store fails, with the error as it was', async () => {
    fill(2 * MAX_LABEL_EDITS);
    const before = store.snapshot();
    let writes = 0;
    store.beforeWrite = (call) => {
      if (call === 'edit' && ++writes === 2) throw new SluiceError('STORE_FAILED', 'the disk is full');
    };
    await expect(runStep(rest(), options(true))).rejects.toMatchObject({
      ...{ code: 'STORE_FAILED', message: 'the disk is full' },
    });
    expect(store.snapshot()).toEqual(before);
    const broken: StepPlan = {
      ...rest(),
      edits: async function* (step) {
        yield* rest().edits(step);
        throw new SluiceError('DATA_INVALID', 'a list is wrong');
      },
    };
    await expect(runStep(broken, options(true))).rejects.toMatchObject({ message: 'a list is wrong' });
    expect(store.snapshot()).toEqual(before);
    expect(store.made.map(({ state }) => state)).toEqual(['undone', 'undone']);
  });

  it('a label step that cannot be taken back states how to finish or undo it', async () => {
    fill(3);
    store.beforeWrite = () => {
      throw new SluiceError('STORE_FAILED', 'the server is gone', { retriable: true });
    };
    await expect(runStep(rest(), options(true))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retriable: true,
      message: expect.stringMatching(/^the server is gone.*label resume 1".*label undo 1"/),
    });
  });

  it('a label step that another process has taken is left to it', async () => {
    fill(2 * MAX_LABEL_EDITS);
    let renew = () => {};
    let nobodySleeps = true;
    const ticking: Clock = {
      ...clock,
      sleep: (_seconds, signal) =>
        Promise.race([
          untilAborted(signal),
          new Promise<void>((resolve) => {
            renew = resolve;
            nobodySleeps = false;
          }),
        ]),
    };
    store.beforeWrite = (call) => {
      if (call === 'hold') throw new SluiceError('STEP_RUNNING', 'another process has it');
    };
    const plan: StepPlan = {
      ...rest(),
      edits: async function* (step) {
        for await (const planned of rest().edits(step)) {
          if (planned.row.id === MAX_LABEL_EDITS + 2) {
            renew();
            await new Promise((resolve) => setImmediate(resolve));
          }
          yield planned;
        }
      },
    };
    await expect(runStep(plan, { ...options(true), clock: ticking })).rejects.toMatchObject({
      code: 'STEP_RUNNING',
    });
    expect(nobodySleeps).toBe(false);
    expect(store.calls).toEqual(['begin', 'edit', 'hold']);
    expect(store.made[0]!.state).toBe('running');
  });

  it.each([0, 1, 2, 3, 4].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]))(
    'a label step whose process was killed at write %i, %s it, is resumed and ends as if it had not been',
    async (at, side) => {
      store = new FakeLabelStore();
      fill(2 * MAX_LABEL_EDITS + 100);
      store.put({ label: 'spam', labelled_by: 'anna' });
      let left = at;
      let isDead = false;
      const kill = () => {
        // A process that has ended writes no undo either.
        isDead ||= left-- <= 0;
        if (isDead) throw new Error('killed');
      };
      store.beforeWrite = () => {
        if (isDead) throw new Error('killed');
        if (side === 'before') kill();
      };
      store.afterWrite = () => {
        if (side === 'after') kill();
      };
      await runStep(rest(), options(true)).catch((error: unknown) => error);
      store.beforeWrite = store.afterWrite = () => {};
      expect(store.calls).not.toContain('undo');
      if (store.made[0]!.state === 'running')
        await runStep(planRest(store, store.made[0]!.parameters as { label: 'ham' }), {
          ...options(true),
          resume: 1,
        });
      expect(store.made).toHaveLength(1);
      expect(store.made[0]).toMatchObject({ state: 'applied', rows: 2 * MAX_LABEL_EDITS + 100 });
      const rows = store.snapshot();
      expect(rows.filter(({ labelled_by }) => labelled_by === 'step:1')).toHaveLength(
        2 * MAX_LABEL_EDITS + 100,
      );
      expect(rows.at(-1)).toMatchObject({ label: 'spam', labelled_by: 'anna' });
    },
  );
});
