import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChitchatCorpus } from '../../../src/adapters/corpora/chitchat.ts';
import { openCorpus } from '../../../src/adapters/corpora/open-corpus.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-chitchat-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

async function texts(corpus: ChitchatCorpus): Promise<string[]> {
  const found: string[] = [];
  for await (const message of corpus.read()) found.push(`${message.group} ${message.label} ${message.text}`);
  return found;
}

describe('the chitchat corpus', () => {
  test('the chitchat corpus groups ham by conversation, the same conversations in whatever order the file has them', async () => {
    const a = { messages: [[{ text: 'hi' }, { text: ' ' }], [{ text: 'hello' }]] };
    const b = { messages: [[{ text: 'yo' }]] };
    const one = await texts(new ChitchatCorpus(await write('one.json', { a, b }), 100));
    const two = await texts(new ChitchatCorpus(await write('two.json', { b, a }), 100));
    expect(one).toEqual(two);
    expect(one.toSorted()).toEqual(['chitchat:a ham hello', 'chitchat:a ham hi', 'chitchat:b ham yo']);
    expect(await texts(new ChitchatCorpus(await write('one.json', { a, b }), 1))).toHaveLength(1);
  });

  test('the chitchat corpus is refused in another form, and reported as unreadable without its file', async () => {
    await expect(texts(new ChitchatCorpus(await write('odd.json', { a: [] }), 9))).rejects.toMatchObject({
      code: 'DATA_INVALID',
    });
    await expect(texts(new ChitchatCorpus(join(folder, 'nowhere'), 9))).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
    });
  });
});

describe('what --data names', () => {
  const places = { npmRoot: '/', chitchatPath: async () => '/nowhere', ownMessages: () => '/nowhere' };

  test('the option --data accepts a file, or a corpus by its name', async () => {
    expect((await openCorpus('some/file.csv', places)).name).toBe('file.csv');
    expect((await openCorpus('corpus:chitchat:50', places)).name).toBe('chitchat');
    expect((await openCorpus('corpus:own', places)).name).toBe('own');
  });

  test('the option --data refuses an unknown corpus', async () => {
    for (const spec of [
      'corpus:enron',
      'corpus:chitchat:0',
      'corpus:chitchat:x',
      'corpus:spam-assassin:5',
      'corpus:own:5',
    ])
      await expect(openCorpus(spec, places)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('the option --data reports a corpus that is not installed', async () => {
    await expect(openCorpus('corpus:spam-assassin', places)).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
      message: expect.stringContaining('npm install'),
    });
  });
});
