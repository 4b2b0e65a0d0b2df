import { featureFamilies } from '../src/core/model-manifest.ts';
import type { FeatureStrength } from '../src/core/scored-batch.ts';
import { type CountedFeatures, FeatureCounts } from '../src/text/feature-counts.ts';
import type { PreparedText } from '../src/text/featurizer.ts';
import type { LoadedModel } from './loaded-model.ts';

/** A reason names at most this many features. */
const REASONS = 3;

const features = new FeatureCounts();

/**
 * The features of a message that the model knows, strongest first, words before grams of equal strength. Strength is the
 * linear base models' blended weight of the feature, so it states a direction and a rank, not a share of the probability.
 */
export function strongestFeatures(
  model: LoadedModel,
  prepared: PreparedText,
  limit: number,
): FeatureStrength[] {
  const found: FeatureStrength[] = [];
  for (const family of featureFamilies) {
    model.featurizer.count(prepared, family, model.vocabularies[family], features);
    for (let i = 0; i < features.size; i++) {
      const id = features.ids[i]!;
      const count = features.counts[i]!;
      found.push({
        name: model.vocabularies[family].name(id),
        count,
        strength: model.strengths[family][id]! * count,
      });
    }
  }
  found.sort((a, b) => Math.abs(b.strength) - Math.abs(a.strength));
  return found.slice(0, limit);
}

/**
 * Names of the features that speak loudest for spam; of the words family only, which people can read. `counted`: the message's
 * features of that family, where they are known; `prepared` is only asked for where they are not.
 */
export function reasonsFor(
  model: LoadedModel,
  counted: CountedFeatures | undefined,
  prepared: () => PreparedText,
): string[] {
  if (counted === undefined) model.featurizer.count(prepared(), 'words', model.vocabularies.words, features);
  const { size, ids, counts } = counted ?? features;
  const strengths = model.strengths.words;
  const best: number[] = [];
  for (let i = 0; i < size; i++) {
    const strength = strengths[ids[i]!]! * counts[i]!;
    if (strength <= 0) continue;
    let place = best.length;
    while (place > 0 && strength > strengths[ids[best[place - 1]!]!]! * counts[best[place - 1]!]!) place--;
    if (place < REASONS) {
      best.splice(place, 0, i);
      if (best.length > REASONS) best.pop();
    }
  }
  return best.map((i) => model.vocabularies.words.name(ids[i]!));
}
