import type { Explanation, ExplanationTerm } from '../core/explanation.ts';

/**
 * Contributions by word of the message: a feature's contribution is divided equally among its occurrences, and that of an occurrence among
 * the code units that are not white space. The sum is that of all features that are found in such a code unit.
 */
export function highlightsOf(message: string, terms: readonly ExplanationTerm[]): Explanation['highlights'] {
  const shares = new Float64Array(message.length);
  const inkBefore = inkBeforeEach(message);
  const inkIn = (start: number, end: number) => inkBefore[end]! - inkBefore[start]!;
  for (const { contribution, spans } of terms) {
    const inked = spans
      .map(({ start, end }) => ({ start, end, ink: inkIn(start, end) }))
      .filter(({ ink }) => ink > 0);
    for (const { start, end, ink } of inked)
      for (let i = start; i < end; i++)
        if (inkIn(i, i + 1) > 0) shares[i]! += contribution / inked.length / ink;
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

/** How many code units before each, and before the end, are not white space. */
function inkBeforeEach(message: string): Int32Array {
  const before = new Int32Array(message.length + 1);
  for (const { 0: word, index } of message.matchAll(/\S+/g))
    before.fill(1, index + 1, index + 1 + word.length);
  for (let i = 1; i < before.length; i++) before[i]! += before[i - 1]!;
  return before;
}
