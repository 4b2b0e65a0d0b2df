import type { AuditDesign } from './audit-simulation.ts';

const usual = {
  messages: [1_000_000, 20_000_000],
  prevalence: [0.005, 0.1],
  rates: { ham: 0.0001, review: 0.0001, spam: 0.0001 },
  response: { ham: 0.95, review: 0.85, spam: 0.9 },
} as const satisfies Partial<AuditDesign>;
const moreOfBands = { ham: 0.0001, review: 0.001, spam: 0.001 };

/** How samples may be drawn. The first is the default setting. */
export const auditDesigns: Readonly<Record<'uniform' | 'bands' | 'community' | 'both', AuditDesign>> = {
  uniform: { name: '1 in 10,000', ...usual },
  bands: { name: 'ten times as many of review and spam', ...usual, rates: moreOfBands },
  community: {
    name: 'ten times as many of a small community',
    ...usual,
    smallCommunity: { ham: 0.001, review: 0.001, spam: 0.001 },
  },
  both: {
    name: 'both',
    ...usual,
    rates: moreOfBands,
    smallCommunity: { ham: 0.001, review: 0.01, spam: 0.01 },
  },
};

/** What the estimates do not allow for: within a verdict, ham is decided half as often as spam. */
export const unequalResponse: AuditDesign = {
  ...auditDesigns.bands,
  name: 'bands, ham of a verdict decided half as often as spam',
  spamResponse: 2,
};
