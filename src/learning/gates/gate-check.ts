import type { GateCheck } from '../../core/gate-report.ts';
import type { Label } from '../../ports/labelled-messages.ts';

/** How many more held-out messages of each class a check would need to be answered. */
export type Missing = Readonly<Record<Label, number>>;

/** A check with what it lacks; `missing` is null where it has enough messages. */
export interface AskedCheck {
  readonly check: GateCheck;
  readonly missing: Missing | null;
  /** Messages that are missing in two groups of one kind add up: such as in the old and in the new messages. */
  readonly group: string;
}

/** 12.345 % as `12.35 %`. */
export function rateText(share: number | null, digits = 2): string {
  return share === null ? '–' : `${(100 * share).toFixed(digits)} %`;
}

/** `p = 0.0123`; of a smaller one than is shown, that. */
export function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}

/** 0.0123 as `1.23 points`. */
export function pointsText(share: number): string {
  return `${(100 * share).toFixed(2)} points`;
}

/** The classes that would have been enough for all of the checks, where some lacked messages. */
export function neededInAll(
  have: Missing,
  asked: readonly AskedCheck[],
): { readonly spam: number; readonly ham: number } | null {
  if (asked.every(({ missing }) => missing === null)) return null;
  const more = (label: Label): number => {
    const byGroup = new Map<string, number>();
    for (const { group, missing } of asked)
      byGroup.set(group, Math.max(byGroup.get(group) ?? 0, missing?.[label] ?? 0));
    const of = (...groups: readonly string[]) =>
      groups.reduce((sum, group) => sum + (byGroup.get(group) ?? 0), 0);
    const others = [...byGroup.keys()].filter((group) => group !== 'old' && group !== 'new');
    return Math.max(of('old', 'new'), ...others.map((group) => of(group)));
  };
  return { spam: have.spam + more('spam'), ham: have.ham + more('ham') };
}
