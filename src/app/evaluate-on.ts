import { type Evaluation, evaluateModel } from '../evaluation/evaluate.ts';
import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { isForTesting } from '../training/testing-part.ts';
import { openData } from './open-data.ts';
import { openScorer } from './open-scorer.ts';

export interface EvaluateOn {
  /** As {@link openData} takes them. */
  readonly data: readonly string[];
  /** Judge what training may have seen, too. */
  readonly everything: boolean;
  readonly settings: Settings;
  readonly log: Log;
  readonly progress: (judged: number) => void;
}

/** Evaluates the model that the settings choose. Throws as `openData`, `openScorer` and `evaluateModel` do. */
export async function evaluateOn({
  data,
  everything,
  settings,
  log,
  progress,
}: EvaluateOn): Promise<Evaluation> {
  const sets = await openData(data);
  const { scorer, close } = await openScorer(settings, log);
  try {
    const { rejectMin, rejectMax } = settings.decide;
    const thresholds = { rejectMin, rejectMax };
    return await evaluateModel(scorer, sets, {
      thresholds,
      progress,
      ...(everything ? {} : { only: isForTesting }),
    });
  } finally {
    await close();
  }
}
