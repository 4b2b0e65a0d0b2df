import * as z from 'zod';
import type { VerdictName } from '../../core/verdict.ts';
import { setting } from '../setting.ts';

const rate = z.number().min(0).max(1);

/** Rates by band; `inherited`: what holds where one is not set, as documentation writes it. */
function bandRates(inherited: string, of = '') {
  const rateOf = (band: VerdictName) =>
    setting(rate.optional(), {
      description: `Share of the messages${of} with the verdict ${band} that are drawn.`,
      live: true,
      defaultText: inherited,
    });
  return z.strictObject({ ham: rateOf('ham'), review: rateOf('review'), spam: rateOf('spam') }).prefault({});
}

const community = z.strictObject({
  rate: setting(rate.optional(), {
    description: 'Share of the messages of this community that are drawn.',
    live: true,
    defaultText: '`audit.rate`',
  }),
  bands: bandRates('the rate of the community, else `audit.bands`', ' of this community'),
});

/** The sample of all messages from which true error rates are estimated. */
export const audit = z.strictObject({
  rate: setting(rate.default(0.0001), {
    description:
      'Share of all messages that people review whatever their verdict, without seeing the score, so that true error rates are known. The same messages are drawn when they come again. 0 draws none.',
    live: true,
  }),
  bands: bandRates('`audit.rate`'),
  communities: z.record(z.string().min(1), community).prefault({}),
  key: setting(z.string().min(16).max(1000).optional(), {
    description:
      'Secret by which messages are drawn; all daemons of a database need the same. Best set by the environment or a file. A random one is kept in the database if it is not set.',
    secret: true,
    allowed: 'text of at least 16 characters',
    defaultText: 'one of the database',
  }),
});
