import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareOn } from '../../src/app/learning/compare.ts';
import { compareModelsOn } from '../../src/app/tasks/compare-models.ts';
import type { Log } from '../../src/ports/log.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const settings = settingsSchema.parse({
  model: { localPath: home },
  pool: { threads: 1 },
});

let folder: string;
let version: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-compare-'));
  version = (await readdir(home)).find((name) => !name.startsWith('.'))!;
  file = join(folder, 'labeled.csv');
  await writeFile(
    file,
    [
      'label,text',
      'spam,Claim your free cash prize now at https://prize-claim.top/win',
      'spam,URGENT your bank account is locked confirm it at https://login-check.top',
      'ham,We took the slow train and looked at the hills',
      'ham,wir sehen uns morgen im Garten und essen Kuchen',
      '',
    ].join('\n'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('comparing models of the store and of folders', () => {
  it('compareOn scores with the active model of the store and with a model that was not pushed', async () => {
    const unpushed = join(folder, 'new', version);
    await cp(join(home, version), unpushed, { recursive: true });
    const scored: number[] = [];
    const { comparison, report, disagreements } = await compareOn(settings, {
      champion: { version: 'active' },
      challenger: { folder: unpushed },
      ...{ data: [file], everything: true, log: silent, disagreements: 5 },
      progress: (messages, obfuscation) => {
        if (obfuscation === undefined) scored.push(messages);
      },
    });
    expect(comparison).toMatchObject({ champion: version, challenger: version, unscored: 0 });
    expect(comparison.scores.map(({ label, language }) => [label, language])).toEqual([
      ['spam', 'en'],
      ['spam', 'en'],
      ['ham', 'en'],
      ['ham', 'de'],
    ]);
    for (const { champion, challenger } of comparison.scores) expect(challenger).toBe(champion);
    expect(comparison.obfuscated.length).toBeGreaterThan(20);
    expect(report).toMatchObject({ gate: 'sound', promoted: false, champion: version });
    expect(disagreements).toEqual([]);
    expect(scored).toEqual([4]);
  });

  it('compareOn without an active model promotes the challenger', async () => {
    const { report } = await compareOn(settings, {
      champion: null,
      challenger: { version },
      ...{ data: [file], everything: true, log: silent },
    });
    expect(report).toMatchObject({ champion: null, challenger: version, promoted: true });
  });

  it('a version that is not in the store, and data without a held-out message, are refused by name', async () => {
    const order = { log: silent, data: [file], everything: true };
    const missing = '20200101T000000Z-00000000';
    await expect(
      compareOn(settings, { ...order, champion: { version }, challenger: { version: missing } }),
    ).rejects.toMatchObject({ code: 'MODEL_MISSING', message: expect.stringContaining(missing) });
    const empty = join(folder, 'empty.csv');
    await writeFile(empty, 'label,text\n');
    await expect(
      compareModelsOn({
        ...{ ...order, data: ['empty.csv'], champion: version, challenger: version },
        ...{ settings, workingDirectory: folder, disagreements: 1, progress: () => {} },
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^DATA_/) });
  });
});
