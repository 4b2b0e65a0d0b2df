import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AskingSession, Question, SuspectReport } from '../../../src/app/tasks/label-learn.ts';
import { keysOf } from '../../../src/cli/label-answers.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const row = (id: number, message: string) => ({
  ...{ id, message, community: 'forum', source: 'reported' },
  ...{ label: null, labelled_by: null, near_group: null },
});
const question = (id: number, rest: Partial<Question> = {}): Question => ({
  ...{ row: row(id, `message ${id}`), reason: 'uncertain', probability: 0.42, ids: [id] },
  ...{ labeled: { spam: 0, ham: 0 }, ...rest },
});

/** Asks its questions in their order, and writes down the answers. */
class FakeSession implements AskingSession {
  readonly answers: string[] = [];
  readonly #questions: readonly Question[];
  #at = 0;

  constructor(questions: readonly Question[]) {
    this.#questions = questions;
  }

  async load() {
    return this.#questions.length;
  }

  async next() {
    return this.#questions[this.#at];
  }

  async answer(label: string) {
    this.answers.push(`${this.#questions[this.#at]!.row.id} ${label}`);
    const { ids } = this.#questions[this.#at++]!;
    return label === 'unsure' ? 0 : ids.length;
  }

  async undo() {
    if (this.#at === 0) return false;
    this.#at--;
    this.answers.push('undo');
    return true;
  }

  state() {
    return { answers: 30, quality: { labels: 30, mcc: 0.9, low: 0.8, high: 0.97 }, isSettled: true };
  }
}

let terminal: TestTerminal;
let session: FakeSession;
let asked: unknown;
beforeEach(() => {
  session = new FakeSession([question(1), question(2, { ids: [2, 7, 8] }), question(3)]);
});
const run = async (input: string, ...argv: string[]) => {
  terminal = new TestTerminal([input]);
  const app = {
    createLog: async () => ({}),
    withLabelSession: async (
      _settings: unknown,
      _log: unknown,
      options: unknown,
      work: (session: AskingSession) => Promise<void>,
    ) => {
      asked = options;
      await work(session);
    },
  };
  return await runProgram(['label', 'next', ...argv], terminal, appOf(app));
};

describe('sluice label next', () => {
  it('answers from lines label what is asked, undo goes back, quit ends, and the rows are counted', async () => {
    expect(await run('s\nham\nz\nu\nq\ns\n', '--answers', '-', '--by', 'ann', '--json')).toBe(0);
    expect(session.answers).toEqual(['1 spam', '2 ham', 'undo', '2 unsure']);
    expect(asked).toEqual({ by: 'ann', withModel: true });
    expect(terminal.lines).toEqual([{ answers: 2, rows: 1, state: session.state() }]);
    expect(terminal.said).toContain('the answer labels 3 rows');
    expect(terminal.said).toContain('MCC 0.90 (95 % interval 0.80 to 0.97)');
    expect(terminal.said).toContain('More answers hardly pay');
  });

  it('it ends where no message is left, or no answer', async () => {
    expect(await run('s\ns\ns\ns\n', '--answers', '-', '--without-model')).toBe(0);
    expect(session.answers).toEqual(['1 spam', '2 spam', '3 spam']);
    expect(asked).toMatchObject({ withModel: false });
    expect(terminal.output).toBe('3 answers, 5 rows labeled\n');
    session = new FakeSession([]);
    expect(await run('s\n', '--answers', '-')).toBe(0);
    expect(session.answers).toEqual([]);
  });

  it('a hostile message cannot drive the terminal, and a mixed group is warned of', async () => {
    session = new FakeSession([
      question(1, { row: row(1, 'red \u001b[31m \u202eevil'), labeled: { spam: 2, ham: 1 } }),
    ]);
    await run('q\n', '--answers', '-');
    expect(terminal.said).toContain('red \\u001b[31m \\u202eevil');
    for (const command of ['\u001b', '\u202e']) expect(terminal.said).not.toContain(command);
    expect(terminal.said).toContain('WARNING: near-duplicates have both labels (spam 2, ham 1)');
  });

  it('without a terminal and without --answers it is refused before anything is opened, and another line is an error with its number', async () => {
    asked = undefined;
    expect(await run('s\n')).toBe(2);
    expect(asked).toBeUndefined();
    expect(terminal.said).toContain('--answers FILE');
    expect(await run('s\nmaybe\n', '--answers', '-')).toBe(2);
    expect(terminal.said).toContain('line 2 of the answers');
    expect(session.answers).toEqual(['1 spam']);
    expect(await run('', '--answers', '/no/such/file')).toBe(65);
  });

  it('single keys are read raw: control keys undo and end, arrows and other keys do nothing, and the terminal is put back', async () => {
    const raw: boolean[] = [];
    const stdin = Object.assign(
      Readable.from(['sH', '\u001b[A', 'x', '\u007f', '\u0003', 's'], { objectMode: true }),
      {
        setRawMode: (isRaw: boolean) => raw.push(isRaw),
      },
    );
    const keys: string[] = [];
    for await (const key of keysOf(stdin)) {
      keys.push(key);
      if (key === 'quit') break;
    }
    expect(keys).toEqual(['spam', 'ham', 'undo', 'quit']);
    expect(raw).toEqual([true, false]);
  });
});

describe('sluice label suspects and predict', () => {
  it('suspects are listed with their group, one line each; predict hands on its thresholds', async () => {
    const report: SuspectReport = {
      ...{ rows: 90, groups: 2 },
      suspects: [{ row: { ...row(4, 'win\na prize'), label: 'ham' }, probability: 0.97, rows: 3 }],
    };
    const given: unknown[] = [];
    const app = {
      createLog: async () => ({}),
      labelSuspects: async (_settings: unknown, _log: unknown, { most }: { readonly most: number }) => {
        given.push(most);
        return report;
      },
      labelPredict: async (
        ...[, , { apply }, thresholds]: [unknown, unknown, { apply: boolean }, unknown]
      ) => {
        given.push([apply, thresholds]);
        throw new SluiceError('USAGE', 'only 2 different messages are labeled ham');
      },
    };
    terminal = new TestTerminal();
    expect(await runProgram(['label', 'suspects', '--limit', '1'], terminal, appOf(app))).toBe(0);
    expect(terminal.output).toBe(
      '2 suspect labels among 90 rows, the worst 1 are shown\n  4 ham, 97 % spam (and 2 rows like it): win a prize\n',
    );
    terminal = new TestTerminal();
    expect(await runProgram(['label', 'suspects', '--json'], terminal, appOf(app))).toBe(0);
    expect(terminal.lines).toEqual([report]);
    terminal = new TestTerminal();
    expect(await runProgram(['label', 'predict', '--spam-above', '0.9'], terminal, appOf(app))).toBe(2);
    expect(given).toEqual([1, 100, [false, { spamAbove: 0.9, hamBelow: 0.05 }]]);
  });
});
