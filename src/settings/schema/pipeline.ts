import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { setting } from '../setting.ts';

export const batch = z.strictObject({
  maxMessages: setting(z.number().int().min(1).max(65_536).default(4096), {
    description: 'Maximum number of messages in a batch.',
    unit: 'messages',
  }),
  maxAgeSeconds: setting(z.number().min(0.001).max(60).default(0.005), {
    description: 'Maximum age of a partial batch.',
    unit: 's',
  }),
});

export const messages = z.strictObject({
  maxBytes: setting(
    z
      .number()
      .int()
      .min(1024)
      .max(16 * 1024 * 1024)
      .default(65_536),
    {
      description: 'Maximum size of a message’s JSON; larger ones become dead letters.',
      unit: 'bytes',
      live: true,
    },
  ),
});

export const memory = z.strictObject({
  maxMebibytes: setting(z.number().int().min(16).max(1_048_576).default(256), {
    description:
      'Memory budget for messages between source and outcome, over all partitions; above it nothing more is read.',
    unit: 'MiB',
  }),
});

export const pool = z.strictObject({
  threads: setting(
    z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(() => availableParallelism()),
    { description: 'Scoring threads. Each loads the whole model.', defaultText: 'number of cores' },
  ),
  maxInFlight: setting(z.number().int().min(1).max(4096).optional(), {
    description:
      'Maximum number of batches that are being scored or wait for a scoring thread; above it nothing more is pulled. Each partition may have four times as many unsettled batches.',
    unit: 'batches',
    defaultText: '2 × `pool.threads`',
  }),
});

export const commit = z.strictObject({
  intervalSeconds: setting(z.number().min(0.01).max(300).default(1), {
    description:
      'How often offsets are committed. After a crash, messages since the last commit are scored again.',
    unit: 's',
  }),
  maxFailureSeconds: setting(z.number().min(1).max(86_400).default(60), {
    description:
      'If commits fail for longer, nothing more is pulled until they succeed; this bounds what is scored again after a restart.',
    unit: 's',
  }),
});

export const drain = z.strictObject({
  deadlineSeconds: setting(z.number().min(1).max(3600).default(20), {
    description:
      'Time limit of an orderly stop. If sinks do not accept what is in flight in time, the process ends with exit code 75; as a last resort it sends SIGKILL to itself. Nothing is lost. Keep it below the grace period of systemd or Kubernetes.',
    unit: 's',
  }),
});
