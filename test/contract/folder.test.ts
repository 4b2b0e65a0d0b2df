import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { describeModelStore } from './suites/model-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeModelStore('FolderModelStore', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'models');
  return {
    store: new FolderModelStore(path),
    put: async ({ version, files }) => {
      await mkdir(join(path, version), { recursive: true });
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, version, name), bytes);
    },
    dispose: folder.dispose,
  };
});
