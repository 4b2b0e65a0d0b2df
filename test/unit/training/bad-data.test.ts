import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trainOn } from '../../../src/app/tasks/train-on.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { appOf, TestTerminal } from '../cli/test-terminal.ts';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bad-data-'));
  out = join(folder, 'models');
  await mkdir(join(out, 'earlier'), { recursive: true });
  await writeFile(join(out, 'earlier', 'manifest.json'), 'as it was');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Trains on a file of these bytes as the command line does, but without any Python: bad data is found before. */
async function train(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, content);
  const terminal = new TestTerminal();
  const app = appOf({
    trainOn: (options: Parameters<typeof trainOn>[0]) =>
      trainOn({ ...options, basePython: join(folder, 'no-python') }),
  });
  const code = await runProgram(['train', '--data', path, '--out', out], terminal, app);
  return { code, said: terminal.said };
}

const good = 'ham\thello there\n'.repeat(2);
const latin = (text: string) => Buffer.from(text, 'latin1');

describe('training on bad data', () => {
  test.each<[what: string, name: string, content: string | Uint8Array, told: RegExp]>([
    ['no label column', 'a.csv', 'id,text\n1,hello\n', /a\.csv, row 1: there is no label column/],
    [
      'an unknown label',
      'a.tsv',
      `${good}maybe\thello\n`,
      /a\.tsv, row 3: .*"label TAB text"|row 3: the label is neither/,
    ],
    [
      'an unknown label in JSON',
      'a.jsonl',
      '{"label":"eggs","text":"x"}\n',
      /a\.jsonl, row 1: the label is neither spam nor ham/,
    ],
    ['one class only', 'a.tsv', good, /none of them is spam/],
    [
      'bytes that are neither UTF-8 nor ISO-8859-1',
      'a.tsv',
      Buffer.concat([Buffer.from(`${good}ham\tüöäß`), latin('ü\n')]),
      /a\.tsv, line 3: bytes that are not UTF-8/,
    ],
    ['UTF-16', 'a.csv', Buffer.from('label,text\nham,x\n', 'utf16le'), /a\.csv, line 1: a NUL byte/],
    ['an empty file', 'a.csv', '', /a\.csv, row 1: the file is empty/],
    ['a header alone', 'a.csv', 'label,text\n', /a\.csv, row 1: the file has a header and no messages/],
    [
      'a message over the cap',
      'a.tsv',
      `${good}spam\t${'x'.repeat(20_001)}\n`,
      /a\.tsv, row 3: the message has 20001 characters, and at most 20000 are read/,
    ],
  ])(
    'training on %s reports file and row, exits with 65 and overwrites nothing',
    async (_, name, content, complaint) => {
      const { code, said } = await train(name, content);
      expect(said).toMatch(complaint);
      expect(code).toBe(65);
      expect(await readdir(out)).toEqual(['earlier']);
      expect(await readFile(join(out, 'earlier', 'manifest.json'), 'utf8')).toBe('as it was');
    },
  );

  test('--blending with a profile of a single base model is refused as a usage error', async () => {
    const terminal = new TestTerminal();
    const argv = [
      'train',
      '--data',
      'a.csv',
      '--out',
      out,
      '--profile',
      'bag-of-words',
      '--blending',
      'two-way',
    ];
    expect(await runProgram(argv, terminal, appOf({ trainOn }))).toBe(2);
    expect(terminal.said).toContain('Leave --blending out');
  });
});
