import * as z from 'zod';

const identifier = (what: string) =>
  z
    .union([z.string().min(1).max(1000), z.number().int().refine(Number.isSafeInteger)])
    .describe(`${what} A whole number means the string of its digits.`);

/** A report, as a request or a record of a topic has it. */
export const reportBody = z.object({
  community: z.string().max(1000).default(''),
  message_id: identifier('Unique within its community.'),
  message: z.string().min(1).max(200_000).describe('The text that was reported.'),
  reporter: identifier('Who reported it, in the community’s own words; stored as a hash.'),
  sender: identifier('Who sent it; without it, an erasure of the sender may not find the text.').nullish(),
});
