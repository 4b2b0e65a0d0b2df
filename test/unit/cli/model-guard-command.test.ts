import { beforeEach, describe, expect, it } from 'vitest';
import type { ShadowReport, ShadowReportRequest } from '../../../src/app/tasks/shadow-report.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { GuardedVersion } from '../../../src/ports/guard-store.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const [old, fresh] = ['20261101T000000Z-01234567', '20261102T000000Z-01234567'] as const;
const tripped: GuardedVersion = {
  ...{ version: fresh, state: 'tripped', before: old, decided: 'guard: more spam than the model before' },
  ...{ messages: 500, spamMore: 26, spamFewer: 1, reviewMore: 0, reviewFewer: 5, beganAt: 1, changedAt: 2 },
};

let terminal: TestTerminal;
let confirmed: readonly unknown[] | undefined;
let asked: ShadowReportRequest | undefined;
beforeEach(() => {
  terminal = new TestTerminal();
  confirmed = undefined;
  asked = undefined;
});

const run = (
  argv: readonly string[],
  answers: { guard?: readonly GuardedVersion[]; report?: ShadowReport } = {},
) =>
  runProgram(
    ['model', ...argv],
    terminal,
    appOf({
      guardedVersions: async () => answers.guard ?? [tripped],
      confirmModel: async (_: unknown, version: string, reason: string) => {
        confirmed = [version, reason];
        return version === fresh ? { ...tripped, state: 'confirmed' as const } : undefined;
      },
      shadowReport: async (request: ShadowReportRequest) => {
        asked = request;
        return answers.report!;
      },
    }),
  );

describe('sluice model guard', () => {
  it('prints state, departure and reason of each version, and exits with 1 as long as the last one is held back', async () => {
    expect(await run(['guard'])).toBe(1);
    expect(terminal.output).toBe(
      `${fresh}  tripped, 500 messages compared with ${old}: spam +5.00 %, review -1.00 % (guard: more spam than the model before)\n`,
    );
    expect(await run(['guard'], { guard: [{ ...tripped, state: 'confirmed' }, tripped] })).toBe(0);
    expect(await run(['guard'], { guard: [] })).toBe(0);
  });
});

describe('sluice model confirm', () => {
  it('releases a version for a stated reason, and exits with 1 where nothing of it is held back', async () => {
    expect(await run(['confirm', fresh, '--reason', 'looked at it'])).toBe(0);
    expect(confirmed).toEqual([fresh, 'looked at it']);
    expect(terminal.output).toBe(`${fresh} is confirmed.\n`);
    expect(await run(['confirm', old, '--reason', 'looked at it'])).toBe(1);
    expect(await run(['confirm', fresh])).toBe(2);
  });
});

describe('sluice model compare --shadow', () => {
  const models = { active: old, shadow: fresh };
  const report: ShadowReport = {
    models,
    messages: 200,
    counts: [
      { ...models, activeVerdict: 'ham', shadowVerdict: 'ham', messages: 190 },
      { ...models, activeVerdict: 'ham', shadowVerdict: 'spam', messages: 10 },
    ],
    disagreements: [
      {
        ...{
          id: 1,
          community: 'chess',
          message_id: '7',
          message: 'claim\nyour \u001b[31mprize',
          sender: null,
          models,
          at: 1,
        },
        active: { verdict: 'ham', probability: null, reasons: [] },
        shadow: { verdict: 'spam', probability: 0.91, reasons: ['w:claim', 'w:prize'] },
      },
    ],
  };

  it('prints how often both agree, a table of the verdicts of both, and messages with the reasons of both', async () => {
    expect(await run(['compare', 'active', fresh, '--shadow', '--disagreements', '5'], { report })).toBe(0);
    expect(asked).toMatchObject({ active: 'active', shadow: fresh, limit: 5 });
    const { output } = terminal;
    expect(output).toContain('200 messages, the same verdict for 95.00 %.');
    expect(output).toMatch(/^ham +190 +0 +10$/m);
    expect(output).toContain('  ham → spam  chess/7: claim your \\u001b[31mprize');
    expect(output).toContain('    active: not evaluated in full\n    shadow: 0.910, w:claim, w:prize');
  });

  it('exits with 1 where nothing is known, and refuses --shadow with --data, and neither', async () => {
    const nothing = { models, messages: 0, counts: [], disagreements: [] };
    expect(await run(['compare', 'active', fresh, '--shadow'], { report: nothing })).toBe(1);
    expect(terminal.output).toContain('Set shadow.version');
    expect(await run(['compare', 'active', fresh])).toBe(2);
    expect(await run(['compare', 'active', fresh, '--shadow', '--data', 'x'])).toBe(2);
  });
});
