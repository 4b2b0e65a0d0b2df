import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HeldOutData, openHeldOut } from '../../../../src/app/learning/held-out-messages.ts';
import type { HeldOutMessage } from '../../../../src/learning/held-out.ts';
import { isForTesting } from '../../../../src/training/testing-part.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-held-out-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = async (data: HeldOutData): Promise<HeldOutMessage[]> => {
  const messages: HeldOutMessage[] = [];
  for await (const message of await openHeldOut(data)) messages.push(message);
  return messages;
};

const first: HeldOutMessage = {
  ...{ text: 'win a prize', label: 'spam', part: 'new', source: 'training', community: 'chess' },
  ...{ language: 'en', at: 1_700_000_000_000 },
};
const second: HeldOutMessage = {
  ...{ text: 'see you at\nnoon', label: 'ham', part: 'old', source: 'own', community: '' },
};

async function dataSet(...lines: readonly string[]): Promise<string> {
  const path = join(folder, 'dataset');
  await mkdir(path);
  await writeFile(join(path, 'held-out.jsonl'), lines.map((line) => `${line}\n`).join(''));
  await writeFile(join(path, 'data.json'), '{}');
  return path;
}

describe('held-out messages', () => {
  it('openHeldOut reads the messages of an assembled data set', async () => {
    const path = await dataSet(JSON.stringify(first), '', JSON.stringify(second));
    expect(await read({ data: [path] })).toEqual([first, second]);
  });

  it('openHeldOut refuses a folder that is not whole, before the first message', async () => {
    const path = await dataSet(JSON.stringify(first));
    await rm(join(path, 'data.json'));
    await expect(openHeldOut({ data: [path] })).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
      message: expect.stringContaining('Assemble it again'),
    });
  });

  it('openHeldOut names the line that is no message', async () => {
    for (const [line, what] of [
      ['{', 'held-out.jsonl:2'],
      [JSON.stringify({ ...first, label: 'maybe' }), 'held-out.jsonl:2: label'],
    ] as const) {
      const path = await dataSet(JSON.stringify(first), line);
      await expect(read({ data: [path] })).rejects.toMatchObject({
        code: 'DATA_INVALID',
        message: expect.stringContaining(what),
      });
      await rm(path, { recursive: true });
    }
  });

  it('openHeldOut takes the test set of a labeled file as old messages, or all of it', async () => {
    const texts = Array.from({ length: 40 }, (_, at) => `message number ${at}`);
    const file = join(folder, 'labeled.csv');
    await writeFile(file, `label,text\n${texts.map((text) => `ham,${text}\n`).join('')}`);
    const chosen = texts.filter((text) => isForTesting({ text }));
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length).toBeLessThan(40);
    const messages = await read({ data: [file] });
    expect(messages.map(({ text }) => text)).toEqual(chosen);
    expect(messages[0]).toMatchObject({ label: 'ham', part: 'old', source: 'labeled.csv', community: '' });
    expect(await read({ data: [file], everything: true })).toHaveLength(40);
  });
});
