import type { CommunityPolicy } from '../core/decision-policy.ts';
import { adjustments, type Explanation, type ExplanationTerm } from '../core/explanation.ts';
import type { FeatureFamily, ModelManifest } from '../core/model-manifest.ts';
import { Trust } from '../decide/trust.ts';
import type { Trace } from '../text/edits.ts';
import { FeatureCounts } from '../text/feature-counts.ts';
import { Featurizer, type PreparedText } from '../text/featurizer.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { trimmedEnd, WindowSearch } from '../text/window-search.ts';
import { type BlendedText, BlendShares } from './blend-shares.ts';
import { deobfuscatedIn } from './deobfuscated.ts';
import { highlightsOf } from './highlights.ts';
import { type LocatedCounts, locateCounts, straightened, traceOfPart } from './located-counts.ts';
import { readOnnx } from './onnx-file.ts';
import { visibleWithTrace } from './visible-edits.ts';

/** What an explainer is made of. */
export interface ExplainedModel {
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly strengths: Readonly<Record<FeatureFamily, Float32Array>>;
  /** Content of each stage's file, in the order of the manifest. */
  readonly graphs: readonly Uint8Array[];
}

/** The line that log-odds of a part go through; see `windowsSchema`. */
interface Line {
  readonly slope: number;
  readonly offset: number;
  readonly most: number;
}

/** A text that may decide: the whole message, or a part. */
interface Candidate {
  readonly kind: 'whole' | 'window' | 'visible';
  readonly prepared: PreparedText;
  readonly trace: Trace;
  readonly line: Line;
}

/** What a candidate comes to. */
interface Outcome {
  readonly candidate: Candidate;
  /** Null for a text without one known feature. */
  readonly blended: BlendedText | null;
  readonly located: Readonly<Record<FeatureFamily, LocatedCounts>>;
  readonly adjusted: readonly ExplanationTerm[];
  readonly logOdds: number;
}

const families = ['words', 'grams'] as const satisfies readonly FeatureFamily[];
const whole: Line = { slope: 1, offset: 0, most: 1 };
const empty: LocatedCounts = { size: 0, ids: new Int32Array(0), counts: new Float32Array(0), spans: [] };

/**
 * Gives the reasons of a score as terms that add up to its log-odds. It computes the score itself, from the weights in the model's files
 * and in float64, so that it needs no scoring thread and no ONNX Runtime. Not for the pipeline's path: a message takes some milliseconds.
 * One instance serves one thread.
 */
export class MessageExplainer {
  readonly #model: ExplainedModel;
  readonly #featurizer: Featurizer;
  readonly #blend: BlendShares;
  readonly #trust: Trust | null;
  readonly #search: WindowSearch | null;
  readonly #counts = new FeatureCounts();

  /** Throws `MODEL_CORRUPT` if the graphs are not of the form that training writes, `RangeError` if they are not ONNX. */
  constructor(model: ExplainedModel) {
    const { manifest, strengths } = model;
    this.#model = model;
    this.#featurizer = new Featurizer({
      languages: manifest.languages,
      ownDomains: manifest.own_domains,
      featureSet: manifest.feature_set,
    });
    this.#blend = new BlendShares(manifest, model.graphs.map(readOnnx));
    this.#trust = manifest.trust === undefined ? null : new Trust(manifest.trust);
    const { windows } = manifest;
    this.#search =
      windows === undefined
        ? null
        : new WindowSearch(strengths.words, windows.words, windows.least, windows.parts);
  }

  /**
   * The reasons of a message's exact score, as with `exactScores: all`. `language`: the message's, else the one of `policy`, else it is
   * detected. Null if a base model's value is not finite: such a message has no score.
   */
  explain(message: string, policy: CommunityPolicy, language?: string): Explanation | null {
    const traced = this.#featurizer.prepareTraced(message, language ?? policy.language);
    const { prepared } = traced;
    const trace = straightened(traced.trace);
    const candidates = this.#candidates(prepared, trace);
    let best: Outcome | null = null;
    for (const candidate of candidates) {
      const outcome = this.#outcomeOf(candidate, policy);
      if (!Number.isFinite(outcome.logOdds)) return null;
      if (outcome.candidate.kind === 'whole' && outcome.blended === null)
        return this.#explanationOf(message, outcome, prepared, trace);
      if (outcome.blended === null) continue;
      if (best === null || outcome.logOdds > best.logOdds) best = outcome;
    }
    return this.#explanationOf(message, best!, prepared, trace);
  }

  /** The whole first, then the parts that are scored beside it; as `workers/message-windows.ts` chooses them. */
  #candidates(prepared: PreparedText, trace: Trace): readonly Candidate[] {
    const found: Candidate[] = [{ kind: 'whole', prepared, trace, line: whole }];
    const { windows } = this.#model.manifest;
    if (windows === undefined || this.#search === null) return found;
    const featurizer = this.#featurizer;
    featurizer.count(prepared, 'words', this.#model.vocabularies.words, this.#counts);
    const { units } = featurizer.lastWords;
    const { size, mayHide } = units;
    if (size < windows.from) return found;
    for (const window of this.#search.find(featurizer.lastWords)) {
      const { slope, shift, perDoubling, most } = windows;
      const end = trimmedEnd(prepared.text, window.start, window.end);
      found.push({
        kind: 'window',
        prepared: featurizer.part(prepared, window.start, end),
        trace: traceOfPart(trace, window.start, end),
        line: { slope, offset: -shift - perDoubling * Math.log2(size / window.words), most },
      });
    }
    const visible = mayHide ? featurizer.visible(prepared) : null;
    if (visible !== null)
      found.push({
        kind: 'visible',
        prepared: visible,
        trace: visibleWithTrace(prepared.text, trace).trace,
        line: whole,
      });
    return found;
  }

  #outcomeOf(candidate: Candidate, policy: CommunityPolicy): Outcome {
    const { prepared, trace, kind, line } = candidate;
    const { manifest, vocabularies } = this.#model;
    const featurizer = this.#featurizer;
    const isPart = kind !== 'whole';
    featurizer.count(prepared, 'words', vocabularies.words, this.#counts);
    const { known, share } = featurizer.lastWords.units;
    const located = {
      words: locateCounts(featurizer, prepared, 'words', vocabularies.words, trace),
      grams: empty as LocatedCounts,
    };
    let hasContent = this.#hasContent('words', located.words);
    if (this.#blend.needsGrams(isPart) || !hasContent) {
      const grams = locateCounts(featurizer, prepared, 'grams', vocabularies.grams, trace);
      hasContent ||= this.#hasContent('grams', grams);
      if (this.#blend.needsGrams(isPart)) located.grams = grams;
    }
    const prior = logit(manifest.prior);
    const start = this.#blend.prior;
    const bias = policy.bias ?? 0;
    if (!hasContent) {
      const adjusted = terms([adjustments.unknown, prior - start], [adjustments.bias, bias]);
      return { candidate, blended: null, located, adjusted, logOdds: prior + bias };
    }
    const blended = this.#blend.of(located, isPart);
    const trust = this.#trust?.of(known, share) ?? 1;
    const drawn = trust === 1 ? blended.logOdds : prior + trust * (blended.logOdds - prior);
    const lined = line.slope * drawn + line.offset;
    const most = Math.min(line.most, this.#trust !== null && known === 0 ? policy.rejectMax : 1);
    const free = lined + bias;
    const logOdds = most < 1 ? Math.min(free, logit(most)) : free;
    const adjusted = terms(
      [adjustments.trust, drawn - blended.logOdds],
      [adjustments.part, blended.start - start + (lined - drawn)],
      [adjustments.bias, bias],
      [adjustments.limit, logOdds - free],
    );
    return { candidate, blended, located, adjusted, logOdds };
  }

  #hasContent(family: FeatureFamily, { size, ids }: LocatedCounts): boolean {
    const vocabulary = this.#model.vocabularies[family];
    for (let i = 0; i < size; i++) if (vocabulary.isContent(ids[i]!)) return true;
    return false;
  }

  #explanationOf(message: string, outcome: Outcome, prepared: PreparedText, trace: Trace): Explanation {
    const { candidate, blended, logOdds, adjusted } = outcome;
    const features = this.#featureTerms(outcome);
    const { manifest, version } = this.#model;
    const { starts, ends } = candidate.trace;
    return {
      model: version,
      probability: 1 / (1 + Math.exp(-logOdds)),
      logOdds,
      prior: this.#blend.prior,
      terms: [...features, ...adjusted].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
      baseModels: manifest.members.map(({ name }, member) => ({
        name,
        score: blended?.scores[member] ?? null,
        contribution: blended?.contributions[member] ?? 0,
      })),
      part:
        candidate.kind === 'whole'
          ? null
          : { kind: candidate.kind, start: least(starts), end: ends.reduce((a, b) => Math.max(a, b), 0) },
      highlights: highlightsOf(message, features),
      deobfuscated: deobfuscatedIn(message, prepared, trace),
    };
  }

  #featureTerms({ blended, located }: Outcome): ExplanationTerm[] {
    if (blended === null) return [];
    const found: ExplanationTerm[] = [];
    let at = 0;
    for (const family of families) {
      const { size, ids, spans } = located[family];
      for (let i = 0; i < size; i++, at++) {
        const contribution = blended.shares[at]!;
        if (contribution === 0) continue;
        const feature = this.#model.vocabularies[family].name(ids[i]!);
        found.push({ feature, kind: 'feature', contribution, spans: [...spans[i]!] });
      }
    }
    return found;
  }
}

function terms(...given: readonly (readonly [string, number])[]): readonly ExplanationTerm[] {
  return given
    .filter(([, contribution]) => contribution !== 0)
    .map(([feature, contribution]) => ({ feature, kind: 'adjustment', contribution, spans: [] }));
}

function least(starts: readonly number[]): number {
  const start = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return Number.isFinite(start) ? start : 0;
}

/** Of a limit of 0 that of one in a billion, so that it is finite. */
function logit(probability: number): number {
  const p = Math.max(1e-9, probability);
  return Math.log(p / (1 - p));
}
