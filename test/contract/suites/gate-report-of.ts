import type { GateReport } from '../../../src/core/gate-report.ts';

const noRates = { spam: 0, ham: 0, truePositiveRate: null, falsePositiveRate: null };
const each = { champion: null, challenger: noRates };

/** What a gate decided, by little. */
export function reportOf(challenger: string, promoted = true, champion: string | null = null): GateReport {
  return {
    ...{ gate: 'sound', champion, challenger, promoted, why: promoted ? 'it is better' : 'it is worse' },
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    rates: { old: each, new: each, all: each },
    checks: [{ name: 'cost', passed: promoted, text: 'it costs …', figures: { cost: 0.25, bound: null } }],
    needed: null,
  };
}
