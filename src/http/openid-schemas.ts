import * as z from 'zod';

/** What the log-in page and its server say to each other about log-ins by an identity provider. */

export const loginMethodsAnswer = z
  .object({
    openid: z
      .object({ label: z.string().describe('Of the button.') })
      .nullable()
      .describe('Null where no identity provider is configured.'),
  })
  .meta({ id: 'LoginMethods', description: 'Ways to log in, beside name and password.' });
export type LoginMethodsAnswer = z.infer<typeof loginMethodsAnswer>;

export const openIdStartQuery = z.object({
  to: z.string().max(500).optional().describe('The page of the console to show afterwards, with its query.'),
});

/** What the address of the log-in page says after a log-in that failed, as `/?login=WORD`. */
export const loginWords = [
  ...(['unavailable', 'stale', 'denied', 'untrusted'] as const),
  ...(['no-role', 'unknown', 'disabled', 'name', 'throttled'] as const),
] as const;
export type LoginWord = (typeof loginWords)[number];
