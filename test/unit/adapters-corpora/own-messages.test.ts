import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnMessages } from '../../../src/adapters/corpora/own-messages.ts';

describe("the project's own messages", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-own-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(from: string) {
    const messages = [];
    for await (const message of new OwnMessages(from).read()) messages.push(message);
    return messages;
  }

  test('the own messages of the project are all JSON Lines files of the folder, in the order of their names', async () => {
    const line = (label: string, text: string) =>
      `${JSON.stringify({ label, text, lang: 'de', group: `own:${text}`, kind: 'smalltalk' })}\n`;
    await writeFile(join(folder, 'README.md'), 'no message');
    await writeFile(join(folder, 'b.jsonl'), line('spam', 'two') + line('ham', 'three'));
    await writeFile(join(folder, 'a.jsonl'), line('ham', 'one'));
    const messages = await read(folder);
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(messages[1]).toEqual({
      origin: 'b.jsonl, row 1',
      text: 'two',
      label: 'spam',
      language: 'de',
      group: 'own:two',
    });
  });

  test('the own messages of the project can only be read in a checkout, and are reported as missing otherwise', async () => {
    const error = { code: 'DATA_UNREADABLE', message: expect.stringContaining('checkout') };
    await expect(read(join(folder, 'nowhere'))).rejects.toMatchObject(error);
    const empty = await mkdtemp(join(tmpdir(), 'sluice-own-'));
    await expect(read(empty)).rejects.toMatchObject(error);
    await rm(empty, { recursive: true });
  });
});
