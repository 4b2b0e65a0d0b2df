import * as z from 'zod';
import { setting } from '../setting.ts';
import { path } from './shared.ts';

export const kafka = z.strictObject({
  brokers: setting(
    z
      .array(z.string().regex(/^[^\s,]+:\d{1,5}$/))
      .max(100)
      .default([]),
    {
      description: 'Bootstrap brokers, `host:port`.',
      allowed: 'a list such as `[one:9092, two:9092]`',
      defaultText: 'none',
    },
  ),
  clientId: setting(z.string().min(1).max(200).default('sluice'), {
    description: 'Client id, which brokers use in logs and quotas.',
  }),
  createTopics: setting(z.boolean().default(true), {
    description: 'Whether to create missing topics.',
  }),
  partitions: setting(z.number().int().min(1).max(10_000).default(12), {
    description:
      'Number of partitions of a topic that Sluice creates. At most as many daemons can share the topic.',
    unit: 'partitions',
  }),
  inflateLimitMebibytes: setting(z.number().int().min(1).max(1024).default(64), {
    description:
      'A compressed record batch that decompresses to more is not decompressed; its messages become dead letters.',
    unit: 'MiB',
  }),
  tls: z
    .strictObject({
      enabled: setting(z.boolean().default(false), {
        description: 'Whether to connect to the brokers over TLS.',
      }),
      caFile: setting(path.optional(), {
        description: 'PEM file of the authority that signed the brokers’ certificates.',
        defaultBase: 'working-directory',
        defaultText: 'the authorities that Node.js trusts',
      }),
      certificateFile: setting(path.optional(), {
        description: 'PEM file of the client certificate, for brokers that require one.',
        defaultBase: 'working-directory',
        defaultText: 'none',
      }),
      keyFile: setting(path.optional(), {
        description: 'PEM file of the key of the client certificate.',
        defaultBase: 'working-directory',
        defaultText: 'none',
      }),
    })
    .prefault({}),
  sasl: z
    .strictObject({
      mechanism: setting(z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']).default('none'), {
        description: 'SASL mechanism.',
      }),
      username: setting(z.string().min(1).optional(), {
        description: 'SASL user name.',
        defaultText: 'none',
      }),
      password: setting(z.string().min(1).optional(), {
        description: 'SASL password.',
        secret: true,
        defaultText: 'none',
      }),
    })
    .prefault({}),
});
