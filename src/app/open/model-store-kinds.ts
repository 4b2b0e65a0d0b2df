import { FolderActivation } from '../../adapters/folder/folder-activation.ts';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { HdfsActivation } from '../../adapters/hdfs/hdfs-activation.ts';
import { HdfsClient } from '../../adapters/hdfs/hdfs-client.ts';
import { HdfsModelStore } from '../../adapters/hdfs/hdfs-model-store.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { ModelStoreKind } from './kinds.ts';

/** A folder on this machine. */
export const folderModels: ModelStoreKind = {
  store: ({ localPath }) => new FolderModelStore(localPath),
  activation: ({ localPath }) => new FolderActivation(localPath),
};

/** A folder in HDFS, with copies on this machine. */
export const hdfsModels: ModelStoreKind = {
  store: (model) => {
    const local = new FolderModelStore(model.localPath);
    const { hdfs, path } = openHdfs(model);
    return new HdfsModelStore({ hdfs, path, local, keepVersions: model.keepVersions });
  },
  activation: (model) => {
    const { hdfs, path } = openHdfs(model);
    return new HdfsActivation(hdfs, path);
  },
};

function openHdfs({ hdfs: { url, path, user, deadlineSeconds } }: Settings['model']): {
  readonly hdfs: HdfsClient;
  readonly path: string;
} {
  // The settings are refused without the two.
  if (url === undefined || path === undefined)
    throw new SluiceError('INTERNAL', 'model.store is hdfs without an address or a path');
  return { hdfs: new HdfsClient({ urls: url.split(','), user, deadlineSeconds }), path };
}
