import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scoreInputs } from '../../../src/app/tasks/score-inputs.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Explanation, ExplanationTerm } from '../../../src/core/explanation.ts';
import type { Log } from '../../../src/ports/log.ts';
import { FakeScorer } from './fake-scorer.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

function score(terminal: TestTerminal, scorer: FakeScorer, ...argv: string[]): Promise<number> {
  const app = appOf({
    createLog: async () => silent,
    openScorer: async () => scorer.opened,
    scoreInputs,
  });
  return runProgram(['score', ...argv], terminal, app);
}

const termOf = (feature: string, contribution: number): ExplanationTerm => ({
  feature,
  kind: 'feature',
  contribution,
  spans: [],
});
const explanation: Explanation = {
  model: 'test-model',
  probability: 0.5,
  logOdds: 0,
  prior: 0,
  terms: [],
  baseModels: [],
  part: null,
  highlights: [],
  deobfuscated: [],
};

const jsonl = (...texts: string[]) =>
  texts.map((message, index) => `${JSON.stringify({ message, message_id: `m${index}` })}\n`);

describe('score', () => {
  it('sluice score prints the verdict of each input, in order, as a line of JSON', async () => {
    const terminal = new TestTerminal(jsonl('hello', 'spam spam', 'bye'));
    const scorer = new FakeScorer();
    expect(await score(terminal, scorer)).toBe(0);
    expect(terminal.lines.map(({ message_id, verdict }) => [message_id, verdict])).toEqual([
      ['m0', 'ham'],
      ['m1', 'spam'],
      ['m2', 'ham'],
    ]);
    expect(terminal.lines[1]).toMatchObject({
      community: '',
      probability: 0.9,
      probability_min: 0.9,
      probability_max: 0.9,
      model: 'test-model',
      decided_by: 'model',
      reasons: [],
    });
    expect(scorer.closed).toBe(true);
  });

  it('sluice score prints an error instead of a verdict for an unreadable input, and exits with 65', async () => {
    const terminal = new TestTerminal([
      '{"message": "spam", "message_id": "a"}\n',
      '\n',
      'nonsense\n',
      '[]\n',
      '{"message": "b", "message_id": "b"}',
    ]);
    expect(await score(terminal, new FakeScorer())).toBe(65);
    expect(
      terminal.lines.map((line) => line.message_id ?? [line.line, (line.error as { code: string }).code]),
    ).toEqual(['a', [3, 'not-json'], [4, 'not-an-object'], 'b']);
    expect(terminal.lines[1]).not.toHaveProperty('verdict');
    expect(terminal.said).toContain('2 of 4 inputs could not be read');
  });

  it('sluice score skips blank lines and byte order marks, and reads ids as the digits that are written', async () => {
    const terminal = new TestTerminal([
      '\n{"message": "spam", "message_id": 123456789012345678, "sender": null}\r\n \r\n',
      '\ufeff{"message": "b", "message_id": "b", "community": null}\n\n',
    ]);
    expect(await score(terminal, new FakeScorer())).toBe(0);
    expect(terminal.lines.map(({ message_id }) => message_id)).toEqual(['123456789012345678', 'b']);
  });

  it('sluice score reads text and CSV files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-score-'));
    try {
      await writeFile(join(folder, 'a.txt'), 'some spam\nsome words\n');
      await writeFile(join(folder, 'a.csv'), 'id,text\n7,some spam\n');
      const text = new TestTerminal();
      expect(await score(text, new FakeScorer(), join(folder, 'a.txt'))).toBe(0);
      expect(text.lines.map(({ message_id, verdict }) => [message_id, verdict])).toEqual([
        ['1', 'spam'],
        ['2', 'ham'],
      ]);
      const csv = new TestTerminal();
      expect(await score(csv, new FakeScorer(), join(folder, 'a.csv'))).toBe(0);
      expect(csv.lines.map(({ message_id, verdict }) => [message_id, verdict])).toEqual([['7', 'spam']]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('sluice score explains with the names of the base models', async () => {
    const terminal = new TestTerminal(jsonl('spam'));
    const scorer = new FakeScorer();
    expect(await score(terminal, scorer, '--explain', '--full')).toBe(0);
    expect(scorer.calls[0]!.options).toEqual({ every: true, explain: true, exactScores: 'all' });
    expect(terminal.lines[0]).toMatchObject({
      members: [
        { name: 'bayes', probability: 0.8 },
        { name: 'forest', probability: null },
      ],
      features: [{ name: 'spam', count: 1, strength: 2 }],
    });
  });

  it('sluice score --explain adds terms that add up to the log-odds, with the smallest combined into one', async () => {
    const terminal = new TestTerminal(jsonl('spam', 'words'));
    const scorer = new FakeScorer();
    const explained: string[] = [];
    scorer.explain = (message) => {
      explained.push(message.message);
      return { ...explanation, terms: Array.from({ length: 60 }, (_, i) => termOf(`w:${i}`, 1 / (i + 1))) };
    };
    expect(await score(terminal, scorer, '--explain')).toBe(0);
    expect(explained).toEqual(['spam', 'words']);
    const { terms } = (terminal.lines[0] as unknown as { explanation: Explanation }).explanation;
    expect(terms).toHaveLength(41);
    expect(terms.at(-1)).toMatchObject({ feature: 'rest', kind: 'rest' });
    const all = Array.from({ length: 60 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
    expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(all, 12);
  });

  it('sluice score without --explain does not load the code of explanations', async () => {
    const terminal = new TestTerminal(jsonl('spam'));
    const scorer = new FakeScorer();
    scorer.explain = () => {
      throw new Error('explained');
    };
    expect(await score(terminal, scorer)).toBe(0);
    expect(terminal.lines[0]).not.toHaveProperty('explanation');
  });

  it('sluice score exits with 65 without loading a model if the file does not exist', async () => {
    const terminal = new TestTerminal();
    const scorer = new FakeScorer();
    expect(await score(terminal, scorer, '/nowhere/messages.jsonl')).toBe(65);
    expect(terminal.said).toContain('DATA_UNREADABLE');
    expect(scorer.closed).toBe(false);
    expect(await score(new TestTerminal(), scorer, tmpdir())).toBe(65);
  });

  it('sluice score keeps the order with several batches in flight, and at most as many as the setting allows', async () => {
    const texts = Array.from({ length: 64 }, (_, index) => `message ${index}`);
    const terminal = new TestTerminal(jsonl(...texts));
    const scorer = new FakeScorer();
    // Each batch takes less long than the one before.
    scorer.before = (_, call) => pause(Math.max(0, 20 - call));
    expect(await score(terminal, scorer, '--set', 'batch.maxMessages=2', '--set', 'pool.maxInFlight=4')).toBe(
      0,
    );
    expect(terminal.lines.map(({ message_id }) => message_id)).toEqual(texts.map((_, index) => `m${index}`));
    expect(scorer.calls.length).toBeGreaterThanOrEqual(32);
    expect(Math.max(...scorer.calls.map(({ size }) => size))).toBeLessThanOrEqual(2);
    expect(scorer.mostRunning).toBeGreaterThan(1);
    expect(scorer.mostRunning).toBeLessThanOrEqual(4);
  });

  it('sluice score prints results of inputs that have arrived while the input is still open', async () => {
    let answered = () => {};
    const first = new Promise<void>((resolve) => {
      answered = resolve;
    });
    async function* slow() {
      yield jsonl('spam')[0]!;
      await first;
      yield jsonl('x', 'ham')[1]!;
    }
    const terminal = new TestTerminal(slow());
    const { write } = terminal.stdout;
    terminal.stdout.write = (text) => {
      answered();
      return write(text);
    };
    expect(await score(terminal, new FakeScorer())).toBe(0);
    expect(terminal.lines).toHaveLength(2);
  });

  it('sluice score ends quietly when its output is closed, even if the input continues', async () => {
    async function* endless() {
      for (;;) {
        yield jsonl('words')[0]!;
        await pause(1);
      }
    }
    const terminal = new TestTerminal(endless());
    terminal.readersLeaveAfter = 1;
    const scorer = new FakeScorer();
    expect(await score(terminal, scorer)).toBe(0);
    expect(terminal.said).toBe('');
    expect(scorer.closed).toBe(true);
  });

  it('sluice score sends a batch again after its thread died', async () => {
    const terminal = new TestTerminal(jsonl('spam'));
    const scorer = new FakeScorer();
    scorer.before = (_, call) => {
      if (call === 1) throw new SluiceError('SCORER_THREAD_LOST', 'gone', { retriable: true });
    };
    expect(await score(terminal, scorer)).toBe(0);
    expect(terminal.lines.map(({ verdict }) => verdict)).toEqual(['spam']);
  });

  it('sluice score finds the one input that kills threads and scores the others', async () => {
    const terminal = new TestTerminal([jsonl('a', 'b', 'spam', 'poison', 'c', 'spam', 'd').join('')]);
    const scorer = new FakeScorer();
    scorer.before = (texts) => {
      if (texts.some((text) => text.includes('poison')))
        throw new SluiceError('SCORER_THREAD_LOST', 'gone', { retriable: true });
    };
    expect(await score(terminal, scorer)).toBe(65);
    expect(terminal.lines.map((line) => line.verdict ?? (line.error as { code: string }).code)).toEqual([
      'ham',
      'ham',
      'spam',
      'kills-scorer',
      'ham',
      'spam',
      'ham',
    ]);
  });

  it('sluice score exits with the error of the scorer, after what is in flight has ended', async () => {
    const terminal = new TestTerminal(jsonl('a', 'b', 'c', 'd'));
    const scorer = new FakeScorer();
    scorer.before = async (_, call) => {
      await pause(call === 1 ? 10 : 50);
      if (call === 1) throw new SluiceError('SCORER_CLOSED', 'It is closed.');
    };
    expect(await score(terminal, scorer, '--set', 'pool.maxInFlight=4')).toBe(70);
    expect(terminal.said).toContain('SCORER_CLOSED');
    expect(scorer.calls.length).toBeGreaterThan(1);
    expect(scorer.closed).toBe(true);
  });
});
