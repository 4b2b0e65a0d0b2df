import { beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { RetrainRun } from '../../../src/core/retrain-run.ts';
import type { Log } from '../../../src/ports/log.ts';
import { reportOf } from '../../contract/suites/gate-report-of.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const champion = '20261101T000000Z-0123abcd';
const challenger = '20261201T000000Z-89abcdef';
const run = (change: Partial<RetrainRun>): RetrainRun => ({
  ...{ id: 7, state: 'running', step: null, by: 'ada@here', gate: 'sound', due: null, champion, challenger },
  ...{ intended: null, report: null, note: null, startedAt: Date.UTC(2026, 11, 1), finishedAt: null },
  ...change,
});
const promoted = run({ state: 'promoted', report: reportOf(challenger, true, champion) });
const refused = run({ state: 'refused', report: reportOf(challenger, false, champion), note: 'it is worse' });

let terminal: TestTerminal;
let given: Record<string, unknown>[];
beforeEach(() => {
  terminal = new TestTerminal();
  given = [];
});
const createLog = (): Log => {
  const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  return silent;
};

/** Runs the command; `answer` is what a retraining resolves with. */
const retrain = (answer: object, ...argv: readonly string[]) =>
  runProgram(
    ['retrain', ...argv],
    terminal,
    appOf({
      createLog,
      runRetraining: async (_settings: unknown, _log: unknown, options: Record<string, unknown>) => {
        given.push(options);
        return answer;
      },
      runRetrainSchedule: async (_settings: unknown, _log: unknown, options: Record<string, unknown>) => {
        given.push(options);
      },
      listRetrainings: async () => answer,
    }),
  );

describe('retrain', () => {
  it('sluice retrain takes gate and seed from the settings, and options before them', async () => {
    expect(await retrain({ resumed: null, run: promoted })).toBe(0);
    expect(given[0]).toMatchObject({
      gate: 'sound',
      seed: 0,
      profile: 'default',
      anyway: false,
      resumeOnly: false,
    });
    const options = ['--gate', 'document', '--seed', '3', '--profile', 'quick', '--by', 'eve', '--anyway'];
    await retrain({ resumed: null, run: promoted }, ...options, '--set', 'retrain.run.seed=9');
    expect(given[1]).toMatchObject({
      ...{ gate: 'document', seed: 3, profile: 'quick', anyway: true },
      by: expect.stringMatching(/^eve@/) as unknown,
    });
  });

  it('sluice retrain prints the figures and which model is active, and exits with 0', async () => {
    expect(await retrain({ resumed: null, run: promoted })).toBe(0);
    expect(terminal.output).toContain(`${challenger} is active in place of ${champion}.\n`);
    expect(terminal.output).toContain('it costs …');
  });

  it('sluice retrain prints the figures of a model that the gate refused, and exits with 1', async () => {
    expect(await retrain({ resumed: null, run: refused })).toBe(1);
    expect(terminal.output).toContain('it costs …');
    expect(terminal.output).toContain(`${challenger} is refused.\n${champion} stays active.\n`);
  });

  it('sluice retrain --json prints one document with the run and its report', async () => {
    expect(await retrain({ resumed: null, run: refused }, '--json')).toBe(1);
    expect(JSON.parse(terminal.output)).toEqual({ resumed: null, run: refused });
  });

  it('sluice retrain exits with 0 where there was nothing to do, and states why', async () => {
    const nothing = run({ state: 'nothing', challenger: null, note: 'no label is newer' });
    expect(await retrain({ resumed: null, run: nothing })).toBe(0);
    expect(terminal.output).toBe('Nothing to do: no label is newer. --anyway trains nevertheless.\n');
  });

  it('sluice retrain --resume states what became of a promotion that was cut off, also where there was none', async () => {
    expect(await retrain({ resumed: null, run: null }, '--resume')).toBe(0);
    expect(given[0]).toMatchObject({ resumeOnly: true });
    expect(terminal.output).toBe('Nothing to do: no promotion was cut off.\n');
    terminal = new TestTerminal();
    const withdrawn = run({ state: 'withdrawn', note: `${champion} was activated meanwhile` });
    expect(await retrain({ resumed: withdrawn, run: null }, '--resume')).toBe(1);
    expect(terminal.output).toBe(
      `A promotion that was cut off: ${challenger} is withdrawn: ${champion} was activated meanwhile.\n`,
    );
  });

  it('sluice retrain --list prints the last runs with models, gate, person and answer', async () => {
    const due = Date.UTC(2026, 11, 1);
    expect(
      await retrain(
        [run({ state: 'running', step: 'train', challenger: null }), { ...refused, due }],
        '--list',
      ),
    ).toBe(0);
    expect(terminal.output).toBe(
      `7  2026-12-01 00:00:00  running (train)  ${champion} → no model  sound, by ada@here\n` +
        `7  2026-12-01 00:00:00  refused     ${champion} → ${challenger}  sound, by ada@here, due 2026-12-01T00:00Z: it is worse\n`,
    );
    terminal = new TestTerminal();
    await retrain([], '--list');
    expect(terminal.output).toBe('No retraining yet.\n');
  });

  it('sluice retrain --schedule keeps a schedule in UTC, or in the time zone that is given', async () => {
    expect(await retrain({}, '--schedule', '0 0 1 * *')).toBe(0);
    expect(await retrain({}, '--schedule', '0 3 * * 1', '--time-zone', 'Europe/Berlin')).toBe(0);
    expect(given).toMatchObject([
      { pattern: '0 0 1 * *', timeZone: 'UTC' },
      { pattern: '0 3 * * 1', timeZone: 'Europe/Berlin' },
    ]);
  });

  it.each(['latest', champion])(
    'sluice retrain is refused where model.version is %s, which a promotion would not change',
    async (version) => {
      expect(await retrain({ resumed: null, run: promoted }, '--set', `model.version=${version}`)).toBe(78);
      expect(terminal.said).toContain('set it to active');
      expect(given).toEqual([]);
    },
  );

  it('sluice retrain exits with 75 where another process retrains', async () => {
    const code = await runProgram(
      ['retrain'],
      terminal,
      appOf({
        createLog,
        runRetraining: async () => {
          throw new SluiceError('RETRAIN_RUNNING', 'another process retrains (p1)', { retriable: true });
        },
      }),
    );
    expect(code).toBe(75);
    expect(terminal.said).toContain('RETRAIN_RUNNING: another process retrains (p1)');
  });

  it.each([
    ['--resume', '--anyway'],
    ['--list', '--resume'],
    ['--schedule', '0 0 1 * *', '--list'],
    ['--gate', 'none'],
  ])('sluice retrain refuses options that contradict each other or are none (%s %s)', async (...argv) => {
    expect(await retrain({}, ...argv)).toBe(2);
  });
});
