import { FolderActivation } from '../../adapters/folder/folder-activation.ts';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { HdfsActivation } from '../../adapters/hdfs/hdfs-activation.ts';
import { HdfsClient } from '../../adapters/hdfs/hdfs-client.ts';
import { HdfsModelStore } from '../../adapters/hdfs/hdfs-model-store.ts';
import { ZooKeeperActivation } from '../../adapters/zookeeper/zookeeper-activation.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { OpenModelStore } from '../daemon.ts';

/** Where the settings say that models are kept. */
export const openModelStore: OpenModelStore = ({ model }) => {
  const local = new FolderModelStore(model.localPath);
  if (model.store === 'folder') return local;
  const { hdfs, path } = openHdfs(model);
  return new HdfsModelStore({ hdfs, path, local, keepVersions: model.keepVersions });
};

/** Where it is said which model is active: in ZooKeeper where there is one, else beside the models. */
export function openModelActivation({ model, zookeeper }: Settings): ModelActivation {
  const { hosts, path: keys, auth, deadlineSeconds } = zookeeper;
  if (hosts !== undefined) return new ZooKeeperActivation({ hosts, auth, deadlineSeconds }, keys);
  if (model.store === 'folder') return new FolderActivation(model.localPath);
  const { hdfs, path } = openHdfs(model);
  return new HdfsActivation(hdfs, path);
}

function openHdfs({ hdfs: { url, path, user, deadlineSeconds } }: Settings['model']): {
  readonly hdfs: HdfsClient;
  readonly path: string;
} {
  // The settings are refused without the two.
  if (url === undefined || path === undefined)
    throw new SluiceError('INTERNAL', 'model.store is hdfs without an address or a path');
  return { hdfs: new HdfsClient({ urls: url.split(','), user, deadlineSeconds }), path };
}
