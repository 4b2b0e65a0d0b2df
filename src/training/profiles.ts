import type { FeatureFamily, ModelManifest } from '../core/model-manifest.ts';
import { everyFeature, type FeatureSelection } from '../text/feature-selection.ts';

/** Grams of two and of five characters made the default profile no better, and are half of all look-ups of grams. */
const middleGrams: FeatureSelection = { ...everyFeature, shortestGram: 3, longestGram: 4 };

/** What `native-models/sluice_trainer/profiles.py` declares, and the features that each is trained on. */
const featuresOfProfile = {
  default: {
    featureSet: 'sluice-2',
    families: ['words', 'grams'],
    selection: middleGrams,
    pieces: true,
    isAugmented: true,
    isWeighted: true,
  },
  quick: {
    featureSet: 'sluice-2',
    families: ['words', 'grams'],
    selection: everyFeature,
    pieces: true,
    isAugmented: true,
    isWeighted: true,
  },
  reference: {
    featureSet: 'reference-1',
    families: ['words'],
    selection: everyFeature,
    pieces: false,
    isAugmented: false,
    isWeighted: true,
  },
  'bag-of-words': {
    featureSet: 'bag-of-words-1',
    families: ['words'],
    selection: everyFeature,
    isAugmented: false,
    isWeighted: false,
    pieces: false,
  },
} as const satisfies Record<string, ProfileFeatures>;

export interface ProfileFeatures {
  readonly featureSet: ModelManifest['feature_set'];
  /** Those that the set has any feature of. */
  readonly families: readonly FeatureFamily[];
  /** Of the set's features, those that are counted. */
  readonly selection: FeatureSelection;
  /** Whether training messages are also learned from in changed copies, see augment-messages.ts. */
  readonly isAugmented: boolean;
  /** Whether its base models heed the weights of messages. */
  readonly isWeighted: boolean;
  /** Train on pieces of long ham as well, since its parts are scored. */
  readonly pieces: boolean;
}

export type Profile = keyof typeof featuresOfProfile;

export const profiles = Object.keys(featuresOfProfile) as readonly Profile[];

export function featuresOf(profile: Profile): ProfileFeatures {
  return featuresOfProfile[profile];
}

/** Which rows train the base models and which the blender; see `native-models/README.md`. */
export const blendings = ['two-way', 'three-way', 'out-of-fold'] as const;
export type Blending = (typeof blendings)[number];
