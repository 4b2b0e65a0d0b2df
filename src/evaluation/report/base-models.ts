import type { ModelManifest } from '../../core/model-manifest.ts';
import { baseModelsOfStage } from '../../core/model-manifest.ts';
import type { BaseModelFacts } from '../../core/report-facts.ts';
import { averagePrecisionOf, rankScores, rocAucOf, truePositiveRateAt } from '../ranked-scores.ts';
import type { ScoredExample } from '../scored-example.ts';

/** Seconds of the scoring thread over some messages, all of them scored by all base models. */
export interface ScoringSeconds {
  readonly messages: number;
  /** Reading, features and graphs. */
  readonly inAll: number;
  /** Running its graph, by stage of the manifest. */
  readonly stages: readonly number[];
}

export interface BaseModelScores {
  readonly manifest: Pick<ModelManifest, 'members' | 'stages' | 'files'>;
  /** Of the blend. */
  readonly examples: readonly ScoredExample[];
  /** By base model, in the order of the examples. */
  readonly scores: readonly ArrayLike<number>[];
  /** Null where it was not measured. */
  readonly seconds: ScoringSeconds | null;
}

const NAME_OF_THE_BLEND = 'ensemble';
const FALSE_POSITIVE_RATE = 0.001;

/** The blend first, then its base models in the order of the manifest, each on the same messages. */
export function baseModelsOf({
  manifest,
  examples,
  scores,
  seconds,
}: BaseModelScores): readonly BaseModelFacts[] {
  const graphs = new Set(manifest.stages.map(({ file }) => file));
  return [
    {
      ...{ name: NAME_OF_THE_BLEND, weight: null },
      ...rankingOf(examples),
      microseconds: seconds === null ? null : perMessage(seconds.inAll, seconds),
      bytes: bytesOf([...graphs], manifest),
    },
    ...manifest.members.map(({ name, weight }, member) => ({
      ...{ name, weight },
      ...rankingOf(examples.map(({ label }, at) => ({ label, probability: scores[member]![at]! }))),
      ...costOf(member, manifest, seconds),
    })),
  ];
}

type Ranking = Pick<BaseModelFacts, 'rocAuc' | 'averagePrecision' | 'truePositiveRateAtFpr001'>;

function rankingOf(examples: readonly ScoredExample[]): Ranking {
  const ranked = rankScores(examples);
  const hasSpam = ranked.spam.some((count) => count > 0);
  const hasBoth = hasSpam && ranked.ham.some((count) => count > 0);
  return {
    rocAuc: hasBoth ? rocAucOf(ranked) : null,
    averagePrecision: hasSpam ? averagePrecisionOf(ranked) : null,
    truePositiveRateAtFpr001: hasBoth ? truePositiveRateAt(ranked, FALSE_POSITIVE_RATE) : null,
  };
}

/** Of all stages of the base model, as the blocks of a forest are; null where another base model of its stage comes first. */
function costOf(
  member: number,
  manifest: BaseModelScores['manifest'],
  seconds: ScoringSeconds | null,
): Pick<BaseModelFacts, 'microseconds' | 'bytes'> {
  const own = manifest.stages.flatMap((stage, at) => (baseModelsOfStage(stage)[0] === member ? [at] : []));
  if (own.length === 0) return { microseconds: null, bytes: null };
  return {
    microseconds:
      seconds === null
        ? null
        : perMessage(
            own.reduce((sum, stage) => sum + (seconds.stages[stage] ?? 0), 0),
            seconds,
          ),
    bytes: bytesOf(
      own.map((stage) => manifest.stages[stage]!.file),
      manifest,
    ),
  };
}

function perMessage(all: number, { messages }: ScoringSeconds): number | null {
  return messages === 0 ? null : (all * 1e6) / messages;
}

function bytesOf(files: readonly string[], manifest: BaseModelScores['manifest']): number | null {
  const sizes = files.map((file) => manifest.files[file]?.bytes ?? Number.NaN);
  const sum = sizes.reduce((all, bytes) => all + bytes, 0);
  return Number.isNaN(sum) ? null : sum;
}
