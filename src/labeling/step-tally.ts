import type { KnownAs, RowOutcome, StepExample, StepReport } from '../core/step-report.ts';
import type { LabelEdit } from '../ports/label-store.ts';
import { DiverseSample } from './diverse-sample.ts';
import type { PlannedEdit } from './step-plan.ts';

const EXAMPLES = 10;
/** Of rows whose label is known, at least so many are shown: they show where a step is wrong. */
const OF_KNOWN = 3;

/** Counts what a step does, and draws examples of it; the same ones for the same edits. */
export class StepTally {
  readonly #known: Record<KnownAs, number> = { spam: 0, ham: 0, unlabeled: 0 };
  readonly #becomes: Record<RowOutcome, number> = { spam: 0, ham: 0, removed: 0, grouped: 0 };
  readonly #samples: Record<KnownAs, DiverseSample<StepExample>> = {
    spam: new DiverseSample(EXAMPLES),
    ham: new DiverseSample(EXAMPLES),
    unlabeled: new DiverseSample(EXAMPLES),
  };
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  add({ row, edit }: PlannedEdit): void {
    const known = row.label ?? 'unlabeled';
    const becomes = outcomeOf(edit);
    this.#rows++;
    this.#known[known]++;
    this.#becomes[becomes]++;
    this.#samples[known].offer(row.message, (message) => ({ ...row, message, becomes }));
  }

  counts(): Pick<StepReport, 'known' | 'becomes' | 'examples'> {
    return { known: { ...this.#known }, becomes: { ...this.#becomes }, examples: this.#examples() };
  }

  #examples(): readonly StepExample[] {
    const { spam, ham, unlabeled } = this.#samples;
    const [ofSpam, ofHam, others] = [spam.drawn(), ham.drawn(), unlabeled.drawn()];
    const chosen = [...ofSpam.splice(0, OF_KNOWN), ...ofHam.splice(0, OF_KNOWN)];
    for (const rest of [others, ofHam, ofSpam]) chosen.push(...rest.splice(0, EXAMPLES - chosen.length));
    return chosen.sort((one, other) => one.id - other.id);
  }
}

function outcomeOf(edit: LabelEdit): RowOutcome {
  switch (edit.kind) {
    case 'label':
      return edit.label;
    case 'remove':
      return 'removed';
    case 'group':
      return 'grouped';
  }
}
