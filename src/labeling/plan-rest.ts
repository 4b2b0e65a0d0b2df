import type { RowLabel } from '../core/decision.ts';
import { type LabelStore, MAX_LABEL_EDITS } from '../ports/label-store.ts';
import type { StepPlan } from './step-plan.ts';

export interface RestParameters {
  readonly label: RowLabel;
}

/** Labels what nobody and no step has labeled. */
export function planRest(store: Pick<LabelStore, 'rows'>, { label }: RestParameters): StepPlan {
  return {
    kind: 'rest',
    about: `label what is unlabeled as ${label}`,
    parameters: { label } satisfies RestParameters,
    edits: async function* (_step, signal) {
      const filter = { label: 'unlabeled' } as const;
      for (let after = 0; !signal?.aborted; ) {
        const page = await store.rows({ after, limit: MAX_LABEL_EDITS, filter });
        for (const row of page) yield { row, edit: { kind: 'label', row, label } };
        const last = page.at(-1);
        if (last === undefined || page.length < MAX_LABEL_EDITS) return;
        after = last.id;
      }
    },
  };
}
