import { beforeEach, describe, expect, it } from 'vitest';
import type { ProposedThresholds, ProposeThresholds } from '../../../src/app/tasks/propose-thresholds.ts';
import { runProgram } from '../../../src/cli/program.ts';
import {
  type ThresholdQuestion,
  thresholdReport,
} from '../../../src/evaluation/thresholds/threshold-report.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
let asked: ProposeThresholds | undefined;
let saved: unknown;
beforeEach(() => {
  terminal = new TestTerminal();
  asked = undefined;
  saved = undefined;
});

const messages = [0.1, 0.3, 0.6, 0.8, 0.9].flatMap((probability) =>
  (['spam', 'ham'] as const).flatMap((label) =>
    Array.from({ length: label === 'spam' ? probability * 100 : 100 - probability * 100 }, () => ({
      ...{ label, probability, community: '' },
    })),
  ),
);

const run = (...argv: string[]) =>
  runProgram(
    ['thresholds', '--data', 'x.csv', ...argv],
    terminal,
    appOf({
      createLog: async () => ({}),
      proposeThresholds: async (request: ProposeThresholds): Promise<ProposedThresholds> => {
        asked = request;
        const question: ThresholdQuestion = {
          ...request.question,
          ...{ currentOf: () => ({ rejectMin: 0.5, rejectMax: 0.7 }), biasOf: () => 0 },
        };
        return { model: 'v1', unscored: 2, ...thresholdReport(messages, question) };
      },
      applyThresholds: async (_: unknown, request: { readonly changes: unknown }) => {
        saved = request;
        return { kind: 'done', location: 'sluice.yaml', before: [], changed: true, recorded: true };
      },
    }),
  );

describe('sluice thresholds', () => {
  it('prints the proposal beside the current thresholds, Chow’s rule and the fixed ones, and saves nothing', async () => {
    expect(await run('--messages-a-day', '1000')).toBe(0);
    expect(terminal.output).toContain('Model v1.');
    expect(terminal.output).toContain('2 messages could not be scored');
    expect(terminal.output).toMatch(/--prevalence states that one/);
    for (const row of ['proposed', 'current', 'Chow’s rule', 'fixed'])
      expect(terminal.output).toMatch(new RegExp(`^${row} .*\\[`, 'm'));
    expect(terminal.output).toContain('reviews a day');
    expect(terminal.said).toContain('Nothing was saved');
    expect(saved).toBeUndefined();
  });

  it('takes costs from retrain.gate.costs where none are given, and states another share of spam', async () => {
    await run(
      '--cost-false-accusation',
      '20',
      '--prevalence',
      '0.02',
      '--set',
      'retrain.gate.costs.review=0.1',
    );
    expect(asked!.question.costs).toEqual({ falseAccusation: 20, missedSpam: 1, review: 0.1 });
    expect(terminal.output).toContain('where 2 % of the messages are spam; of the data, 54 % are');
  });

  it('exits with 1 and says how many are needed where the messages are too few for a limit, also with --apply', async () => {
    expect(await run('--max-fpr', '0.001', '--apply', '--why', 'x')).toBe(1);
    expect(terminal.output).toContain('230 of 2995 that are needed');
    expect(saved).toBeUndefined();
  });

  it('saves the proposal with who and why', async () => {
    expect(await run('--apply', '--by', 'mo', '--why', 'fewer accusations')).toBe(0);
    expect(saved).toMatchObject({
      ...{ who: 'mo', why: 'fewer accusations' },
      changes: [
        { community: '', thresholds: { rejectMin: expect.any(Number), rejectMax: expect.any(Number) } },
      ],
    });
    expect(terminal.said).toContain('Saved to sluice.yaml');
  });

  it('prints one JSON document', async () => {
    expect(await run('--json')).toBe(0);
    expect(JSON.parse(terminal.output)).toMatchObject({ model: 'v1', all: { spam: 270, ham: 230 } });
  });

  it.each([
    [['--apply']],
    [['--apply', '--why', ' ']],
    [['--reviews-a-day', '5']],
    [['--max-fpr', '0']],
    [['--max-fpr', '1']],
    [['--confidence', 'high']],
    [['--prevalence', '1']],
    [['--cost-review', '-1']],
    [['--cost-missed', '']],
  ])('refuses %j with exit code 2', async (argv) => {
    expect(await run(...argv)).toBe(2);
    expect(asked).toBeUndefined();
  });
});
