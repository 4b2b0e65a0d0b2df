import { beforeEach, describe, expect, it } from 'vitest';
import type { Reported, ReportOn } from '../../../src/app/tasks/report-on.ts';
import type { ReportTargets } from '../../../src/app/tasks/write-report.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ModelReport } from '../../../src/core/report-facts.ts';
import { ratesOf } from '../../../src/evaluation/report/rates.ts';
import type { Log } from '../../../src/ports/log.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
let order: ReportOn | undefined;
let targets: ReportTargets | undefined;
beforeEach(() => {
  terminal = new TestTerminal();
  order = undefined;
  targets = undefined;
});

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
const model = {
  ...{ version: 'v1', thresholds, unscored: 2 },
  rates: ratesOf([{ label: 'spam', probability: 0.9 }], thresholds),
} as unknown as ModelReport;

const run = (argv: readonly string[], empty: readonly string[] = []) =>
  runProgram(
    ['report', ...argv],
    terminal,
    appOf({
      createLog: async () => ({}) as Log,
      reportOn: async (given: ReportOn): Promise<Reported> => {
        order = given;
        return { facts: { schema: 1, generatedAt: '', models: [model], live: null }, empty };
      },
      writeReport: async (_: unknown, given: ReportTargets) => {
        targets = given;
        return Object.values(given);
      },
    }),
  );

describe('sluice report', () => {
  it('evaluates the active model on the data of the demonstration if nothing is named', async () => {
    expect(await run(['--out', 'report.html'])).toBe(0);
    expect(order?.evaluated).toEqual({ data: ['corpus:spam-assassin'], everything: false });
    expect(order).not.toHaveProperty('live');
    expect(targets).toEqual({ out: '/here/report.html' });
    expect(terminal.output).toContain('Model v1 on 1 spam and 0 ham messages');
    expect(terminal.output).toContain('TPR 100.00 % (20.65–100.00 %), FPR not known');
    expect(terminal.output).toContain('2 messages could not be scored.');
    expect(terminal.output).toContain('Written: /here/report.html');
  });

  it('compares two models on several files, and writes page, figures and plots', async () => {
    const files = ['--out', 'a.html', '--json', 'a.json', '--plots', '/plots'];
    expect(
      await run(['-d', 'a.csv', '-d', 'b.csv', '--everything', '-m', 'latest', '--compare', 'm', ...files]),
    ).toBe(0);
    expect(order?.evaluated).toEqual({
      data: ['a.csv', 'b.csv'],
      everything: true,
      model: 'latest',
      compare: 'm',
    });
    expect(targets).toEqual({ out: '/here/a.html', json: '/here/a.json', plots: '/plots' });
  });

  it('reports the running system alone with --live, and both where a model or data is named', async () => {
    const dates = [
      '--from',
      '2026-11-01',
      '--to',
      '2026-11-08T12:00:00Z',
      '--prometheus',
      'http://localhost:9090',
    ];
    expect(await run(['--live', ...dates, '--json', 'a.json'])).toBe(0);
    expect(order).not.toHaveProperty('evaluated');
    expect(order?.live).toEqual({
      ...{ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 8, 12), prometheus: 'http://localhost:9090' },
    });
    expect(await run(['--live', '--data', 'a.csv', '--json', 'a.json'])).toBe(0);
    expect(order?.evaluated?.data).toEqual(['a.csv']);
    const { from, to } = order!.live!;
    expect(to - from).toBe(30 * 24 * 60 * 60 * 1000);
    expect(to).toBe(order!.now.getTime());
  });

  it('warns of data without a labeled message, as the report states it', async () => {
    expect(await run(['-d', 'a.csv', '--json', 'a.json'], ['a.csv: no labels \u001b[31m'])).toBe(0);
    expect(terminal.said).toContain('warning: a.csv: no labels \\u001b[31m');
  });

  it('refuses an order without a target, and dates that are none, reversed or without --live', async () => {
    for (const argv of [
      [],
      ['--out', 'a.html', '--from', '2026-11-01'],
      ['--out', 'a.html', '--prometheus', 'http://localhost'],
      ['--out', 'a.html', '--live', '--from', 'yesterday'],
      ['--out', 'a.html', '--live', '--from', '2026-13-01'],
      ['--out', 'a.html', '--live', '--from', '2026-11-02', '--to', '2026-11-01'],
      ['--out', 'a.html', '--live', '--from', '2126-11-02'],
    ])
      expect(await run(argv), argv.join(' ')).toBe(2);
    expect(order).toBeUndefined();
  });
});
