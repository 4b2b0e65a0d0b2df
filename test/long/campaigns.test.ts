import { describe, expect, it } from 'vitest';
import { decided } from '../unit/text/similarity/campaign-groups.ts';
import { waitingMessages } from '../unit/text/similarity/campaign-messages.ts';

describe('campaigns of a full queue', () => {
  it.each([1, 2, 3])(
    '10,000 variants of eight templates among 2,000 honest messages are cleared by at most 12 decisions with at most three wrong labels in a thousand, seed %i',
    (seed) => {
      const result = decided(waitingMessages(10_000, 2_000, seed), 12);
      process.stdout.write(`${JSON.stringify({ seed, ...result })}\n`);
      expect(result.decisions).toBeLessThanOrEqual(12);
      expect(result.wrongShare).toBeLessThanOrEqual(0.003);
    },
    120_000,
  );
});
