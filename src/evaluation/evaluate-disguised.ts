import type { Thresholds } from '../core/decision-policy.ts';
import type { LabelledMessage, LabelledMessages } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';
import { type ClassificationFigures, classificationFigures, type Judged } from './classification-figures.ts';
import { BATCH, scoreMessages } from './score-messages.ts';

/** One way to disguise a text. What it answers may depend on the texts before. */
export interface Disguise {
  readonly name: string;
  readonly putOn: (text: string) => string;
}

/** Of the messages that the disguise changed, and that could be scored with it and without. */
export interface DisguisedFigures {
  readonly name: string;
  readonly plain: ClassificationFigures;
  readonly disguised: ClassificationFigures;
}

export interface EvaluateDisguisedOptions {
  readonly thresholds: Thresholds;
  readonly only?: (message: LabelledMessage) => boolean;
  /** Called after each batch with the number of messages judged so far, counted anew for each disguise. */
  readonly progress?: (judged: number, disguise: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * How a model judges messages under each disguise, beside the same messages without it. Holds the messages in memory. Throws what
 * the data and the scorer throw.
 */
export async function evaluateDisguised(
  scorer: Scorer,
  data: readonly LabelledMessages[],
  disguises: readonly Disguise[],
  options: EvaluateDisguisedOptions,
): Promise<readonly DisguisedFigures[]> {
  const messages: LabelledMessage[] = [];
  for (const set of data)
    for await (const message of set.read()) if (options.only?.(message) !== false) messages.push(message);
  const plain = await score(scorer, messages, 'no obfuscation', options);
  const figures: DisguisedFigures[] = [];
  for (const { name, putOn } of disguises) {
    const changed: LabelledMessage[] = [];
    const before: (number | null)[] = [];
    for (const [at, message] of messages.entries()) {
      const text = putOn(message.text);
      if (text === message.text) continue;
      changed.push({ ...message, text });
      before.push(plain[at]!);
    }
    const after = await score(scorer, changed, name, options);
    const judged = (probabilities: readonly (number | null)[]): Judged[] =>
      changed.flatMap(({ label }, at) =>
        before[at] === null || after[at] === null ? [] : [{ label, probability: probabilities[at]! }],
      );
    figures.push({
      name,
      plain: classificationFigures(judged(before), options.thresholds),
      disguised: classificationFigures(judged(after), options.thresholds),
    });
  }
  return figures;
}

async function score(
  scorer: Scorer,
  messages: readonly LabelledMessage[],
  name: string,
  { progress, signal }: EvaluateDisguisedOptions,
): Promise<(number | null)[]> {
  const probabilities: (number | null)[] = [];
  for (let at = 0; at < messages.length; at += BATCH) {
    signal?.throwIfAborted();
    const batch = await scoreMessages(scorer, messages.slice(at, at + BATCH));
    probabilities.push(...batch.probabilities);
    progress?.(probabilities.length, name);
  }
  return probabilities;
}
