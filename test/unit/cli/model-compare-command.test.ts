import { beforeEach, describe, expect, it } from 'vitest';
import {
  type CompareModelsOn,
  chosenModel,
  type ModelsCompared,
} from '../../../src/app/tasks/compare-models.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { decideGate } from '../../../src/learning/gates/decide-gate.ts';
import type { Log } from '../../../src/ports/log.ts';
import { better, comparisonOf, soundSettings } from '../learning/gate-examples.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
let order: CompareModelsOn | undefined;
beforeEach(() => {
  terminal = new TestTerminal();
  order = undefined;
});

const promoted: ModelsCompared = {
  report: decideGate(comparisonOf(better), soundSettings),
  unscored: 3,
  disagreements: [
    {
      ...{ text: 'claim\nyour \u001b[31mprize', label: 'spam', community: 'chess', language: 'en' },
      ...{ champion: 0.12, challenger: 0.98 },
      championReasons: [{ feature: 'word:claim', contribution: -1.5 }],
      challengerReasons: [{ feature: 'word:prize', contribution: 2.25 }],
    },
  ],
};

const run = (argv: readonly string[], answer: ModelsCompared = promoted) =>
  runProgram(
    ['model', 'compare', ...argv],
    terminal,
    appOf({
      createLog: async () => ({}) as Log,
      compareModelsOn: async (given: CompareModelsOn) => {
        order = given;
        return answer;
      },
    }),
  );

describe('sluice model compare', () => {
  it('prints the rates, each check, the disagreements with the reasons of both models, and the answer', async () => {
    expect(await run(['active', 'latest', '--data', 'dataset', '--disagreements', '5'])).toBe(0);
    expect(order).toMatchObject({
      ...{ champion: 'active', challenger: 'latest', data: ['dataset'] },
      ...{ everything: false, disagreements: 5, workingDirectory: '/here' },
    });
    expect(order).not.toHaveProperty('gate');
    const { output } = terminal;
    expect(output).toContain('Champion old-model, challenger new-model; rejectMin 0.5, rejectMax 0.7.');
    expect(output).toMatch(/^all +2000 +90\.00 % +95\.00 % +4000 +0\.10 % +0\.10 %$/m);
    expect(output).toContain('  yes  true positive rate of all messages: 90.00 % → 95.00 % of 2000 spam;');
    expect(output).toContain('3 messages could not be scored');
    expect(output).toContain('  spam, 0.120 → 0.980: claim your \\u001b[31mprize');
    expect(output).toContain('    champion:   word:claim −1.50');
    expect(output).toContain('    challenger: word:prize +2.25');
    expect(output).toMatch(/\nYes\. All 9 checks are passed\.\n$/);
  });

  it('exits with 1 when the gate refuses, and marks the checks that are not passed', async () => {
    const equal = better.map((score) => ({ ...score, challenger: score.champion }));
    const refused = {
      ...promoted,
      report: decideGate(comparisonOf(equal), soundSettings),
      disagreements: [],
    };
    expect(await run(['a', 'b', '-d', 'x.csv', '-d', 'y.csv', '--gate', 'document'], refused)).toBe(1);
    expect(order).toMatchObject({ gate: 'document', data: ['x.csv', 'y.csv'] });
    expect(terminal.output).toContain('  NO   expected cost of all messages');
    expect(terminal.output).toMatch(/\nNo\. 1 of 9 checks are not passed: cost\.all\./);
    expect(terminal.output).not.toContain('disagree');
  });

  it('prints the obfuscations that are passed in one line, with the least favorable one', async () => {
    const recall = (obfuscation: string, championOnly: number, challengerOnly: number) => ({
      ...{ obfuscation, spam: 1000, both: 800, championOnly, challengerOnly },
    });
    const recalls = [recall('leet', 15, 5), recall('nul', 5, 0), recall('bidi', 50, 0)];
    const report = decideGate(comparisonOf(better, recalls), soundSettings);
    expect(await run(['a', 'b', '-d', 'x.csv'], { ...promoted, report })).toBe(1);
    expect(terminal.output).toContain('  NO   recall under bidi: 85.00 % → 80.00 % of 1000 spam');
    expect(terminal.output).toContain(
      '  yes  recall under 2 obfuscations; the least favorable is recall under leet: 81.50 % → 80.50 %',
    );
    expect(terminal.output).not.toContain('nul');
  });

  it('prints one JSON document with --json', async () => {
    await run(['a', 'b', '-d', 'x.csv', '--json']);
    expect(JSON.parse(terminal.output)).toEqual(promoted);
  });

  it('needs data and a known gate', async () => {
    expect(await run(['a', 'b'])).toBe(2);
    expect(await run(['a', 'b', '-d', 'x', '--gate', 'none'])).toBe(2);
    expect(await run(['a', '-d', 'x'])).toBe(2);
  });
});

describe('the models that are compared', () => {
  it('chosenModel takes versions, active and latest, and refuses what is no model', () => {
    const version = '20261101T120000Z-0123abcd';
    expect(chosenModel(version, '/nowhere')).toEqual({ version });
    expect(chosenModel('active', '/nowhere')).toEqual({ version: 'active' });
    expect(() => chosenModel('models/none', '/nowhere')).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('sluice model list') }),
    );
  });
});
