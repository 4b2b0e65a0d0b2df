import * as z from 'zod';

/** What `GET /api/v1/settings` answers; the page imports the types. */

export const settingsAnswer = z
  .object({
    process: z.enum(['daemon', 'console']),
    follows_changes: z
      .boolean()
      .describe(
        'Whether live settings that change at their source take effect in this process; else they are those of its start.',
      ),
    settings: z.array(
      z.object({
        name: z.string(),
        value: z
          .string()
          .nullable()
          .describe('As in a settings file; null where nothing is set, and for each secret.'),
        source: z.enum(['default', 'file', 'live', 'environment', 'flag']),
        from: z.string().describe('The source in words: a path, the address of ZooKeeper, a variable.'),
        description: z.string(),
        unit: z.string().nullable(),
        allowed: z.string(),
        live: z.boolean().describe('Whether it may change while a daemon runs.'),
        secret: z.boolean(),
        environment: z.string().nullable().describe('The variable that sets it.'),
        at_next_start: z
          .boolean()
          .describe('Whether its source has another value by now, which takes effect at the next start.'),
      }),
    ),
  })
  .meta({ id: 'Settings', description: 'Every setting with its effective value and where that comes from.' });
export type SettingsAnswer = z.infer<typeof settingsAnswer>;
