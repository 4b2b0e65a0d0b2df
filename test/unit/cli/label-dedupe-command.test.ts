import { beforeEach, describe, expect, it } from 'vitest';
import type { DedupeStepReport } from '../../../src/app/tasks/label-dedupe.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const example = { id: 3, message: 'buy\u001b[2J now\nat once', label: 'spam' as const, labelled_by: 'anna' };
const report: DedupeStepReport = {
  ...{ kind: 'dedupe', about: 'remove near-duplicates', state: 'planned', step: null, rows: 1203 },
  ...{ left_alone: 0, known: { spam: 3, ham: 0, unlabeled: 1200 }, examples: [] },
  becomes: { spam: 0, ham: 0, removed: 1203, grouped: 0 },
  dedupe: {
    ...{ rows: 5000, duplicates: { exact: 1000, normalized: 200, near: 3 }, groups: 1 },
    labels: { spam: 3, ham: 0, unlabeled: 1200 },
    largest: [{ rows: 1204, example: { ...example, label: null, labelled_by: null } }],
    contradictions: {
      ...{ groups: 12, rows: 30 },
      listed: Array.from({ length: 12 }, (_, i) => ({
        ...{ rows: 2, spam: example },
        ham: { id: 100 + i, message: 'buy later', label: 'ham' as const, labelled_by: 'step:4' },
      })),
    },
    effort: { texts: 4000, entries: 3800, comparisons: 900, scratchBytes: 100_000 },
  },
};

let terminal: TestTerminal;
let calls: unknown[];
let answer: DedupeStepReport;
beforeEach(() => {
  terminal = new TestTerminal();
  calls = [];
  answer = report;
});
const app = {
  createLog: async () => ({}),
  labelDedupe: async (
    _settings: unknown,
    _log: unknown,
    { apply, by, scratch }: { readonly apply: boolean; readonly by: string; readonly scratch?: string },
    parameters: unknown,
  ) => {
    calls.push({ apply, by, scratch, parameters });
    return answer;
  },
};
const run = (...argv: string[]) =>
  runProgram(['label', 'dedupe', '--by', 'bert', ...argv], terminal, appOf(app));

describe('sluice label dedupe', () => {
  it('sluice label dedupe prints the duplicates by kind, the largest groups and ten contradictions, without what drives a terminal', async () => {
    expect(await run()).toBe(0);
    expect(terminal.output).toContain('would change 1,203 rows\n');
    expect(terminal.output).toContain(
      'duplicates among 5,000 rows: same text 1,000, same but for details of writing 200, near-duplicates 3\n',
    );
    expect(terminal.output).toContain('1 group; the largest:\n  1,204 rows: 3 unlabeled: buy');
    expect(terminal.output).toContain('contradictions: 30 rows in 12 groups with both labels');
    expect(terminal.output).toMatch(
      / {2}2 rows: 3 spam by anna: buy.* now at once\n {4}100 ham by step:4: buy later\n/,
    );
    expect(terminal.output).toContain('109 ham');
    expect(terminal.output).not.toContain('110 ham');
    expect(terminal.output).not.toContain('\u001b');
  });

  it('sluice label dedupe looks for all kinds of duplicates unless one is named, and only --apply changes rows', async () => {
    await run();
    await run('--exact', '--apply');
    await run('--normalized', '--scratch', '/fast');
    await run('--near', '--groups');
    const common = { apply: false, by: 'bert', scratch: undefined };
    expect(calls).toEqual([
      { ...common, parameters: { duplicates: 'near', action: 'remove' } },
      { ...common, apply: true, parameters: { duplicates: 'exact', action: 'remove' } },
      { ...common, scratch: '/fast', parameters: { duplicates: 'normalized', action: 'remove' } },
      { ...common, parameters: { duplicates: 'near', action: 'group' } },
    ]);
  });

  it('sluice label dedupe refuses two kinds of duplicates at once', async () => {
    expect(await run('--exact', '--near')).toBe(2);
    expect(await run('--normalized', '--near')).toBe(2);
    expect(calls).toEqual([]);
  });

  it('sluice label dedupe --json prints one document with what was found, and an interrupted run ends with its exit code', async () => {
    expect(await run('--json')).toBe(0);
    expect(JSON.parse(terminal.output)).toEqual(report);
    const { dedupe: _, ...stopped } = report;
    answer = { ...stopped, state: 'stopped' };
    expect(await run()).toBe(130);
  });
});
