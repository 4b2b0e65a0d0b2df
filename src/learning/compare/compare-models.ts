import type { Thresholds } from '../../core/decision-policy.ts';
import type { Obfuscation } from '../../evaluation/evaluate-obfuscated.ts';
import { BATCH, inBatches, scoreMessages } from '../../evaluation/score-messages.ts';
import type { Scorer } from '../../ports/scorer.ts';
import type { HeldOutMessage, ModelComparison, ObfuscatedRecall, PairedScore } from '../held-out.ts';
import { EverySoMany } from './every-so-many.ts';

/** Spam messages that are scored under each obfuscation at most: every so many of all. */
export const MOST_OBFUSCATED = 2000;

export interface CompareModels {
  /** Null where no model is active. */
  readonly champion: Scorer | null;
  readonly challenger: Scorer;
  readonly heldOut: AsyncIterable<HeldOutMessage>;
  readonly obfuscations: readonly Obfuscation[];
  readonly thresholds: Thresholds;
  /** Of messages that do not state it: as the pipeline detects it. */
  readonly languageOf: (text: string) => string;
  /** Called with each message that both could score, in order. */
  readonly onPair?: (message: HeldOutMessage, score: PairedScore) => void;
  /** Called after each batch: messages scored so far, and the obfuscation that they are scored under, if any. */
  readonly progress?: (scored: number, obfuscation?: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Scores the same messages with two models, exactly and as the pipeline does, plain and the spam under each obfuscation. Of the messages
 * only scores are kept, and the text of at most 4,000. Throws what the messages and the scorers throw, and the signal's reason.
 */
export async function compareModels(options: CompareModels): Promise<ModelComparison> {
  const { heldOut, thresholds, obfuscations, progress, signal } = options;
  const scores: PairedScore[] = [];
  const spam = new EverySoMany<string>(MOST_OBFUSCATED);
  let models: Models | undefined;
  let unscored = 0;
  let seen = 0;
  for await (const batch of inBatches(heldOut)) {
    signal?.throwIfAborted();
    const answer = await scoreBoth(options, batch);
    models ??= answer.models;
    for (const [at, message] of batch.entries()) {
      const pair = answer.pairs[at];
      if (pair == null) {
        unscored++;
        continue;
      }
      // Without a spread: it would make an object on which every later pass over the scores is ten times slower.
      const score: PairedScore = {
        label: message.label,
        part: message.part,
        community: message.community,
        language: message.language ?? options.languageOf(message.text),
        champion: pair.champion,
        challenger: pair.challenger,
      };
      scores.push(score);
      if (message.label === 'spam') spam.add(message.text);
      options.onPair?.(message, score);
    }
    seen += batch.length;
    progress?.(seen);
  }
  models ??= (await scoreBoth(options, [])).models;
  const obfuscated: ObfuscatedRecall[] = [];
  if (options.champion !== null)
    for (const obfuscation of obfuscations)
      obfuscated.push(await recallUnder(obfuscation, spam.chosen(), options));
  return { ...models, thresholds, scores, obfuscated, unscored };
}

type Models = Pick<ModelComparison, 'champion' | 'challenger'>;

interface BothScores {
  readonly models: Models;
  /** Null where one of the two could not score the message. */
  readonly pairs: readonly (Pick<PairedScore, 'champion' | 'challenger'> | null)[];
}

async function scoreBoth(
  { champion, challenger }: Pick<CompareModels, 'champion' | 'challenger'>,
  batch: readonly { readonly text: string }[],
): Promise<BothScores> {
  const [before, after] = await Promise.all([
    champion === null ? null : scoreMessages(champion, batch),
    scoreMessages(challenger, batch),
  ]);
  const pairs = batch.map((_, at) => {
    const old = before === null ? Number.NaN : before.probabilities[at]!;
    const own = after.probabilities[at]!;
    return old === null || own === null ? null : { champion: old, challenger: own };
  });
  return { models: { champion: before?.model ?? null, challenger: after.model }, pairs };
}

/** Over the messages that it changes and that both can score then. */
async function recallUnder(
  { name, obfuscate }: Obfuscation,
  texts: readonly string[],
  options: CompareModels,
): Promise<ObfuscatedRecall> {
  const { rejectMax } = options.thresholds;
  const counts = { spam: 0, both: 0, championOnly: 0, challengerOnly: 0 };
  const changed: { readonly text: string }[] = [];
  for (const plain of texts) {
    const text = obfuscate(plain);
    if (text !== plain) changed.push({ text });
  }
  for (let at = 0; at < changed.length; at += BATCH) {
    options.signal?.throwIfAborted();
    const { pairs } = await scoreBoth(options, changed.slice(at, at + BATCH));
    for (const pair of pairs) {
      if (pair === null) continue;
      counts.spam++;
      const before = pair.champion > rejectMax;
      const after = pair.challenger > rejectMax;
      if (before && after) counts.both++;
      else if (before) counts.championOnly++;
      else if (after) counts.challengerOnly++;
    }
    options.progress?.(Math.min(at + BATCH, changed.length), name);
  }
  return { obfuscation: name, ...counts };
}
