import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderActivation } from '../../../src/adapters/folder/folder-activation.ts';
import { FolderModelStore } from '../../../src/adapters/folder/folder-model-store.ts';
import type { ModelFile } from '../../../src/ports/local-models.ts';
import { madeUpModel, type StoredModel } from '../../contract/suites/model-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../../contract/temporary-folder.ts';

let folder: TemporaryFolder;
let path: string;
let store: FolderModelStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'models');
  store = new FolderModelStore(path);
});
afterEach(() => folder.dispose());

async function* filesOf({ files }: StoredModel): AsyncGenerator<ModelFile> {
  for (const [name, bytes] of Object.entries(files)) yield { name, bytes };
}

describe('copies in a folder of models', () => {
  it('copies of models in a folder appear completely or not at all', async () => {
    const model = madeUpModel();
    async function* broken(): AsyncGenerator<ModelFile> {
      yield* filesOf(model);
      throw new Error('cut');
    }
    await expect(store.store(model.version, broken())).rejects.toMatchObject({
      code: 'MODEL_STORE_FAILED',
      retriable: true,
    });
    const changed = { ...model, files: { ...model.files, 'linear.onnx': Buffer.from('grapH') } };
    await expect(store.store(model.version, filesOf(changed))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
    const outside = { ...model, files: { ...model.files, '../outside': Buffer.from('x') } };
    await expect(store.store(model.version, filesOf(outside))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
    expect(await readdir(path)).toEqual([]);
    expect((await readdir(folder.path)).sort()).toEqual(['models']);
    await store.store(model.version, filesOf(model));
    expect(await store.list()).toEqual([model.version]);
  });

  it('copies of models in a folder are removed when others have been active since; models that are not copies stay', async () => {
    const own = madeUpModel('20250101T000000Z');
    await mkdir(join(path, own.version), { recursive: true });
    for (const [name, bytes] of Object.entries(own.files))
      await writeFile(join(path, own.version, name), bytes);
    const models = ['01', '02', '03'].map((day) => madeUpModel(`202601${day}T000000Z`));
    for (const model of models) {
      await store.store(model.version, filesOf(model));
      await store.markActive(model.version, 2);
    }
    expect(await store.list()).toEqual([models[2]!.version, models[1]!.version, own.version]);
    await store.markActive(models[1]!.version, 2);
    expect((await store.lastGood())?.version).toBe(models[1]!.version);
    await writeFile(join(path, models[1]!.version, 'linear.onnx'), 'rot');
    expect((await store.lastGood())?.version).toBe(models[2]!.version);
  });

  it('a model is pushed to a folder of models from another folder', async () => {
    const model = madeUpModel();
    const elsewhere = new FolderModelStore(join(folder.path, 'elsewhere'));
    const made = await elsewhere.store(model.version, filesOf(model));
    await store.push(made);
    expect(await store.fetch(model.version)).toEqual({
      version: model.version,
      path: join(path, model.version),
      sha256: model.sha256,
    });
    await store.push(await store.fetch(model.version));
    expect(await store.list()).toEqual([model.version]);
  });
});

describe('an activation in a folder of models', () => {
  it('the activation in a folder of models is read as it was written, and reported as an error if it is invalid', async () => {
    const activation = new FolderActivation(path);
    expect(await activation.read()).toBeUndefined();
    const activations = { active: { version: madeUpModel().version, sha256: '0'.repeat(64) }, before: [] };
    await activation.write(activations);
    expect(await activation.read()).toEqual(activations);
    await writeFile(activation.location, 'half');
    await expect(activation.read()).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED' });
  });
});
