import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RuleRequest } from '../../../src/app/tasks/label-rules.ts';
import type { SimilarRequest } from '../../../src/app/tasks/label-similar.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { RuleHit, RuleReport } from '../../../src/core/rule-report.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const hit: RuleHit = {
  ...{ id: 7, label: null, message: 'come to funsite.net\u001b[31m now', what: 'link to funsite.net' },
  ...{ start: 8, end: 19 },
};
const report: RuleReport = {
  ...{ kind: 'rule', about: 'links are spam', state: 'planned', step: null, rows: 4, left_alone: 0 },
  ...{ known: { spam: 0, ham: 0, unlabeled: 4 }, becomes: { spam: 4, ham: 0, removed: 0, grouped: 0 } },
  ...{ examples: [], rule: 'links', as: 'spam', refused: null, checked: null },
  table: { spam: 10, ham: 20, unlabeled: 1000 },
  hits: { spam: 3, ham: 1, unlabeled: 4 },
  hit_examples: { spam: [], ham: [], unlabeled: [hit] },
  precision: { right: 3, known: 4, estimate: 0.75, low: 0.3, high: 0.95 },
};

let terminal: TestTerminal;
let requests: RuleRequest[];
let answer: RuleReport;
let asked: string[];
const app = {
  createLog: async () => ({}),
  labelByRule: async (_settings: unknown, _log: unknown, request: RuleRequest) => {
    requests.push(request);
    if (request.ask !== undefined) for (let at = 1; at <= 3; at++) asked.push(await request.ask(hit, at, 3));
    return answer;
  },
};
const run = (...argv: string[]) => runProgram(['label', 'rules', ...argv], terminal, appOf(app));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-rules-'));
  await writeFile(join(folder, 'sites.txt'), 'funsite\r\ncoolplace\n');
  await writeFile(join(folder, 'latin1.txt'), Buffer.from([0x66, 0x0a, 0xfc, 0x0a]));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
  requests = [];
  asked = [];
  answer = report;
});

describe('sluice label rules', () => {
  it('sluice label rules shows hits by label with the matched part marked, and changes nothing unless --apply is given', async () => {
    expect(await run('links')).toBe(0);
    expect(requests).toMatchObject([{ given: { rule: 'links' }, as: 'spam', apply: false }]);
    expect(requests[0]!.ask).toBeUndefined();
    expect(terminal.output).toContain('known spam: 3 of 10 rows');
    expect(terminal.output).toContain('known ham: 1 of 20 rows');
    expect(terminal.output).toContain('unlabeled: 4 of 1,000 rows');
    expect(terminal.output).toContain('7: come to »funsite.net«\\u001b[31m now (link to funsite.net)');
    expect(terminal.output).toContain(
      'of 4 hits whose label is of people or came with them 3 are spam: 75 %',
    );
    expect(terminal.output).toContain('nothing was changed; with --apply, 4 rows would be labeled spam');
    expect(terminal.said).toBe('');
  });

  it('sluice label rules prints one JSON document with --json', async () => {
    expect(await run('numbered-domains', '--json', '--as', 'ham', '--by', 'anna')).toBe(0);
    expect(requests).toMatchObject([{ given: { rule: 'numbered-domains' }, as: 'ham', by: 'anna' }]);
    expect(terminal.lines).toEqual([report]);
  });

  it('sluice label rules links warns on stderr before it is applied without a check', async () => {
    answer = { ...report, state: 'applied', step: 12 };
    expect(await run('links', '--apply')).toBe(0);
    expect(terminal.said).toContain('49 % on a fourth; --check asks about a sample first');
    expect(terminal.output).toContain('step 12: changed 4 rows\n"sluice label undo 12" takes it back.');
  });

  it('sluice label rules exits with 1 where the rule is refused, and prints why', async () => {
    answer = { ...report, refused: '1 of 4 hits are spam' };
    expect(await run('links', '--apply', '--min-precision', '0.9')).toBe(1);
    expect(requests).toMatchObject([{ apply: true, minPrecision: 0.9 }]);
    expect(terminal.output).toContain('NOT APPLIED: 1 of 4 hits are spam');
  });

  it('sluice label rules exits with the code of an interrupt where the step was taken back', async () => {
    answer = { ...report, state: 'undone', step: 3 };
    expect(await run('links', '--apply')).toBe(130);
    expect(terminal.output).toContain('the table is as it was');
  });

  it('sluice label rules domains reads the names of a file', async () => {
    const list = join(folder, 'sites.txt');
    expect(await run('domains', '--list', list)).toBe(0);
    expect(requests[0]!.given).toEqual({
      rule: 'domains',
      file: { name: list, lines: ['funsite', 'coolplace', ''] },
    });
  });

  it('sluice label rules domains names a file that cannot be read, and the line of one that is not UTF-8', async () => {
    expect(await run('domains', '--list', join(folder, 'none.txt'))).toBe(65);
    expect(terminal.said).toContain('none.txt cannot be read');
    expect(await run('domains', '--list', join(folder, 'latin1.txt'))).toBe(65);
    expect(terminal.said).toContain('latin1.txt:2: this is not UTF-8');
    expect(requests).toEqual([]);
  });

  it('sluice label rules pattern takes patterns with flags, and needs one', async () => {
    expect(
      await run('pattern', '--pattern', 'a.b', '--pattern', 'c', '--flags', 'is', '--deobfuscated'),
    ).toBe(0);
    expect(requests[0]!.given).toEqual({
      ...{ rule: 'pattern', patterns: ['a.b', 'c'], flags: 'is', deobfuscated: true },
    });
    expect(await run('pattern')).toBe(2);
    expect(terminal.said).toContain('give a regular expression with --pattern');
  });

  it('sluice label rules --check needs a terminal, and asks by keys', async () => {
    expect(await run('links', '--check')).toBe(2);
    expect(terminal.said).toContain('--check asks in a terminal');
    terminal = new TestTerminal(['xS', 'h', '\u0003']);
    Object.assign(terminal.stdin, { isTTY: true });
    answer = {
      ...report,
      checked: { right: 1, known: 2, estimate: 0.5, low: 0.09, high: 0.91, unsure: 0 },
    };
    expect(await run('links', '--check', '--sample', '3')).toBe(0);
    expect(asked).toEqual(['spam', 'ham', 'stop']);
    expect(requests).toMatchObject([{ sample: 3 }]);
    expect(terminal.said).toContain('1 of 3: link to funsite.net\n  come to »funsite.net«\\u001b[31m now');
    expect(terminal.output).toContain(
      'of 2 hits that were decided now 1 are spam: 50 %, so 9 % to 91 % of all hits (95 % interval)',
    );
  });
});

describe('sluice label similar', () => {
  const found = [
    { ...{ id: 3, similarity: 0.91, kind: 'near-duplicate', label: 'spam', message: 'free coins' } },
    { ...{ id: 9, similarity: 0.5, kind: 'similar', label: null, message: 'coins for\nall' } },
  ];
  let wanted: SimilarRequest[];
  let next: unknown;
  const similar = (...argv: string[]) => {
    wanted = [];
    return runProgram(
      ['label', 'similar', ...argv],
      terminal,
      appOf({
        ...app,
        labelSimilar: async (_settings: unknown, _log: unknown, request: SimilarRequest) => {
          wanted.push(request);
          return next ?? { next: null, text: request.text, found, step: null };
        },
      }),
    );
  };
  beforeEach(() => {
    next = undefined;
  });

  it('sluice label similar prints rows with similarity, kind and label, and with --json an array of them', async () => {
    expect(await similar('free coins', '--limit', '5', '--min-similarity', '0.4')).toBe(0);
    expect(wanted).toMatchObject([{ text: 'free coins', limit: 5, minSimilarity: 0.4, apply: false }]);
    expect(terminal.output).toContain('0.91  near-duplicate  spam       3: free coins\n');
    expect(terminal.output).toContain('0.50  similar         unlabeled  9: coins for all\n');
    expect(terminal.output).toContain('2 rows: 1 known spam, 0 known ham, 1 unlabeled');
    terminal = new TestTerminal();
    expect(await similar('free coins', '--json')).toBe(0);
    expect(terminal.lines).toEqual([found]);
    expect(
      terminal.output.startsWith(
        '[{"id":3,"similarity":0.91,"kind":"near-duplicate","label":"spam","message":',
      ),
    ).toBe(true);
  });

  it('sluice label similar --next prints the next text, and exits with 1 where nothing is left, with the reason', async () => {
    next = {
      ...{ text: 'coins at dawn', found, step: null },
      next: { seed: { id: 4, message: 'coins at dawn' }, as: 'spam', likeness: 0.2, found },
    };
    expect(await similar('--next')).toBe(0);
    expect(wanted[0]!.text).toBeUndefined();
    expect(terminal.output).toContain('next: coins at dawn');
    next = { next: { seed: null, reason: 'all is labeled' }, text: null, found: [], step: null };
    expect(await similar('--next')).toBe(1);
    expect(terminal.output).toContain('nothing is left to search for: all is labeled');
    terminal = new TestTerminal();
    expect(await similar('--next', '--json')).toBe(1);
    expect(terminal.lines).toEqual([{ seed: null, reason: 'all is labeled', found: [], step: null }]);
  });

  it.each([
    [['--next', 'free coins']],
    [[]],
    [['  ']],
    [['coins', '--limit', '0']],
    [['coins', '--limit', '20000']],
  ])('sluice label similar refuses %j', async (argv) => {
    expect(await similar(...argv)).toBe(2);
    expect(wanted).toEqual([]);
  });
});
