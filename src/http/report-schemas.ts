import * as z from 'zod';

const identifier = (what: string) =>
  z
    .union([z.string().min(1).max(1000), z.number().int().refine(Number.isSafeInteger)])
    .describe(`${what} A whole number means the string of its digits.`);

/** `POST /api/v1/reports`. */
export const reportBody = z.object({
  community: z.string().max(1000).default(''),
  message_id: identifier('Unique within its community.'),
  message: z.string().min(1).max(200_000).describe('The text that was reported.'),
  reporter: identifier('Who reported it, in the community’s own words; stored as a hash.'),
  sender: identifier('Who sent it; without it, an erasure of the sender may not find the text.').nullish(),
});

export const reportAnswer = z
  .object({
    state: z
      .enum(['open', 'decided', 'erased'])
      .describe(
        '`open`: a person will look at it. `decided`: a person did, and it stays so. `erased`: its text was erased and is not stored again.',
      ),
    counted: z.boolean().describe('False if the same person had reported the message before.'),
  })
  .meta({ id: 'Report', description: 'What becomes of a report.' });
