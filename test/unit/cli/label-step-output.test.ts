import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  actorOf,
  labelStepCommand,
  type StepOptions,
  stepReportText,
} from '../../../src/cli/label-step-output.ts';
import type { StepReport } from '../../../src/core/step-report.ts';
import type { Log } from '../../../src/ports/log.ts';
import { TestTerminal } from './test-terminal.ts';

const report: StepReport = {
  ...{ kind: 'rule', about: 'rule links', state: 'planned', step: null, rows: 1234, left_alone: 0 },
  known: { spam: 3, ham: 1, unlabeled: 1230 },
  becomes: { spam: 1200, ham: 0, removed: 34, grouped: 0 },
  examples: [
    {
      ...{
        id: 7,
        message: 'buy\u001b[2J now\nat once',
        community: 'forum',
        source: 'import',
        near_group: null,
      },
      ...{ label: 'ham', labelled_by: 'anna', becomes: 'spam' },
    },
    {
      ...{ id: 8, message: 'x'.repeat(500), community: '', source: 'import', near_group: null },
      ...{ label: null, labelled_by: null, becomes: 'removed' },
    },
  ],
};

let terminal: TestTerminal;
let signals: EventEmitter;
let killed: number;
beforeEach(() => {
  terminal = new TestTerminal();
  signals = new EventEmitter();
  killed = 0;
});
const run = (
  options: StepOptions,
  work: Parameters<typeof labelStepCommand>[2] = async () => report,
): Promise<number> =>
  labelStepCommand(
    options,
    {
      terminal,
      app: { createLog: async () => ({}) as Log },
      runParts: {
        signals,
        kill: () => {
          killed++;
        },
      },
    },
    work,
  );

describe('the report of a label step', () => {
  it('the report of a dry run states counts, what the rows are known as, examples, and how to apply it', async () => {
    expect(await run({})).toBe(0);
    expect(terminal.output.split('\n')).toEqual([
      'rule links',
      'would change 1,234 rows',
      '  to spam 1,200, removed 34',
      '  known before as: spam 3, ham 1, unlabeled 1,230',
      'examples:',
      '  7 [forum] ham → spam: buy\\u001b[2J now at once',
      `  8 unlabeled → removed: ${'x'.repeat(159)}…`,
      'Nothing was changed. With --apply, it is.',
      '',
    ]);
    expect(terminal.said).toBe('');
  });

  it('the report of a label step is one document with --json', async () => {
    expect(await run({ json: true })).toBe(0);
    expect(terminal.lines).toEqual([report]);
  });

  it('the report of an applied step names its number for the undo, and rows that were left alone', () => {
    const text = stepReportText({ ...report, state: 'applied', step: 12, left_alone: 1, examples: [] });
    expect(text).toContain('step 12: changed 1,234 rows\n');
    expect(text).toContain('1 row left alone');
    expect(text).toContain('"sluice label undo 12" takes it back.\n');
    expect(stepReportText({ ...report, rows: 0, examples: [] })).toBe(
      'rule links\nwould change 0 rows\nNothing to change.\n',
    );
  });

  it('a label command passes on --apply and --by, and draws its progress on a terminal alone', async () => {
    for (const interactive of [false, true]) {
      terminal = new TestTerminal();
      terminal.interactive = interactive;
      let given: unknown;
      await run({ apply: true, by: 'anna' }, async (_settings, _log, how) => {
        given = { apply: how.apply, by: how.by };
        how.progress({ phase: 'applying', rows: 1000 });
        return { ...report, state: 'applied', step: 1 };
      });
      expect(given).toEqual({ apply: true, by: 'anna' });
      expect(terminal.said.includes('1,000 rows changed')).toBe(interactive);
    }
    expect(actorOf({})).not.toBe('');
  });

  it('a label command is stopped by the first signal, killed by the second, and exits as interrupted', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const exit = await run({ apply: true }, async (_settings, _log, how) => {
        expect(how.signal.aborted).toBe(false);
        signals.emit(signal);
        expect(how.signal.aborted).toBe(true);
        expect(killed).toBe(0);
        signals.emit(signal);
        return { ...report, state: 'undone', step: 3 };
      });
      expect(exit).toBe(code);
      expect(killed).toBe(1);
      killed = 0;
      expect(terminal.said).toContain('taken back');
      expect(terminal.output).toContain('interrupted; step 3 was taken back, 1,234 rows\n');
      expect(signals.listenerCount(signal)).toBe(0);
    }
  });
});
