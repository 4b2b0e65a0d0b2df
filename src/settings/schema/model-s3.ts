import * as z from 'zod';
import { setting } from '../setting.ts';

/** The bucket of models, where `model.store` is `s3`. */
export const modelS3 = z
  .strictObject({
    endpoint: setting(
      z
        .string()
        .regex(/^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/)
        .optional(),
      {
        description: 'Address of the S3-compatible service. Required with `model.store: s3`.',
        allowed:
          'an address such as `https://s3.eu-central-1.amazonaws.com` or `https://objects.example:9000`',
      },
    ),
    region: setting(
      z
        .string()
        .regex(/^[a-z0-9-]{1,63}$/)
        .default('us-east-1'),
      {
        description:
          'Region of the bucket, a part of each signature. Services without regions mostly take any.',
        allowed: 'a name of small letters, digits and `-`',
      },
    ),
    bucket: setting(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
        .optional(),
      {
        description: 'Bucket of models, which must exist. Required with `model.store: s3`.',
        allowed: 'a name of 3 to 63 small letters, digits, `.` and `-`',
      },
    ),
    prefix: setting(
      z
        .string()
        .regex(/^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/)
        .max(200)
        .default('models'),
      {
        description: 'What keys begin with; `/`, the version, `/` and the name of a file follow.',
        allowed: 'a relative path of letters, digits, `.`, `_` and `-`',
      },
    ),
    accessKeyId: setting(
      z
        .string()
        .regex(/^[\x21-\x7e]+$/)
        .optional(),
      {
        description: 'Access key id. Required with `model.store: s3`.',
        allowed: 'text without spaces',
      },
    ),
    secretAccessKey: setting(z.string().min(1).optional(), {
      description:
        'Secret access key; best set by the environment or a file. Required with `model.store: s3`.',
      secret: true,
      allowed: 'text',
    }),
    forcePathStyle: setting(z.boolean().default(true), {
      description:
        'Whether addresses have the bucket in their path, which almost all services take, and not in the host name.',
    }),
    allowWithoutTls: setting(z.boolean().default(false), {
      description:
        'Allow an `http` endpoint on another machine. The secret key is not sent, but who can change that traffic can activate another model.',
    }),
    deadlineSeconds: setting(z.number().min(0.1).max(600).default(10), {
      description:
        'Timeout of a request with its retries. File transfers get more, in proportion to their size.',
      unit: 's',
    }),
  })
  .prefault({});
