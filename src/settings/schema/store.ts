import * as z from 'zod';
import { setting } from '../setting.ts';
import { filePath, host, type KindFacts, kindsOf, path, port } from './shared.ts';

/** Databases of the review queue. */
export const storeKinds = {
  libsql: {},
  mysql: { zookeeperKeys: ['jdbc-host', 'jdbc-db', 'jdbc-user'] },
} as const satisfies Readonly<Record<string, KindFacts>>;

const mysql = z.strictObject({
  host: setting(host.default('127.0.0.1'), { description: 'Host of the server.' }),
  port: setting(port.min(1).default(3306), { description: 'Port of the server.' }),
  database: setting(z.string().min(1).max(64).default('sluice'), {
    description: 'Name of the database. Missing tables are created.',
  }),
  user: setting(z.string().min(1).default('sluice'), { description: 'User name.' }),
  password: setting(z.string().optional(), {
    description: 'Password; best set by the environment or a file.',
    secret: true,
    allowed: 'text',
  }),
  trainingTable: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9_]{1,64}$/)
      .default('training'),
    {
      description: 'Table of labeled messages. If it exists, missing columns are added.',
      allowed: '1 to 64 letters, digits and `_`',
    },
  ),
  poolSize: setting(z.number().int().min(1).max(64).default(4), {
    description: 'Maximum number of connections.',
    unit: 'connections',
  }),
  deadlineSeconds: setting(z.number().min(0.1).max(300).default(5), {
    description: 'Timeout of a statement, and of waiting for a connection.',
    unit: 's',
  }),
  allowPasswordWithoutTls: setting(z.boolean().default(false), {
    description:
      'Whether a password may be sent to a server on another machine without TLS. Anyone who can read that traffic can then guess passwords offline and read all rows.',
  }),
  serverPublicKey: setting(path.optional(), {
    description:
      'PEM file of the server’s RSA public key (`public_key.pem` of MySQL). Without TLS the password is encrypted for this key only. If it is not set, a server on another machine never receives a password that it could decrypt.',
    allowed: 'a path',
    defaultText: 'none',
  }),
  tls: z
    .strictObject({
      mode: setting(z.enum(['off', 'verify-ca', 'verify-full']).default('off'), {
        description:
          'TLS mode. `verify-ca` verifies the server certificate against the authority; `verify-full` also verifies the host name.',
      }),
      ca: setting(path.optional(), {
        description: 'PEM file of the certificate authority.',
        allowed: 'a path',
        defaultText: 'the authorities that Node.js trusts',
      }),
    })
    .prefault({}),
});

const spool = z.strictObject({
  path: setting(path.default('review-spool'), {
    description: 'Folder of the spool, which holds review rows while MySQL is unavailable.',
    defaultBase: 'state',
  }),
  maxMebibytes: setting(z.number().int().min(1).max(1_048_576).default(256), {
    description: 'Maximum spool size; when full, the pipeline pauses until MySQL is available.',
    unit: 'MiB',
  }),
});

export const store = z.strictObject({
  kind: setting(kindsOf(storeKinds).default('libsql'), {
    description: 'Database of the review queue: embedded, or a MySQL or MariaDB server.',
  }),
  libsql: filePath('sluice.db', 'File of the embedded database.'),
  mysql: mysql.prefault({}),
  spool: spool.prefault({}),
});
