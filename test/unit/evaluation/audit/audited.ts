import type { AuditedMessage } from '../../../../src/core/audit.ts';
import { type AuditEstimates, isMissing, type Known } from '../../../../src/core/report-facts.ts';

/** A drawn message that is decided as ham. */
export function audited(rest: Partial<AuditedMessage> = {}): AuditedMessage {
  return {
    ...{ inclusionProbability: 0.0001, verdict: 'ham', language: 'en', community: 'forum' },
    ...{ model: '20261101T000000Z-01234567', probability: 0.1, drawnAt: Date.UTC(2026, 10, 15) },
    ...{ label: 'ham', unsure: 0, ...rest },
  };
}

export function times(count: number, rest: Partial<AuditedMessage> = {}): AuditedMessage[] {
  return Array.from({ length: count }, () => audited(rest));
}

/** Fails where there are none. */
export function known<T extends object>(figures: Known<T>): T {
  if (isMissing(figures)) throw new Error(figures.missing);
  return figures;
}

export const rates = [
  'truePositiveRate',
  'falsePositiveRate',
  'precision',
  'prevalence',
] as const satisfies readonly (keyof AuditEstimates)[];
