import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportOrder } from '../../../src/app/tasks/label-import.ts';
import type { ExportOrder, LabelStats, TruthOrder } from '../../../src/app/tasks/label-reports.ts';
import type { StepEnd } from '../../../src/app/tasks/label-steps.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ImportReport } from '../../../src/core/import-report.ts';
import type { LabelStep } from '../../../src/core/label-step.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
beforeEach(() => {
  terminal = new TestTerminal();
});
const run = (argv: readonly string[], app: object = {}) =>
  runProgram(['label', ...argv], terminal, appOf({ createLog: async () => ({}), ...app }));

const report: ImportReport = {
  ...{
    kind: 'import',
    about: 'import of a.csv, source reported',
    state: 'planned',
    step: null,
    read: 1234,
    rows: 1200,
  },
  labels: { spam: 0, ham: 0, unlabeled: 1200 },
  refused: {
    'no-text': { count: 32, rows: [3, 4] },
    nul: { count: 2, rows: [9, 10] },
  },
  examples: [
    { position: 2, message: 'hi\u001b[2J\nyou', community: 'forum', source: 'reported', label: null },
  ],
  imported_before: [7],
};

describe('sluice label import', () => {
  let order: ImportOrder | undefined;
  let answer: ImportReport;
  beforeEach(() => {
    order = undefined;
    answer = report;
  });
  const importDump = async (_settings: unknown, _log: unknown, given: ImportOrder) => {
    order = given;
    given.progress({ phase: 'adding', rows: 300, share: 0.25 });
    return answer;
  };

  it('sluice label import passes on the file, its format and its columns, and is a dry run by default', async () => {
    const argv = [
      'import',
      'a.csv',
      '--format',
      'csv',
      '--encoding',
      'windows-1252',
      '--delimiter',
      '\\t',
      '--quotes',
      'off',
    ];
    const columns = [
      '--text-column',
      'body',
      '--label-column',
      'kind',
      '--spam-value',
      'x',
      '--spam-value',
      'y',
      '--source',
      'reported',
    ];
    expect(
      await run([...argv, ...columns, '--community-column', 'site', '--by', 'anna'], { importDump }),
    ).toBe(0);
    expect(order).toMatchObject({ apply: false, by: 'anna', strict: false });
    expect(order!.source).toEqual({
      file: 'a.csv',
      options: { format: 'csv', encoding: 'windows-1252', delimiter: '\t', quotes: false, header: true },
    });
    expect(order!.columns).toEqual({
      ...{ text: 'body', label: 'kind', spamValues: ['x', 'y'], communityColumn: 'site', source: 'reported' },
    });
    expect(terminal.said).toBe('');
  });

  it('sluice label import prints counts, what is wrong with rows, that the same was imported before, and examples', async () => {
    await run(['import', 'a.csv'], { importDump });
    expect(terminal.output.split('\n')).toEqual([
      'import of a.csv, source reported',
      'would add 1,200 rows',
      '  of 1,234 rows that were read',
      '  skipped 32: a row without text (rows 3, 4, …)',
      '  skipped 2: a text with a NUL character (rows 9, 10)',
      'warning: the same was imported before, by step 7; its rows would be there twice',
      'examples:',
      '  row 2 (reported, forum): hi\\u001b[2J you',
      'Nothing was changed. With --apply, it is.',
      '',
    ]);
    terminal = new TestTerminal();
    await run(['import', '--table', 'old', '--key-column', 'nr', '--json', '--apply', '--strict'], {
      importDump,
    });
    expect(terminal.lines).toEqual([report]);
    expect(order).toMatchObject({ source: { table: 'old', key: 'nr' }, apply: true, strict: true });
  });

  it('sluice label import that was interrupted exits with 130 and names how to go on', async () => {
    answer = { ...report, state: 'unfinished', step: 3 };
    expect(await run(['import', 'a.csv', '--apply'], { importDump })).toBe(130);
    expect(terminal.output).toContain('step 3 has added 1,200 rows and is not finished');
    expect(terminal.output).toContain('"sluice label resume 3" goes on where it stopped');
  });

  it('sluice label import draws a progress bar on a terminal', async () => {
    terminal.interactive = true;
    await run(['import', 'a.csv', '--apply'], { importDump });
    expect(terminal.said).toContain('adding    [#####···············]  25 %  300 rows');
  });

  it('sluice label import refuses contradictory options', async () => {
    for (const argv of [
      [],
      ['a.csv', '--table', 'old'],
      ['a.csv', '--key-column', 'id'],
      ['--table', 'old', '--encoding', 'latin1'],
      ['a.csv', '--delimiter', 'ab'],
      ['a.csv', '--spam-value', '1'],
      ['a.csv', '--community', 'a', '--community-column', 'b'],
      ['a.csv', '--source', 'a', '--source-column', 'b'],
      ['a.csv', '--format', 'xml'],
      ['a.csv', '--quotes', 'yes'],
    ])
      expect(await run(['import', ...argv], { importDump }), argv.join(' ')).toBe(2);
    expect(order).toBeUndefined();
  });
});

describe('sluice label steps, undo and resume', () => {
  const step: LabelStep = {
    ...{
      id: 12,
      kind: 'rule',
      about: 'links',
      parameters: {},
      by: 'anna',
      state: 'undone',
      rows: 1234,
      position: null,
    },
    ...{ started_at: 1_800_000_000_000, finished_at: 1, undone_at: 2, undone_by: 'ben' },
  };

  it('sluice label steps lists the steps, or prints one document', async () => {
    const listLabelSteps = async (_settings: unknown, _log: unknown, limit: number) =>
      limit === 50 ? [step] : [];
    expect(await run(['steps'], { listLabelSteps })).toBe(0);
    expect(terminal.output).toBe(
      '  12  2027-01-15 08:00  rule     undone by ben  1,234 rows  by anna: links\n',
    );
    terminal = new TestTerminal();
    await run(['steps', '--json'], { listLabelSteps });
    expect(terminal.lines).toEqual([[step]]);
    terminal = new TestTerminal();
    await run(['steps', '--limit', '1'], { listLabelSteps });
    expect([terminal.output, terminal.said]).toEqual(['', 'no steps\n']);
  });

  it('sluice label undo prints how many rows it took back, and how many stay as decided', async () => {
    const undoLabelStep = async (_settings: unknown, _log: unknown, id: number, { by, waiting }: StepEnd) => {
      waiting();
      return { step: { ...step, id, undone_by: by }, rows: 1000, kept: 1 };
    };
    expect(await run(['undo', '12', '--by', 'ben'], { undoLabelStep })).toBe(0);
    expect(terminal.output).toBe(
      'step 12: took back 1,000 rows; 1 row of it stay, because people have decided them\n',
    );
    expect(terminal.said).toContain('Another process has worked on this step');
    for (const name of ['x', '0', '-1', '1.5']) expect(await run(['undo', name], { undoLabelStep })).toBe(2);
  });

  it('sluice label undo that is interrupted exits with 130 and names how to go on', async () => {
    const signals = new EventEmitter();
    const undoLabelStep = async (_settings: unknown, _log: unknown, _id: number, { signal }: StepEnd) => {
      signals.emit('SIGINT');
      signal.throwIfAborted();
    };
    const app = appOf({ createLog: async () => ({}), undoLabelStep });
    expect(await runProgram(['label', 'undo', '12'], terminal, app, { signals })).toBe(130);
    expect(terminal.said).toContain('interrupted; "sluice label undo 12" goes on with it\n');
    expect(terminal.output).toBe('');
  });

  it('sluice label resume prints the report of the step, whichever kind it is', async () => {
    const resumeLabelStep = async (_settings: unknown, _log: unknown, id: number) => ({
      ...report,
      state: 'applied',
      step: id,
    });
    expect(await run(['resume', '3'], { resumeLabelStep })).toBe(0);
    expect(terminal.output).toContain('step 3: added 1,200 rows');
  });
});

describe('sluice label stats and export', () => {
  const stats: LabelStats = {
    rows: 1300,
    groups: [
      { label: 'ham', source: 'random', by: 'rest', rows: 1000 },
      { label: 'spam', source: 'reported', by: 'person', rows: 200 },
      { label: null, source: 'random', by: null, rows: 100 },
    ],
  };

  it('sluice label stats prints the rows by label, source and by whom, and the comparison with a labeled file', async () => {
    let given: TruthOrder | undefined;
    const labelStats = async (
      _settings: unknown,
      _log: unknown,
      truth: TruthOrder | undefined,
    ): Promise<LabelStats> => {
      given = truth;
      if (truth === undefined) return stats;
      const agreement = {
        ...{ true_spam: 180, false_spam: 20, false_ham: 4, true_ham: 996 },
        ...{ precision: 0.9, recall: 0.97826, mcc: 0.92 },
      };
      return {
        ...stats,
        truth: {
          ...{ file: 'truth.csv', rows: 1300, texts: 1290, contradictory: 2, missing: 5, unknown: 3 },
          ...{ unlabeled: { spam: 1, ham: 99 }, ...agreement, by: { person: { ...agreement, mcc: null } } },
        },
      };
    };
    expect(await run(['stats'], { labelStats })).toBe(0);
    expect(terminal.output.split('\n')).toEqual([
      'label      source    labeled by   rows',
      'ham        random    rest        1,000',
      'spam       reported  person        200',
      'unlabeled  random                  100',
      '1,300 rows: spam 200, ham 1,000, unlabeled 100',
      '',
    ]);
    expect(given).toBeUndefined();
    terminal = new TestTerminal();
    await run(['stats', '--truth', 'truth.csv', '--label-column', 'kind'], { labelStats });
    expect(given).toMatchObject({ source: { file: 'truth.csv' }, columns: { label: 'kind' } });
    expect(terminal.output.split('\n').slice(5, -1)).toEqual([
      'compared with truth.csv (1,300 rows, 1,290 texts):',
      '  all: 1,200 rows labeled, 1,176 right, 20 wrongly spam, 4 wrongly ham; precision 0.9000, recall 0.9783, MCC 0.9200',
      '  by person: 1,200 rows labeled, 1,176 right, 20 wrongly spam, 4 wrongly ham; precision 0.9000, recall 0.9783, MCC –',
      '  unlabeled in the table: spam 1, ham 99',
      '  texts of the file that are not in the table: 5; rows of the table that are not in the file: 3',
      '  texts that the file has as spam and as ham: 2',
    ]);
  });

  it('sluice label export prints what it wrote, and exits as interrupted where it was', async () => {
    let order: ExportOrder | undefined;
    const exportLabels = async (_settings: unknown, _log: unknown, given: ExportOrder) => {
      order = given;
      return { path: '/a.csv', rows: 1200, spam: 200, ham: 1000 };
    };
    expect(await run(['export', 'a.csv', '--unlabeled', 'ham', '--force'], { exportLabels })).toBe(0);
    expect(order).toMatchObject({ path: 'a.csv', unlabeled: 'ham', replace: true });
    expect(terminal.output).toBe('/a.csv: 1,200 rows, spam 200, ham 1,000\n');
    expect(await run(['export', 'a.csv', '--unlabeled', 'spam'], { exportLabels })).toBe(2);
  });
});
