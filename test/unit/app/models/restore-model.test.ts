import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../../../src/adapters/folder/folder-model-store.ts';
import type { HdfsClient } from '../../../../src/adapters/hdfs/hdfs-client.ts';
import { HdfsModelStore } from '../../../../src/adapters/hdfs/hdfs-model-store.ts';
import { restoreModel } from '../../../../src/app/models/restore-model.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import { madeUpModel } from '../../../contract/suites/model-store.ts';
import { temporaryFolder } from '../../../contract/temporary-folder.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

const model = { version: '20260101T000000Z-0123abcd', path: '/models', sha256: 'of the active model' };

describe('the active model whose files a thread found changed', () => {
  it('restoreModel fetches the active model again if a thread found its files changed, and compares it with the hash of its admission check', async () => {
    const fetched: unknown[] = [];
    const log = new RecordingLog();
    const store = {
      fetch: async (...asked: readonly unknown[]) => {
        fetched.push(asked);
        return model;
      },
    };
    await restoreModel(store, log)(model);
    expect(fetched).toEqual([[model.version, model.sha256]]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('restoreModel reports an error if the files of the active model have changed and there is no other copy', async () => {
    const log = new RecordingLog();
    const store = { fetch: () => Promise.reject(new SluiceError('MODEL_CORRUPT', 'a hash')) };
    await expect(restoreModel(store, log)(model)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect(log.lines.map(({ level, fields }) => [level, fields.error])).toEqual([['error', 'a hash']]);
  });

  it('restoreModel fetches the changed files of the active model from HDFS again', async () => {
    const folder = await temporaryFolder();
    const { version, sha256, files } = madeUpModel();
    const local = new FolderModelStore(folder.path);
    const read = async (path: string) => files[path.split('/').at(-1)!];
    const stat = async (path: string) => ({ length: (await read(path))?.length });
    const hdfs = { read, stat } as unknown as HdfsClient;
    const store = new HdfsModelStore({ hdfs, path: '/models', local, keepVersions: 3 });
    const fetched = await store.fetch(version, sha256);
    await writeFile(join(fetched.path, 'linear.onnx'), 'other');
    await expect(local.fetch(version)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    await restoreModel(store, new RecordingLog())(fetched);
    expect(await local.fetch(version)).toEqual(fetched);
    await folder.dispose();
  });
});
