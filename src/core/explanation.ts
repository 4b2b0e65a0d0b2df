import * as z from 'zod';

const offset = z.number().int().nonnegative();
/** UTF-16 code units [start, end) of the message as it was sent. */
export const spanSchema = z.object({ start: offset, end: offset });
export type Span = z.infer<typeof spanSchema>;

/** Why a term is there: see {@link explanationSchema}. */
export const termKinds = ['feature', 'adjustment', 'rest'] as const;

/**
 * Terms that are not features. Each is what one step after the blend adds to the log-odds:
 *
 * - `adjust:trust` draws a message of few known words to the prior;
 * - `adjust:part` is there if a part of the message decides: scaling, shift, and the base models that do not score parts;
 * - `adjust:bias` is the community's bias;
 * - `adjust:limit` lowers the log-odds to the highest that such a message or part may have;
 * - `adjust:unknown` leads to the probability of messages without a known feature.
 */
export const adjustments = {
  trust: 'adjust:trust',
  part: 'adjust:part',
  bias: 'adjust:bias',
  limit: 'adjust:limit',
  unknown: 'adjust:unknown',
} as const;

/** The name of the term into which `fewerTerms` adds up those that it leaves out. */
export const restTerm = 'rest';

export const deobfuscatedSchema = spanSchema.extend({
  from: z.string().describe('As it was sent; empty if something was inserted.'),
  to: z.string().describe('As it was read; empty if it was left out.'),
  kind: z
    .string()
    .describe(
      'A kind of obfuscation; `joined` where words were parted again; `normalized`; `cut` for what was not read.',
    ),
  codePoints: z.array(z.string()).describe('Of `from`, as U+200B; the first 32.'),
});
export type Deobfuscated = z.infer<typeof deobfuscatedSchema>;

/** Additive reasons of a score: `prior` plus the contributions of all terms is `logOdds`, apart from rounding. */
export const explanationSchema = z.object({
  model: z.string(),
  probability: z.number(),
  logOdds: z.number(),
  prior: z.number().describe('Log-odds of the blend for a text without features; the same for all messages.'),
  terms: z
    .array(
      z.object({
        feature: z.string().describe('As in feature-names.ts, or the name of an adjustment.'),
        kind: z.enum(termKinds),
        contribution: z.number().describe('To the log-odds; above zero towards spam.'),
        spans: z.array(spanSchema).describe('Each occurrence; none if it is of the message as a whole.'),
      }),
    )
    .describe('Largest contributions first.'),
  baseModels: z.array(
    z.object({
      name: z.string(),
      score: z.number().nullable().describe('Null if a part decides, which this base model does not score.'),
      contribution: z.number().describe('Of all features through this base model.'),
    }),
  ),
  part: spanSchema
    .extend({ kind: z.enum(['window', 'visible']) })
    .nullable()
    .describe('The part of the message that decides, null if that is the whole.'),
  highlights: z
    .array(spanSchema.extend({ contribution: z.number() }))
    .describe('The contributions of all features that are found somewhere, by word of the message.'),
  deobfuscated: z.array(deobfuscatedSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;
export type ExplanationTerm = Explanation['terms'][number];

/** The same with at most `most` terms: all others become one, so that the sum holds. */
export function fewerTerms(explanation: Explanation, most: number): Explanation {
  const { terms } = explanation;
  if (terms.length <= most) return explanation;
  // Adjustments stay, however small they are.
  const kept = new Set(terms.filter(({ kind }) => kind === 'adjustment'));
  for (const term of terms) if (kept.size < most) kept.add(term);
  const contribution = terms.reduce((sum, term) => (kept.has(term) ? sum : sum + term.contribution), 0);
  return {
    ...explanation,
    terms: [
      ...terms.filter((term) => kept.has(term)),
      { feature: restTerm, kind: 'rest', contribution, spans: [] },
    ],
  };
}
