import type { LabelNextAnswer } from '../../http/label-next-schemas.ts';

export type LabelKey = 'spam' | 'ham' | 'skip';

/** What the last action did, in the words of the page. */
export interface LabelEffect {
  readonly kind: 'spam' | 'ham' | 'skipped' | 'taken' | 'undone';
  /** Rows that were labeled. */
  readonly count: number;
  readonly number: number;
}

/** `taken`: somebody had labeled the message in the meantime, so that the answer changed nothing. */
export function effectOf(answer: LabelKey, labeledRows: number | null): Omit<LabelEffect, 'number'> {
  if (answer === 'skip') return { kind: 'skipped', count: 1 };
  const count = labeledRows ?? 0;
  return { kind: count === 0 ? 'taken' : answer, count };
}

const LOADING_SECONDS = 1;
const HOLD_SECONDS = 20;

/** Seconds until the page asks again: soon while the table is read; so often that its message is held; never where nothing is left. */
export function asksAgainAfter({ phase }: Pick<LabelNextAnswer, 'phase'>): number | undefined {
  return phase === 'loading' ? LOADING_SECONDS : phase === 'asking' ? HOLD_SECONDS : undefined;
}

/** What to say about near-duplicates that people have labeled. */
export function nearLabels({ spam, ham }: { readonly spam: number; readonly ham: number }) {
  if (spam > 0 && ham > 0) return 'both';
  if (spam + ham === 0) return undefined;
  return spam > 0 ? 'spam' : 'ham';
}

/** Where the page of the training data asks. */
export const LABEL_NEXT = '?view=next';

export function isLabelNext(search: string): boolean {
  return new URLSearchParams(search).get('view') === 'next';
}
