import type { Thresholds } from '../core/decision-policy.ts';
import { SluiceError } from '../core/errors.ts';
import type { LabelledMessage, LabelledMessages } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';
import { type ClassificationFigures, classificationFigures } from './classification-figures.ts';
import type { ObfuscatedFigures } from './evaluate-obfuscated.ts';
import { BATCH, scoreMessages } from './score-messages.ts';
import type { ScoredExample } from './scored-example.ts';

export interface EvaluateOptions {
  readonly thresholds: Thresholds;
  /** Evaluate only messages for which this returns true; for instance those of the testing part. */
  readonly only?: (message: LabelledMessage) => boolean;
  /** Called after each batch with the number of messages scored so far. */
  readonly progress?: (scored: number) => void;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  readonly model: string;
  readonly thresholds: Thresholds;
  readonly all: ClassificationFigures;
  /** Of each data set that was given, by its name. */
  readonly sets: Readonly<Record<string, ClassificationFigures>>;
  /** Messages that the scorer could not read or score: too long, or a value that was not finite. In no figure. */
  readonly unscored: number;
  /** One entry for each obfuscation that was asked for. The name is part of the JSON that `sluice evaluate` prints. */
  readonly disguises?: readonly ObfuscatedFigures[];
}

/**
 * Evaluates a model on labeled data with the scorer that the pipeline uses. Throws `DATA_INVALID` if there is no message to
 * score, and what the data and the scorer throw.
 */
export async function evaluateModel(
  scorer: Scorer,
  data: readonly LabelledMessages[],
  options: EvaluateOptions,
): Promise<Evaluation> {
  const examples: ScoredExample[] = [];
  const sets: Record<string, ClassificationFigures> = {};
  let model = '';
  let unscored = 0;
  for (const [at, set] of data.entries()) {
    const ofSet: ScoredExample[] = [];
    for await (const batch of batchesOf(set, options)) {
      options.signal?.throwIfAborted();
      const answer = await scoreBatch(scorer, batch);
      model = answer.model;
      unscored += batch.length - answer.examples.length;
      ofSet.push(...answer.examples);
      options.progress?.(examples.length + ofSet.length);
    }
    examples.push(...ofSet);
    // Two files of one name in different folders are two sets.
    const name = set.name in sets ? `${set.name} (${at + 1})` : set.name;
    sets[name] = classificationFigures(ofSet, options.thresholds);
  }
  if (examples.length === 0)
    throw new SluiceError('DATA_INVALID', 'The data contains no message to score. Name other files.');
  const all = classificationFigures(examples, options.thresholds);
  return { model, thresholds: options.thresholds, all, sets, unscored };
}

async function* batchesOf(
  set: LabelledMessages,
  options: EvaluateOptions,
): AsyncGenerator<LabelledMessage[]> {
  let batch: LabelledMessage[] = [];
  for await (const message of set.read()) {
    if (options.only?.(message) === false) continue;
    batch.push(message);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function scoreBatch(
  scorer: Scorer,
  batch: readonly LabelledMessage[],
): Promise<{ readonly model: string; readonly examples: ScoredExample[] }> {
  const { model, probabilities } = await scoreMessages(scorer, batch);
  const examples: ScoredExample[] = [];
  for (const [at, probability] of probabilities.entries())
    if (probability !== null) examples.push({ label: batch[at]!.label, probability });
  return { model, examples };
}
