import * as z from 'zod';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import { setting } from '../setting.ts';
import { modelS3 } from './model-s3.ts';
import { absolutePath, absolutePathAllowed, type KindFacts, kindsOf, path } from './shared.ts';

/** Where models can be stored. */
export const modelStoreKinds = {
  folder: {},
  hdfs: {
    needs: [
      ['model', 'hdfs', 'url'],
      ['model', 'hdfs', 'path'],
      ['model', 'localPath'],
    ],
    zookeeperKeys: ['hadoop-url', 'hdfs-path', 'local-path'],
  },
  s3: {
    needs: [
      ['model', 's3', 'endpoint'],
      ['model', 's3', 'bucket'],
      ['model', 's3', 'accessKeyId'],
      ['model', 's3', 'secretAccessKey'],
      ['model', 'localPath'],
    ],
    zookeeperKeys: ['local-path'],
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export const model = z.strictObject({
  store: setting(kindsOf(modelStoreKinds).default('folder'), {
    description:
      'Where models are stored: in `model.localPath`, or in HDFS or an S3 bucket, from which they are copied to it.',
  }),
  localPath: setting(path.default('native-models/default'), {
    description: 'Local folder of models, one folder per version. Required with `hdfs` and `s3`.',
    defaultBase: 'package',
  }),
  version: setting(
    z
      .string()
      .regex(new RegExp(`^(?:active|latest)$|${modelVersionPattern.source}`))
      .default('active'),
    {
      description:
        'The model that scores. `active`: the one that `sluice model activate` chose, or the newest if none was chosen.',
      live: true,
      allowed: '`active`, `latest`, or a version such as `20261101T120000Z-0123abcd`',
    },
  ),
  keepVersions: setting(z.number().int().min(2).max(100).default(3), {
    description: 'Local copies of models from HDFS or S3 to keep: the most recently used.',
    unit: 'models',
  }),
  hdfs: z
    .strictObject({
      url: setting(
        z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:,https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?)*$/)
          .optional(),
        {
          description: 'HTTP addresses of the NameNodes. Required with `model.store: hdfs`.',
          allowed: 'addresses such as `http://namenode:9870`, separated by commas',
        },
      ),
      path: setting(absolutePath.optional(), {
        description: 'Folder of models in HDFS, one folder per version. Required with `model.store: hdfs`.',
        allowed: absolutePathAllowed,
      }),
      user: setting(
        z
          .string()
          .regex(/^[A-Za-z0-9._-]+$/)
          .default('sluice'),
        {
          description: 'User name for HDFS.',
          allowed: 'a name of letters, digits, `.`, `_` and `-`',
        },
      ),
      deadlineSeconds: setting(z.number().min(0.1).max(600).default(10), {
        description: 'Request timeout. File transfers get more, in proportion to their size.',
        unit: 's',
      }),
    })
    .prefault({}),
  s3: modelS3,
  admission: z
    .strictObject({
      deadlineSeconds: setting(z.number().min(1).max(3600).default(60), {
        description: 'Time limit of the admission check. A model that exceeds it is rejected.',
        unit: 's',
      }),
      maxMemoryMebibytes: setting(z.number().int().min(64).max(1_048_576).default(4096), {
        description: 'Memory limit of the admission check. A model that exceeds it is rejected.',
        unit: 'MiB',
      }),
    })
    .prefault({}),
});
