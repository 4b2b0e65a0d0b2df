import type { RowLabel } from '../../core/decision.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { PlannedEdit, StepPlan } from '../step-plan.ts';
import { findSimilar, type SimilarQuery } from './find-similar.ts';

/** Parameters of a step of the kind `similar`; JSON. */
export interface SimilarStepParameters extends SimilarQuery {
  readonly as: RowLabel;
}

const SHOWN = 60;

/** Labels the unlabeled ones of the rows that are like a text. */
export function planSimilar(
  parts: { readonly store: Pick<LabelStore, 'rowsOf'>; readonly search: LabelSearch },
  parameters: SimilarStepParameters,
): StepPlan {
  const { text, as: label, minSimilarity } = parameters;
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return {
    kind: 'similar',
    about: `rows like "${shown.replaceAll(/\s+/gu, ' ')}" (similarity ${minSimilarity} or more) are ${label}`,
    parameters,
    edits: async function* (_step, signal): AsyncGenerator<PlannedEdit> {
      for (const { row } of await findSimilar(parts, parameters, signal))
        if (row.label === null) yield { row, edit: { kind: 'label', row, label } };
    },
  };
}

/** The text that a step searched for; undefined for parameters of another kind of step. */
export function seedOf(parameters: unknown): string | undefined {
  const { text } = (parameters ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : undefined;
}
