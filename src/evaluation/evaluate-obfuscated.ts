import type { Thresholds } from '../core/decision-policy.ts';
import type { LabelledMessage, LabelledMessages } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';
import { type ClassificationFigures, classificationFigures } from './classification-figures.ts';
import { BATCH, scoreMessages } from './score-messages.ts';
import type { ScoredExample } from './scored-example.ts';

/** One way to obfuscate a text. Its result may depend on the texts before. */
export interface Obfuscation {
  readonly name: string;
  readonly obfuscate: (text: string) => string;
}

/** Figures over the messages that the obfuscation changed, and that could be scored plain and obfuscated. */
export interface ObfuscatedFigures {
  readonly name: string;
  readonly plain: ClassificationFigures;
  readonly disguised: ClassificationFigures;
}

export interface EvaluateObfuscatedOptions {
  readonly thresholds: Thresholds;
  readonly only?: (message: LabelledMessage) => boolean;
  /** Called after each batch with the number of messages scored so far; starts at 0 again for each obfuscation. */
  readonly progress?: (scored: number, obfuscation: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Evaluates a model on messages under each obfuscation, and on the same messages without it. Holds all messages in memory. Throws
 * what the data and the scorer throw.
 */
export async function evaluateObfuscated(
  scorer: Scorer,
  data: readonly LabelledMessages[],
  obfuscations: readonly Obfuscation[],
  options: EvaluateObfuscatedOptions,
): Promise<readonly ObfuscatedFigures[]> {
  const messages: LabelledMessage[] = [];
  for (const set of data)
    for await (const message of set.read()) if (options.only?.(message) !== false) messages.push(message);
  const plain = await score(scorer, messages, 'no obfuscation', options);
  const figures: ObfuscatedFigures[] = [];
  for (const { name, obfuscate } of obfuscations) {
    const changed: LabelledMessage[] = [];
    const before: (number | null)[] = [];
    for (const [at, message] of messages.entries()) {
      const text = obfuscate(message.text);
      if (text === message.text) continue;
      changed.push({ ...message, text });
      before.push(plain[at]!);
    }
    const after = await score(scorer, changed, name, options);
    const examples = (probabilities: readonly (number | null)[]): ScoredExample[] =>
      changed.flatMap(({ label }, at) =>
        before[at] === null || after[at] === null ? [] : [{ label, probability: probabilities[at]! }],
      );
    figures.push({
      name,
      plain: classificationFigures(examples(before), options.thresholds),
      disguised: classificationFigures(examples(after), options.thresholds),
    });
  }
  return figures;
}

async function score(
  scorer: Scorer,
  messages: readonly LabelledMessage[],
  name: string,
  { progress, signal }: EvaluateObfuscatedOptions,
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
