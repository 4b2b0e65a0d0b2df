import { type FeatureFamily, featureFamilies } from '../core/model-manifest.ts';
import type { Trace } from './edits.ts';
import { FeatureCounts } from './feature-counts.ts';
import type { Featurizer } from './featurizer.ts';

/** A feature that stands somewhere; those of the message as a whole (`s:`, `x:`) stand nowhere. */
export interface LocatedFeature {
  readonly name: string;
  readonly family: FeatureFamily;
  /** UTF-16 offsets [start, end) in the message as it was given, obfuscation included. */
  readonly start: number;
  readonly end: number;
}

/** Where each feature of a message stands, by family, in the order of the text; a feature comes as often as it is counted. */
export function locateFeatures(featurizer: Featurizer, text: string, language?: string): LocatedFeature[] {
  const { prepared, trace } = featurizer.prepareTraced(text, language);
  const located: LocatedFeature[] = [];
  const counts = new FeatureCounts();
  for (const family of featureFamilies) {
    const place = featurizer.placeOf(family);
    const table = {
      find(_high: number, _low: number, name: () => string): number {
        if (place.start >= 0)
          located.push({ name: name(), family, ...placeIn(trace, place.start, place.end) });
        return -1;
      },
    };
    featurizer.count(prepared, family, table, counts);
  }
  return located;
}

/** Of code units [from, to) of the prepared text; what was written backwards ends where it begins. */
function placeIn(trace: Trace, from: number, to: number): { readonly start: number; readonly end: number } {
  const start = trace.starts[from]!;
  const end = trace.ends[to - 1]!;
  return end > start ? { start, end } : { start: trace.starts[to - 1]!, end: trace.ends[from]! };
}
