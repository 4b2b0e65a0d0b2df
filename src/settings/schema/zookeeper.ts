import * as z from 'zod';
import { setting } from '../setting.ts';
import { absolutePath, absolutePathAllowed } from './shared.ts';

export const zookeeper = z.strictObject({
  hosts: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9.-]+:\d{1,5}(?:,[A-Za-z0-9.-]+:\d{1,5})*$/)
      .optional(),
    {
      description: 'ZooKeeper servers. If set, the daemon follows the settings that are stored there.',
      allowed: 'host:port, separated by commas',
    },
  ),
  path: setting(absolutePath.default('/sluice'), {
    description: 'ZooKeeper node below which the settings are stored.',
    allowed: absolutePathAllowed,
  }),
  auth: setting(
    z
      .string()
      .regex(/^[^:]+:.+$/)
      .optional(),
    { description: 'Credentials for nodes with a digest ACL.', allowed: 'user:password', secret: true },
  ),
  deadlineSeconds: setting(z.number().min(0.1).max(60).default(4), {
    description: 'Request timeout; the request is then repeated.',
    unit: 's',
  }),
  pollSeconds: setting(z.number().min(0.1).max(3600).default(5), {
    description: 'How often all keys are read, in addition to watches.',
    unit: 's',
  }),
});
