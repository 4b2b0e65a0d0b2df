import * as z from 'zod';

const agreement = z.object({
  pairs: z.number().int().describe('Messages that two people answered.'),
  observed: z.number().nullable().describe('Share of them with the same answer; null with too few pairs.'),
  kappa: z
    .number()
    .nullable()
    .describe("Cohen's κ of spam, ham and unsure; null with too few pairs, or if all answers are the same."),
  low: z.number().nullable().describe('95 % interval.'),
  high: z.number().nullable(),
});
export type AgreementFigures = z.infer<typeof agreement>;

export const agreementQuery = z.object({
  days: z.coerce.number().int().min(1).max(3650).default(90).describe('Of second answers in so many days.'),
});

/** `GET /api/v1/review/agreement`. */
export const agreementAnswer = z
  .object({
    least_pairs: z.number().int().describe('Figures are shown from so many pairs on.'),
    mine: agreement.describe('Of the one who asks, with all others.'),
    weeks: z
      .array(
        agreement.extend({ week: z.number().int().describe('Its Monday, 0:00 UTC; epoch milliseconds.') }),
      )
      .describe('Oldest first: of all for a lead, of the one who asks for others.'),
    team: agreement.nullable().describe('For leads.'),
    people: z
      .array(agreement.extend({ names: z.tuple([z.string(), z.string()]).readonly() }))
      .nullable()
      .describe('For leads: of each two people, those with the most pairs first.'),
  })
  .meta({ id: 'Agreement', description: 'How often two people gave the same answer for a message.' });
export type AgreementAnswer = z.infer<typeof agreementAnswer>;
