import { FolderActivation } from '../../adapters/folder/folder-activation.ts';
import { FolderModelStore } from '../../adapters/folder/folder-model-store.ts';
import { HdfsActivation } from '../../adapters/hdfs/hdfs-activation.ts';
import { HdfsClient } from '../../adapters/hdfs/hdfs-client.ts';
import { HdfsModelStore } from '../../adapters/hdfs/hdfs-model-store.ts';
import { S3Activation } from '../../adapters/s3/s3-activation.ts';
import { S3Client } from '../../adapters/s3/s3-client.ts';
import { S3ModelStore } from '../../adapters/s3/s3-model-store.ts';
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

/** A prefix of an S3 bucket, with copies on this machine. */
export const s3Models: ModelStoreKind = {
  store: (model) => {
    const local = new FolderModelStore(model.localPath);
    const { prefix } = model.s3;
    return new S3ModelStore({ bucket: openBucket(model), prefix, local, keepVersions: model.keepVersions });
  },
  activation: (model) => new S3Activation(openBucket(model), model.s3.prefix),
};

function openBucket({ s3 }: Settings['model']): S3Client {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3;
  // The settings are refused without them.
  if ([endpoint, bucket, accessKeyId, secretAccessKey].includes(undefined))
    throw new SluiceError('INTERNAL', 'model.store is s3 without an address, a bucket or a key');
  const { region, forcePathStyle, deadlineSeconds } = s3;
  return new S3Client({
    endpoint: endpoint!,
    region,
    bucket: bucket!,
    accessKeyId: accessKeyId!,
    secretAccessKey: secretAccessKey!,
    forcePathStyle,
    deadlineSeconds,
  });
}
