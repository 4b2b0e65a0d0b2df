import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Scorer } from '../../ports/scorer.ts';
import { ReviewDesk } from '../../review/review-desk.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { builtEntry } from '../package-root.ts';
import { priorOfScorer } from '../tasks/prior-of-scorer.ts';
import { LabelDeskThread } from './label-desk-thread.ts';

/** Asks people about rows of the training table that the settings name. Nothing is opened before somebody asks. */
export function openLabelDesk(
  settings: Settings,
  {
    decisions,
    scorer,
    log,
  }: { readonly decisions: DecisionStore; readonly scorer: Scorer; readonly log: Log },
): LabelDeskThread {
  return new LabelDeskThread({
    ...{ settings, log, priorOf: priorOfScorer(scorer), desk: new ReviewDesk(decisions) },
    entryFile: () => builtEntry('label-thread'),
  });
}
