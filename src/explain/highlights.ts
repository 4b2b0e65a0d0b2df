import type { Explanation, ExplanationTerm } from '../core/explanation.ts';

/**
 * Contributions by word of the message: a feature's contribution is divided equally among its occurrences, and that of an occurrence among
 * the code units that are not white space. The sum is that of all features that are found in such a code unit.
 */
export function highlightsOf(message: string, terms: readonly ExplanationTerm[]): Explanation['highlights'] {
  const isInk = Array.from({ length: message.length }, (_, i) => !/\s/.test(message[i]!));
  const shares = new Float64Array(message.length);
  for (const { contribution, spans } of terms) {
    const inked = spans
      .map(({ start, end }) => ({ start, end, ink: inkIn(isInk, start, end) }))
      .filter(({ ink }) => ink > 0);
    for (const { start, end, ink } of inked)
      for (let i = start; i < end; i++) if (isInk[i]) shares[i]! += contribution / inked.length / ink;
  }
  const found: { start: number; end: number; contribution: number }[] = [];
  for (const { 0: word, index: start } of message.matchAll(/\S+/g)) {
    const end = start + word.length;
    let contribution = 0;
    for (let i = start; i < end; i++) contribution += shares[i]!;
    if (contribution !== 0) found.push({ start, end, contribution });
  }
  return found;
}

function inkIn(isInk: readonly boolean[], start: number, end: number): number {
  let ink = 0;
  for (let i = start; i < end; i++) if (isInk[i]) ink++;
  return ink;
}
