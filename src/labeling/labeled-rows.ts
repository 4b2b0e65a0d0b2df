import type { RowLabel } from '../core/decision.ts';
import type { LabelRow } from '../core/label-step.ts';
import { type LabelStore, MAX_LABEL_EDITS } from '../ports/label-store.ts';

/** A row with the label that it is exported with. */
export type LabeledRow = LabelRow & { readonly label: RowLabel };

/** Pages of the table's labeled rows, and of the unlabeled ones as ham where that is asked for. */
export async function* labeledRows(
  store: Pick<LabelStore, 'rows'>,
  { unlabeled, signal }: { readonly unlabeled: 'leave-out' | 'ham'; readonly signal: AbortSignal },
): AsyncGenerator<readonly LabeledRow[]> {
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const page = await store.rows({ after, limit: MAX_LABEL_EDITS });
    yield page.flatMap((row): LabeledRow[] => {
      const label = row.label ?? (unlabeled === 'ham' ? 'ham' : null);
      return label === null ? [] : [{ ...row, label }];
    });
    const last = page.at(-1);
    if (last === undefined || page.length < MAX_LABEL_EDITS) return;
    after = last.id;
  }
}
