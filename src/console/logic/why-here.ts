import type { QueueItemAnswer } from '../../http/console-schemas.ts';

/** Reasons of a verdict that lead to the queue whatever the probability, with the names of their texts. */
const ofText = { 'text:deobfuscation-limit': 'deobfuscationLimit', 'text:truncated': 'truncated' } as const;

/** The model calls it spam, whatever its probability; the guard of a new model sent it here. */
const heldReason = 'guard:held';

export type WhyHere =
  | Exclude<QueueItemAnswer['origin'], 'band'>
  | (typeof ofText)[keyof typeof ofText]
  | 'guard';

/** Where messages are reviewed from, as long as the model's own threshold is not known. */
const USUAL_THRESHOLD = 0.5;

/**
 * Why a message waits for a person if its probability does not say so; empty if it does. `threshold`: the probability from which messages are
 * reviewed in any case.
 */
export function whyHere(
  { origin, reasons, probability }: Pick<QueueItemAnswer, 'origin' | 'reasons' | 'probability'>,
  threshold = USUAL_THRESHOLD,
): WhyHere[] {
  if (origin !== 'band') return [origin];
  if (reasons.includes(heldReason)) return ['guard'];
  if (probability !== null && probability > threshold) return [];
  return (Object.keys(ofText) as (keyof typeof ofText)[])
    .filter((reason) => reasons.includes(reason))
    .map((reason) => ofText[reason]);
}
