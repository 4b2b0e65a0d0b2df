import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../../src/adapters/folder/folder-model-store.ts';
import { S3ModelStore } from '../../../src/adapters/s3/s3-model-store.ts';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { madeUpModel, type StoredModel } from '../../contract/suites/model-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../../contract/temporary-folder.ts';
import { MemoryBucket } from './memory-bucket.ts';

let folder: TemporaryFolder;
let bucket: MemoryBucket;
beforeEach(async () => {
  folder = await temporaryFolder();
  bucket = new MemoryBucket();
});
afterEach(() => folder.dispose());

const model = madeUpModel();
const keyOf = (name: string) => `models/${model.version}/${name}`;
const storeOn = (name = 'local') =>
  new S3ModelStore({
    bucket,
    prefix: 'models',
    local: new FolderModelStore(join(folder.path, name)),
    keepVersions: 3,
  });

async function layHere({ version, sha256, files }: StoredModel): Promise<LocalModel> {
  const path = join(folder.path, 'trained', version);
  await mkdir(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return { version, path, sha256 };
}

describe('S3ModelStore', () => {
  it('S3ModelStore lists no part of a model if the push was killed, at any moment, and completes it later', async () => {
    const local = await layHere(model);
    for (let survives = 0; ; survives++) {
      bucket = new MemoryBucket();
      let left = survives;
      let killed = false;
      bucket.before = () => {
        if (!killed && left-- > 0) return;
        killed = true;
        throw new Error('killed');
      };
      await storeOn()
        .push(local)
        .catch(() => {});
      bucket.before = () => {};
      const isWritten = bucket.objects.has(keyOf('manifest.json'));
      expect(await storeOn().list(), `killed before operation ${survives}`).toEqual(
        isWritten ? [model.version] : [],
      );
      await storeOn().push(local);
      expect(await storeOn().list()).toEqual([model.version]);
      expect((await storeOn(`copy-${survives}`).fetch(model.version)).sha256).toBe(model.sha256);
      if (!killed) break;
    }
  });

  it('S3ModelStore writes the manifest behind all files, also if two push the same model at the same time', async () => {
    const local = await layHere(model);
    const atManifest: number[] = [];
    bucket.before = (operation, key) => {
      if (operation === 'write' && key === keyOf('manifest.json')) atManifest.push(bucket.objects.size);
    };
    await Promise.all([storeOn().push(local), storeOn().push(local)]);
    bucket.before = () => {};
    expect(await storeOn().list()).toEqual([model.version]);
    const files = Object.keys(model.files).length;
    expect(atManifest[0]).toBe(files - 1);
    expect(atManifest).toHaveLength(2);
    const now = new Map(bucket.objects);
    await storeOn().push(local);
    expect(bucket.objects).toEqual(now);
  });

  it('S3ModelStore refuses to push under a version that has another manifest, and changes nothing', async () => {
    const local = await layHere(model);
    bucket.objects.set(keyOf('manifest.json'), Buffer.from('another'));
    bucket.objects.set(keyOf('linear.onnx'), Buffer.from('another'));
    const before = new Map(bucket.objects);
    await expect(storeOn().push(local)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect(bucket.objects).toEqual(before);
  });

  it('S3ModelStore refuses to push if another model took the version in the meantime', async () => {
    const local = await layHere(model);
    bucket.before = (operation, key) => {
      if (operation === 'write' && key === keyOf('manifest.json'))
        bucket.objects.set(key, Buffer.from('another'));
    };
    await expect(storeOn().push(local)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect(Buffer.from(bucket.objects.get(keyOf('manifest.json'))!).toString()).toBe('another');
  });

  it('S3ModelStore refuses a model with an altered object, and a push repairs it', async () => {
    const local = await layHere(model);
    await storeOn().push(local);
    bucket.objects.set(keyOf('linear.onnx'), Buffer.from('grahp'));
    await expect(storeOn().fetch(model.version)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect(await readdir(join(folder.path, 'local'))).toEqual([]);
    await storeOn().push(local);
    await storeOn().fetch(model.version);
  });

  it('S3ModelStore lists a version no more if one of its objects was deleted', async () => {
    const store = storeOn();
    await store.push(await layHere(model));
    expect(await store.list()).toEqual([model.version]);
    bucket.objects.delete(keyOf('vocabulary.txt'));
    expect(await store.list()).toEqual([]);
  });

  it.each(['linear.onnx', 'manifest.json'])(
    'S3ModelStore pushes no model whose %s was changed on this disk',
    async (name) => {
      const local = await layHere(model);
      await writeFile(join(local.path, name), 'grahp');
      await expect(storeOn().push(local)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
      expect(await storeOn().list()).toEqual([]);
    },
  );

  it('S3ModelStore also stores files that the manifest does not list, and keeps those that are there', async () => {
    const local = await layHere(model);
    bucket.objects.set(keyOf('training.json'), Buffer.from('of another run'));
    await writeFile(join(local.path, 'training.json'), '{}');
    await writeFile(join(local.path, 'data.json'), '{}');
    await storeOn().push(local);
    expect(Buffer.from(bucket.objects.get(keyOf('training.json'))!).toString()).toBe('of another run');
    expect(bucket.objects.has(keyOf('data.json'))).toBe(true);
  });
});
