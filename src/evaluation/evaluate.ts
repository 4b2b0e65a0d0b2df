import type { Thresholds } from '../core/decision-policy.ts';
import { SluiceError } from '../core/errors.ts';
import type { LabelledMessage, LabelledMessages } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';
import { type ClassificationFigures, classificationFigures, type Judged } from './classification-figures.ts';
import type { DisguisedFigures } from './evaluate-disguised.ts';
import { BATCH, scoreMessages } from './score-messages.ts';

export interface EvaluateOptions {
  readonly thresholds: Thresholds;
  /** Judge only messages of which this says true; for instance those of the testing part. */
  readonly only?: (message: LabelledMessage) => boolean;
  /** Called after each batch with the number of messages judged so far. */
  readonly progress?: (judged: number) => void;
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
  /** Under each disguise that was asked for. */
  readonly disguises?: readonly DisguisedFigures[];
}

/**
 * Judges a model on labelled data through the scorer that production uses. Throws `DATA_INVALID` where there is no message to
 * judge, and what the data and the scorer throw.
 */
export async function evaluateModel(
  scorer: Scorer,
  data: readonly LabelledMessages[],
  options: EvaluateOptions,
): Promise<Evaluation> {
  const judged: Judged[] = [];
  const sets: Record<string, ClassificationFigures> = {};
  let model = '';
  let unscored = 0;
  for (const [at, set] of data.entries()) {
    const ofSet: Judged[] = [];
    for await (const batch of batchesOf(set, options)) {
      options.signal?.throwIfAborted();
      const answer = await judge(scorer, batch);
      model = answer.model;
      unscored += batch.length - answer.judged.length;
      ofSet.push(...answer.judged);
      options.progress?.(judged.length + ofSet.length);
    }
    judged.push(...ofSet);
    // Two files of one name in different folders are two sets.
    const name = set.name in sets ? `${set.name} (${at + 1})` : set.name;
    sets[name] = classificationFigures(ofSet, options.thresholds);
  }
  if (judged.length === 0)
    throw new SluiceError('DATA_INVALID', 'The data contains no message to score. Name other files.');
  const all = classificationFigures(judged, options.thresholds);
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

async function judge(
  scorer: Scorer,
  batch: readonly LabelledMessage[],
): Promise<{ readonly model: string; readonly judged: Judged[] }> {
  const { model, probabilities } = await scoreMessages(scorer, batch);
  const judged: Judged[] = [];
  for (const [at, probability] of probabilities.entries())
    if (probability !== null) judged.push({ label: batch[at]!.label, probability });
  return { model, judged };
}
