import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SpamAssassinCorpus } from '../../../src/adapters/corpora/spam-assassin.ts';

test('the SpamAssassin corpus takes its labels from its folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-spam-assassin-'));
  try {
    for (const name of ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']) {
      await mkdir(join(root, 'data', name), { recursive: true });
      await writeFile(join(root, 'data', name, '1.txt'), `Subject: ${name}\n\nbody\n`);
      await writeFile(join(root, 'data', name, '1.json'), '{}');
    }
    const found: string[] = [];
    for await (const { label, text } of new SpamAssassinCorpus(root).read()) found.push(`${label} ${text}`);
    expect(found).toEqual([
      'ham easy-ham-1\nbody',
      'ham easy-ham-2\nbody',
      'ham hard-ham-1\nbody',
      'spam spam-1\nbody',
      'spam spam-2\nbody',
    ]);
    await rm(join(root, 'data', 'spam-2'), { recursive: true });
    const rest = async () => {
      for await (const _ of new SpamAssassinCorpus(root).read());
    };
    await expect(rest()).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
