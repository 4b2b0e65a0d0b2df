import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModelManager, openModelManager } from '../../../../src/app/models/manage-models.ts';
import { openModelRegistry } from '../../../../src/app/open/open-model-registry.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { ModelRegistry } from '../../../../src/ports/model-registry.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';
import { madeUpModel } from '../../../contract/suites/model-store.ts';

let folder: string;
let settings: Settings;
let registry: ModelRegistry;
let manager: ModelManager;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-models-'));
  settings = {
    model: { store: 'folder', localPath: join(folder, 'models'), version: 'active' },
    store: { kind: 'libsql', libsql: { path: join(folder, 'sluice.db') } },
    zookeeper: {},
  } as Settings;
  registry = openModelRegistry(settings);
  warnings = [];
  manager = openModelManager(settings, (text) => warnings.push(text), registry);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder beside the models; answers its path and the version. */
function made(time: string, training?: string) {
  const { version, files } = madeUpModel(time, time);
  const path = join(folder, 'made', version);
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  if (training !== undefined) writeFileSync(join(path, 'training.json'), training);
  return { version, path };
}

const registered = async () => await manager.registered();

describe('the table of models', () => {
  it('the model registry records what was pushed, with its hash and the figures of its training', async () => {
    const all = { spam_above_half: 0.9, ham_above_half: 0.01, roc_auc: 0.99 };
    const { version, path } = made(
      '20260101T000000Z',
      JSON.stringify({ figures: { testing_part: { all } } }),
    );
    await manager.push(path);
    expect(await registered()).toMatchObject([
      {
        ...{ version, status: 'candidate', truePositiveRate: 0.9, falsePositiveRate: 0.01, figures: all },
        path: join(folder, 'models', version),
        sha256: expect.stringMatching(new RegExp(`^${version.slice(-8)}[0-9a-f]{56}$`)) as unknown,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it.each([undefined, 'no json', '{"figures": {}}'])(
    'the model registry accepts a model without figures of its training (%s)',
    async (training) => {
      await manager.push(made('20260101T000000Z', training).path);
      expect(await registered()).toMatchObject([
        { truePositiveRate: null, falsePositiveRate: null, figures: {} },
      ]);
    },
  );

  it('the model registry agrees with the activation, also after a rollback', async () => {
    const [first, second] = [made('20260101T000000Z'), made('20260102T000000Z')];
    for (const { path } of [first, second]) await manager.push(path);
    await manager.activate(first.version);
    await manager.activate(second.version);
    const statuses = async () => (await registered())!.map(({ version, status }) => ({ version, status }));
    expect(await statuses()).toEqual([
      { version: second.version, status: 'active' },
      { version: first.version, status: 'inactive' },
    ]);
    expect((await manager.rollback())?.active.version).toBe(first.version);
    expect(await statuses()).toEqual([
      { version: second.version, status: 'inactive' },
      { version: first.version, status: 'active' },
    ]);
    expect((await registered())![1]!.decided).toMatch(/^rolled back to by \S+@/);
  });

  it('an unavailable model registry prevents no push, activation or rollback; each logs a warning, and is recorded later', async () => {
    const away = async () => {
      throw new SluiceError('STORE_FAILED', 'away', { retriable: true });
    };
    const gone = {
      location: 'the table',
      pushed: away,
      activated: away,
      refused: away,
      compared: away,
      list: away,
      sha256Of: away,
    };
    const without = openModelManager(settings, (text) => warnings.push(text), gone);
    const [first, second] = [made('20260101T000000Z'), made('20260102T000000Z')];
    await without.push(first.path);
    await without.push(second.path);
    await without.activate(first.version);
    await without.activate(second.version);
    expect((await without.rollback())?.active.version).toBe(first.version);
    expect(await without.registered()).toBeUndefined();
    expect(warnings).toHaveLength(6);
    expect(warnings[0]).toMatch(/is pushed, but that could not be recorded in the table: away/);
    await manager.activate(first.version);
    expect(await registered()).toMatchObject([{ version: first.version, status: 'active' }]);
  });

  it('a version with another hash in the model registry is not pushed', async () => {
    const { version, path } = made('20260101T000000Z');
    await registry.pushed({
      ...{ version, sha256: 'f'.repeat(64), path, figures: {} },
      ...{ truePositiveRate: null, falsePositiveRate: null },
    });
    await expect(manager.push(path)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });
});
