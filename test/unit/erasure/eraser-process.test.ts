import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EraserProcess } from '../../../src/app/erasure/eraser-process.ts';
import { builtEntry } from '../../../src/app/package-root.ts';
import { ErasableFolder } from './erasable-folder.ts';

let folder: ErasableFolder;
beforeEach(async () => {
  folder = await ErasableFolder.make();
});
afterEach(() => folder.dispose());

const request = { dryRun: false, who: 'ada' };

async function entry(script: string): Promise<() => string> {
  const path = join(folder.path, 'entry.mjs');
  await writeFile(path, script);
  return () => path;
}

describe('EraserProcess', () => {
  it('erases in a process of its own, with the settings that it was given', async () => {
    await folder.write([
      { sender: '4711', id: '1', text: 'a text that is to be erased soon', in: ['review', 'letter'] },
      { sender: '4712', id: '2', text: 'a text of somebody else that stays', in: ['review'] },
    ]);
    const eraser = new EraserProcess({
      settings: folder.settings,
      entryFile: () => builtEntry('erase-apart'),
    });
    const subject = { kind: 'sender', sender: '4711' } as const;
    const preview = await eraser.erase(subject, { ...request, dryRun: true });
    expect(preview).toMatchObject({ dry_run: true, texts: 1 });
    const done = await eraser.erase(subject, request);
    expect(done).toMatchObject({ dry_run: false, complete: true });
    const removed = (report: typeof done) => report.stores.reduce((sum, store) => sum + store.removed, 0);
    expect([removed(preview), removed(done)]).toEqual([2, 2]);
    expect(done.unreachable.length).toBeGreaterThan(3);
    await eraser.close();
    folder.sql((client) => {
      const rows = client.prepare('select who, what, after from activity').all() as { after: string }[];
      expect(rows).toMatchObject([{ who: 'ada', what: 'erasure' }]);
      expect(rows[0]!.after).not.toContain('4711');
    });
  });

  it('passes on the error of its process, and reports one that ended without an answer', async () => {
    const failing = await entry(
      `process.once('message', () => process.send({ error: { code: 'STORE_FAILED', message: 'full', retriable: true } }, () => process.disconnect()));`,
    );
    const subject = { kind: 'sender', sender: '1' } as const;
    const { settings } = folder;
    await expect(
      new EraserProcess({ settings, entryFile: failing }).erase(subject, request),
    ).rejects.toMatchObject({ code: 'STORE_FAILED', message: 'full', retriable: true });
    const dying = await entry(`process.once('message', () => process.exit(9));`);
    await expect(new EraserProcess({ settings, entryFile: dying }).erase(subject, request)).rejects.toThrow(
      'the erasure did not end (its process ended with 9); ask for it again',
    );
  });

  it('ends what runs when it is closed, and begins nothing afterwards', async () => {
    const endless = await entry(`process.once('message', () => setInterval(() => {}, 1000));`);
    const eraser = new EraserProcess({ settings: folder.settings, entryFile: endless });
    const running = eraser.erase({ kind: 'sender', sender: '1' }, request);
    const ended = expect(running).rejects.toThrow('its process ended with SIGTERM');
    await eraser.close();
    await ended;
    await expect(eraser.erase({ kind: 'sender', sender: '1' }, request)).rejects.toThrow('is stopping');
  });
});
