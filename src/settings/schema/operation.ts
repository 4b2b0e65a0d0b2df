import * as z from 'zod';
import { setting } from '../setting.ts';
import { path } from './shared.ts';

export const state = z.strictObject({
  path: setting(path.default('data'), {
    description: 'Folder of the daemon’s state: offsets, and every path whose default is in it.',
    defaultBase: 'working-directory',
  }),
});

export const metrics = z.strictObject({
  process: setting(z.boolean().default(true), {
    description: 'Whether to export `nodejs_*` and `process_*` metrics.',
  }),
  lagIntervalSeconds: setting(z.number().min(1).max(3600).default(15), {
    description: 'How often lag is measured.',
    unit: 's',
  }),
});

export const log = z.strictObject({
  level: setting(z.enum(['debug', 'info', 'warn', 'error']).default('info'), {
    description: 'Least severe level that is logged.',
  }),
  format: setting(z.enum(['json', 'pretty']).default('json'), {
    description: '`json` for machines, `pretty` for people.',
  }),
});

const days = z.number().int().min(1).max(36_500).optional();

export const retention = z.strictObject({
  decidedDays: setting(days, {
    description:
      'Age at which `sluice erase --expired` erases the text of decided review rows. Their training rows stay.',
    unit: 'days',
    defaultText: 'kept',
  }),
  deadLetterDays: setting(days, {
    description: 'Age at which `sluice erase --expired` erases dead letters of a file.',
    unit: 'days',
    defaultText: 'kept',
  }),
});
