import type { RowLabel } from '../../core/decision.ts';
import type { SimilarMessage } from '../../core/rule-report.ts';
import type { StepReport, StepRun } from '../../core/step-report.ts';
import { runStep } from '../../labeling/run-step.ts';
import { findSimilar, type SimilarQuery } from '../../labeling/similar/find-similar.ts';
import { type NextSeed, nextSeed } from '../../labeling/similar/next-seed.ts';
import { planSimilar } from '../../labeling/similar/plan-similar.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { withLabels } from './with-labels.ts';

export interface SimilarRequest extends StepRun {
  /** Undefined for the next one, after what was accepted. */
  readonly text?: string;
  readonly limit: number;
  readonly minSimilarity: number;
  /** Undefined for a next text: as the row of that text was labeled. */
  readonly as?: RowLabel;
}

export interface SimilarAnswer {
  /** The text that was searched for and where it comes from; or why there is none. */
  readonly next: NextSeed | null;
  readonly text: string | null;
  readonly found: readonly SimilarMessage[];
  /** Null where nothing was to be applied. */
  readonly step: StepReport | null;
}

/**
 * Finds messages of the training table that are like a text, and labels the unlabeled ones if that is asked for. Throws `STORE_FAILED`,
 * and `STEP_RUNNING` while another step is not finished.
 */
export async function labelSimilar(
  settings: Settings,
  log: Log,
  { text: given, limit, minSimilarity, as, ...run }: SimilarRequest,
): Promise<SimilarAnswer> {
  return await withLabels(settings, log, async ({ store, search }): Promise<SimilarAnswer> => {
    const bounds = { limit, minSimilarity };
    const next =
      given === undefined
        ? await nextSeed({ store, search }, { ...bounds, ...(as === undefined ? {} : { as }) }, run.signal)
        : null;
    const text = given ?? next?.seed?.message ?? null;
    if (text === null) return { next, text, found: [], step: null };
    const query: SimilarQuery = { ...bounds, text };
    const label = as ?? (next === null || next.seed === null ? 'spam' : next.as);
    const rows = await findSimilar({ store, search }, query, run.signal);
    const found = rows.map(({ id, similarity, kind, label: known, message }) => ({
      ...{ id, similarity, kind, label: known, message },
    }));
    const plan = planSimilar({ store, search }, { ...query, as: label });
    const step = run.apply ? await runStep(plan, { ...run, store, clock: systemClock }) : null;
    return { next, text, found, step };
  });
}
