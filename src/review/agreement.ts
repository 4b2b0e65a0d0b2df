import { type DecisionLabel, decisionLabels } from '../core/decision.ts';
import type { AnswerPairs } from '../ports/second-opinions.ts';

/** How often each first answer met each second one. */
export type AnswerCounts = readonly {
  readonly first: DecisionLabel;
  readonly second: DecisionLabel;
  readonly pairs: number;
}[];

export interface Agreement {
  readonly pairs: number;
  /** Share of pairs with the same answer, 0 to 1; null without pairs. */
  readonly observed: number | null;
  /** −1 to 1; null where chance alone would always agree: without pairs, or if all answers are the same. */
  readonly kappa: number | null;
  /** 95 % interval, within −1 to 1; null with `kappa`. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Of the normal distribution, both sides. */
const Z_95 = 1.959963984540054;

/**
 * Cohen's κ, unweighted (J. Cohen, 1960), as scikit-learn's `cohen_kappa_score` computes it, with the interval of the asymptotic standard
 * error (J. Fleiss, J. Cohen & B. Everitt, *Large sample standard errors of kappa and weighted kappa*, Psychological Bulletin 72, 1969,
 * formula 13).
 */
export function agreementOf(counts: AnswerCounts): Agreement {
  const share = new Map<string, number>();
  let pairs = 0;
  for (const each of counts) {
    const cell = cellOf(each.first, each.second);
    share.set(cell, (share.get(cell) ?? 0) + each.pairs);
    pairs += each.pairs;
  }
  if (pairs === 0) return { pairs, observed: null, kappa: null, low: null, high: null };
  const p = (first: DecisionLabel, second: DecisionLabel) => (share.get(cellOf(first, second)) ?? 0) / pairs;
  const sum = (of: (label: DecisionLabel) => number) =>
    decisionLabels.reduce((total, label) => total + of(label), 0);
  const first = (label: DecisionLabel) => sum((other) => p(label, other));
  const second = (label: DecisionLabel) => sum((other) => p(other, label));
  const observed = Math.min(
    1,
    sum((label) => p(label, label)),
  );
  const expected = sum((label) => first(label) * second(label));
  const isOneAnswer = decisionLabels.some((label) => first(label) === 1 && second(label) === 1);
  if (isOneAnswer) return { pairs, observed, kappa: null, low: null, high: null };
  const kappa = (observed - expected) / (1 - expected);
  const same = sum((label) => p(label, label) * (1 - (first(label) + second(label)) * (1 - kappa)) ** 2);
  const different = sum((a) => sum((b) => (a === b ? 0 : p(a, b) * (second(a) + first(b)) ** 2)));
  const variance =
    (same + (1 - kappa) ** 2 * different - (kappa - expected * (1 - kappa)) ** 2) /
    ((1 - expected) ** 2 * pairs);
  const margin = Z_95 * Math.sqrt(Math.max(0, variance));
  return { pairs, observed, kappa, low: Math.max(-1, kappa - margin), high: Math.min(1, kappa + margin) };
}

function cellOf(first: DecisionLabel, second: DecisionLabel): string {
  return `${first} ${second}`;
}

/** With fewer pairs the interval says little, and a person could guess which message was compared. */
export const LEAST_PAIRS = 20;

export interface TeamAgreement {
  readonly team: Agreement;
  /** Of two people, by name; the answers of both orders together. */
  readonly people: readonly (Agreement & { readonly names: readonly [string, string] })[];
}

/** Each pair from the side of one person: `first` is that person's answer. Pairs of others are left out. */
export function ofPerson(pairs: readonly AnswerPairs[], name: string): readonly AnswerPairs[] {
  return pairs.flatMap((each) => {
    if (each.first_by === name) return [each];
    if (each.second_by !== name) return [];
    return [{ ...each, first_by: name, second_by: each.first_by, first: each.second, second: each.first }];
  });
}

export function ofTeam(pairs: readonly AnswerPairs[]): TeamAgreement {
  const people = new Map<
    string,
    { readonly names: readonly [string, string]; readonly counts: AnswerPairs[] }
  >();
  for (const each of pairs) {
    const [a, b] = [each.first_by, each.second_by].sort() as [string, string];
    const key = JSON.stringify([a, b]);
    const known = people.get(key) ?? { names: [a, b] as const, counts: [] };
    known.counts.push(...ofPerson([each], a));
    people.set(key, known);
  }
  return {
    team: shown(agreementOf(pairs)),
    people: [...people.values()]
      .map(({ names, counts }) => ({ names, ...shown(agreementOf(counts)) }))
      .sort((a, b) => b.pairs - a.pairs),
  };
}

/** Oldest first; weeks without a pair are left out. */
export function byWeek(pairs: readonly AnswerPairs[]): readonly (Agreement & { readonly week: number })[] {
  const weeks = [...new Set(pairs.map(({ week }) => week))].sort((a, b) => a - b);
  return weeks.map((week) => ({
    week,
    ...shown(agreementOf(pairs.filter((each) => each.week === week))),
  }));
}

/** With too few pairs, their number alone. */
export function shown(agreement: Agreement): Agreement {
  return agreement.pairs >= LEAST_PAIRS
    ? agreement
    : { pairs: agreement.pairs, observed: null, kappa: null, low: null, high: null };
}
