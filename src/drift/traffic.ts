import { type DriftSignal, driftSignals } from '../core/drift-figures.ts';
import { scoreLimits } from '../core/score-counts.ts';
import type { BatchStatistics } from '../core/scored-batch.ts';
import { verdictNames } from '../core/verdict.ts';

/** Counts by the name of a part; parts without a count may be left out. */
export type PartCounts = Readonly<Record<string, number>>;

/** What arrived within some time: for each signal how often each part occurred. */
export interface Traffic {
  readonly messages: number;
  readonly parts: Readonly<Record<DriftSignal, PartCounts>>;
}

const unknownLanguage = 'unknown';

/** The names of the ranges of scores, ascending. */
export const scoreRanges: readonly string[] = scoreLimits.map(
  (limit, at) => `${at === 0 ? 0 : scoreLimits[at - 1]}–${limit}`,
);

export const noTraffic: Traffic = {
  messages: 0,
  parts: { scores: {}, features: {}, languages: {}, bands: {} },
};

/** What a batch adds. A signal that the thread did not count has no parts. */
export function trafficOf(statistics: BatchStatistics): Traffic {
  const { ham, review, spam, settledScores = [], features, languages = {} } = statistics;
  const { '': unknown = 0, ...known } = languages;
  return {
    messages: ham + review + spam,
    parts: {
      scores: Object.fromEntries(settledScores.map((count, at) => [scoreRanges[at]!, count])),
      features:
        features === undefined || features.all === 0
          ? {}
          : { known: features.all - features.unknown, unknown: features.unknown },
      languages: unknown === 0 ? known : { ...known, [unknownLanguage]: unknown },
      bands: Object.fromEntries(verdictNames.map((verdict) => [verdict, statistics[verdict]])),
    },
  };
}

export function addTraffic(one: Traffic, other: Traffic): Traffic {
  const parts = Object.fromEntries(
    driftSignals.map((signal) => [signal, addCounts(one.parts[signal], other.parts[signal])]),
  ) as Record<DriftSignal, PartCounts>;
  return { messages: one.messages + other.messages, parts };
}

function addCounts(one: PartCounts, other: PartCounts): PartCounts {
  const sum: Record<string, number> = { ...one };
  for (const [part, count] of Object.entries(other)) if (count !== 0) sum[part] = (sum[part] ?? 0) + count;
  return sum;
}

export function totalOf(counts: PartCounts): number {
  let total = 0;
  for (const count of Object.values(counts)) total += count;
  return total;
}
