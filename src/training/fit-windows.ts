import type { Thresholds } from '../core/decision-policy.ts';
import { baseModelsOfStage, type ModelManifest, type WindowsBlock } from '../core/model-manifest.ts';
import { Blend } from '../decide/blend.ts';
import { logit, RowOdds } from '../decide/row-odds.ts';
import { Trust } from '../decide/trust.ts';
import { FeatureCounts } from '../text/feature-counts.ts';
import type { Featurizer } from '../text/featurizer.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { trimmedEnd, WindowSearch } from '../text/window-search.ts';
import type { CollectedMessage, CollectedMessages } from './collect-messages.ts';
import { documentMessages, groupBy, type WindowDocument, windowDocuments } from './window-documents.ts';

/** A text to score as a message, and a language if one is known. */
export interface TextToScore {
  readonly text: string;
  readonly language?: string | undefined;
}

/** What the model returns for a text as a whole; null for one that could not be scored. */
export interface TextScore {
  readonly probability: number;
  /** Of each base model. */
  readonly members: readonly (number | null)[];
}
export type ScoreTexts = (texts: readonly TextToScore[]) => Promise<readonly (TextScore | null)[]>;

/** What windows are fitted to, of all messages. */
export interface WindowMessages {
  /** As {@link documentMessages} chooses them. */
  readonly messages: readonly CollectedMessage[];
  /** Messages of each data set in the training part. */
  readonly sizes: readonly number[];
}

export function windowMessages({ sources, messages }: CollectedMessages): WindowMessages {
  const sizes = sources.map(
    (_, source) => messages.filter((m) => m.source === source && !m.forTesting).length,
  );
  return { messages: documentMessages(messages), sizes };
}

export interface WindowFitInput extends WindowMessages {
  readonly featurizer: Featurizer;
  readonly vocabulary: Vocabulary;
  /** By id of the vocabulary. */
  readonly strengths: Float32Array;
  readonly thresholds: Thresholds;
  readonly seed: number;
  readonly manifest: ModelManifest;
  /** Of the model without windows. */
  readonly score: ScoreTexts;
}

export interface WindowFit {
  /** Undefined if there is too little long ham to fit them. */
  readonly windows: WindowsBlock | undefined;
  /** For `training.json`: shares of documents above the thresholds, by kind, without windows and with them. */
  readonly facts: unknown;
}

const WORDS = [5, 10, 20];
/** Fewer words have no part that would show more than the whole. */
const FROM = 14;
/** Shares of long ham of the training part that windows may bring above rejectMin and above rejectMax, in each length. */
const MOST_ABOVE_MIN = 0.015;
const MOST_ABOVE_MAX = 0.0015;
const PER_DOUBLING = [0, 0.1, 0.2, 0.3, 0.4];
/** Share of the padded spam that is found which may be lost because parts of low rates are not scored: they cost the most. */
const LOST = 0.02;
const LEAST_RATES = Array.from({ length: 40 }, (_, at) => 5 * at);
/** Parts of a message. */
const PARTS = 2;
/** No part alone makes a message more probable than this. */
const MOST = 0.9;
/** Fewer documents of ham do not show such shares. */
const FEWEST = 500;
/** In log-odds: what could be by rounding in a probability of 1. */
const MOST_LOG_ODDS = 20;

interface Rated {
  readonly document: WindowDocument;
  readonly whole: number;
  readonly words: number;
  readonly parts: readonly { readonly words: number; readonly rate: number; readonly z: number }[];
}

/**
 * Fits how much a part of a message counts, so that ham does not become spam by having many parts.
 *
 * Ham of the training part is scored as a whole and in parts. The line that the log-odds of a part are put through brings at most
 * {@link MOST_ABOVE_MIN} of the ham above rejectMin that its whole leaves below, and at most {@link MOST_ABOVE_MAX} above rejectMax. The
 * two shares determine slope and shift. `perDoubling` is the one of a list with which most padded spam is found.
 */
export async function fitWindows(input: WindowFitInput): Promise<WindowFit> {
  const { messages, sizes, thresholds, score } = input;
  const alone = await score(messages);
  // What the model takes for spam by itself says nothing of windows.
  const minimum = thresholds.rejectMin;
  const known = messages.filter(
    ({ label }, at) => (label === 'spam') === (alone[at]?.probability ?? minimum) > minimum,
  );
  const rated = await rateAll(windowDocuments(known, sizes, input.seed), input);
  const ham = rated.filter(({ document }) => document.label === 'ham');
  const spam = rated.filter(({ document }) => document.label === 'spam');
  const [min, max] = [clamped(thresholds.rejectMin), clamped(thresholds.rejectMax)];

  if (ham.filter(({ parts }) => parts.length > 0).length < FEWEST)
    return { windows: undefined, facts: { too_little_long_ham: true } };
  let best: { readonly found: number; readonly block: WindowsBlock } | undefined;
  for (const perDoubling of PER_DOUBLING) {
    const low = limitOf(ham, perDoubling, min, MOST_ABOVE_MIN);
    const high = Math.max(limitOf(ham, perDoubling, max, MOST_ABOVE_MAX), low);
    // At most 1: a part is never worth more than a message of its own.
    const slope = max > min ? Math.min(1, (max - min) / Math.max(1e-9, high - low)) : 1;
    const line = {
      slope: round(slope),
      shift: round(slope * low - min),
      perDoubling: round(slope * perDoubling),
    };
    const fitted = { words: WORDS, from: FROM, least: 0, parts: PARTS, ...line, most: MOST };
    const found = foundWith(spam, fitted, min);
    if (best === undefined || found > best.found) best = { found, block: fitted };
  }
  const enough = (1 - LOST) * (best?.found ?? 0);
  const least = LEAST_RATES.findLast(
    (rate) => best && foundWith(spam, { ...best.block, least: rate }, min) >= enough,
  );
  const block = best && { ...best.block, least: least ?? 0 };
  return {
    windows: block,
    facts: {
      most_above_reject_min: MOST_ABOVE_MIN,
      most_above_reject_max: MOST_ABOVE_MAX,
      documents: block === undefined ? [] : factsOf(rated, block, min, max),
    },
  };
}

async function rateAll(documents: readonly WindowDocument[], input: WindowFitInput): Promise<Rated[]> {
  const { featurizer, vocabulary, strengths, score } = input;
  const search = new WindowSearch(strengths, WORDS, 0, PARTS);
  const oddsOf = partOdds(input);
  const counts = new FeatureCounts();
  const texts: TextToScore[] = [];
  const found = documents.map((document) => {
    const { text, language } = document;
    const prepared = featurizer.prepare(text, language);
    featurizer.count(prepared, 'words', vocabulary, counts);
    const words = featurizer.lastWords.units.size;
    const windows = words < FROM ? [] : search.find(featurizer.lastWords);
    texts.push({ text, language });
    const parts = windows.map(({ start, end, words: wordsOfPart, rate }) => {
      const part = featurizer.part(prepared, start, trimmedEnd(prepared.text, start, end));
      texts.push({ text: part.text, language });
      featurizer.count(part, 'words', vocabulary, counts);
      const { known, share } = featurizer.lastWords.units;
      return { words: wordsOfPart, rate, known, share };
    });
    return { document, words, parts };
  });
  const scores = await score(texts);
  let at = 0;
  return found.map(({ document, words, parts }) => ({
    document,
    words,
    whole: clamped(scores[at++]?.probability ?? 0),
    parts: parts.map((part) => ({ words: part.words, rate: part.rate, z: oddsOf(scores[at++], part) })),
  }));
}

/** The log-odds of a part as scoring has them before the line: by the first stage, with trust. */
function partOdds({ manifest }: WindowFitInput) {
  const blend = new Blend(manifest);
  const first = baseModelsOfStage(manifest.stages[0]!);
  const trust = manifest.trust === undefined ? null : new Trust(manifest.trust);
  return (score: TextScore | null | undefined, part: { readonly known: number; readonly share: number }) => {
    if (!score) return -MOST_LOG_ODDS;
    const values = Float32Array.from(first, (member) => score.members[member] ?? Number.NaN);
    // Of a text without a known feature no base model was run.
    if (values.some(Number.isNaN)) return -MOST_LOG_ODDS;
    const odds = new RowOdds(manifest, 1);
    if (trust !== null) odds.setTrust(0, trust.of(part.known, part.share));
    return clamped(
      odds.probability(0, blend.calibratedAfterFirst(blend.addBaseModels(0, blend.start, values, 0))),
    );
  };
}

/** What the highest part of all but `share` of the ham is at most, in the kind of ham in which that is highest. */
function limitOf(ham: readonly Rated[], perDoubling: number, threshold: number, share: number): number {
  let limit = 0;
  for (const kind of groupBy(ham, ({ document }) => document.kind).values()) {
    const all = kind.reduce((sum, { document }) => sum + document.weight, 0);
    const highest = kind
      .filter(({ whole, parts }) => whole <= threshold && parts.length > 0)
      .map(({ document, words, parts }) => ({
        weight: document.weight,
        z: Math.max(...parts.map((part) => part.z - perDoubling * Math.log2(words / part.words))),
      }))
      .sort((a, b) => b.z - a.z);
    let above = 0;
    for (const { weight, z } of highest) {
      above += weight;
      if (above <= share * all) continue;
      limit = Math.max(limit, z);
      break;
    }
  }
  return limit;
}

type LineOfPart = Pick<WindowsBlock, 'slope' | 'shift' | 'perDoubling'>;

function lineOf(
  part: Rated['parts'][number],
  words: number,
  { slope, shift, perDoubling }: LineOfPart,
): number {
  return slope * part.z - shift - perDoubling * Math.log2(words / part.words);
}

function withParts({ whole, words, parts }: Rated, block: WindowsBlock): number {
  const scored = parts.filter(({ rate }) => rate > block.least);
  return Math.max(whole, ...scored.map((part) => Math.min(lineOf(part, words, block), clamped(block.most))));
}

function foundWith(spam: readonly Rated[], block: WindowsBlock, threshold: number): number {
  return spam.reduce((sum, one) => sum + (withParts(one, block) > threshold ? one.document.weight : 0), 0);
}

function factsOf(rated: readonly Rated[], block: WindowsBlock, min: number, max: number) {
  return [...groupBy(rated, ({ document }) => `${document.label}, ${document.kind}`)].map(([kind, some]) => {
    const all = some.reduce((sum, { document }) => sum + document.weight, 0);
    const share = (of: (one: Rated) => number, threshold: number) =>
      Number(
        (some.reduce((sum, one) => sum + (of(one) > threshold ? one.document.weight : 0), 0) / all).toFixed(
          5,
        ),
      );
    const whole = (one: Rated) => one.whole;
    const parts = (one: Rated) => withParts(one, block);
    return {
      kind,
      documents: some.length,
      above_reject_min: { whole: share(whole, min), windows: share(parts, min) },
      above_reject_max: { whole: share(whole, max), windows: share(parts, max) },
    };
  });
}

function clamped(probability: number): number {
  return Math.max(-MOST_LOG_ODDS, Math.min(logit(probability), MOST_LOG_ODDS));
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
