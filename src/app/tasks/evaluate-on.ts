import {
  type ObfuscationKind,
  obfuscationKinds,
  type PaddingKind,
  paddingKinds,
} from '../../core/obfuscation-kinds.ts';
import { type Evaluation, evaluateModel } from '../../evaluation/evaluate.ts';
import { evaluateObfuscated } from '../../evaluation/evaluate-obfuscated.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { isForTesting } from '../../training/testing-part.ts';
import { obfuscationOf } from '../learning/obfuscation-of.ts';
import { openScorer } from '../models/open-scorer.ts';
import { openData } from '../open/open-data.ts';

export interface EvaluateOn {
  /** As {@link openData} takes them. */
  readonly data: readonly string[];
  /** Evaluate on what training may have seen, too. */
  readonly everything: boolean;
  /** Evaluate on the messages with these obfuscations, or with this padding, too. */
  readonly obfuscation?: ObfuscationKind | PaddingKind | 'all';
  readonly settings: Settings;
  readonly log: Log;
  /** `obfuscation`: the one that is being evaluated, after the messages without any. */
  readonly progress: (scored: number, obfuscation?: string) => void;
}

/** Evaluates the model that the settings choose. Throws as `openData`, `openScorer` and `evaluateModel` do. */
export async function evaluateOn({
  data,
  everything,
  obfuscation,
  settings,
  log,
  progress,
}: EvaluateOn): Promise<Evaluation> {
  const sets = await openData(data);
  const { scorer, close } = await openScorer(settings, log);
  try {
    const { rejectMin, rejectMax } = settings.decide;
    const thresholds = { rejectMin, rejectMax };
    const options = { thresholds, progress, ...(everything ? {} : { only: isForTesting }) };
    const evaluation = await evaluateModel(scorer, sets, options);
    if (obfuscation === undefined) return evaluation;
    const kinds = obfuscation === 'all' ? [...obfuscationKinds, ...paddingKinds] : [obfuscation];
    const disguises = await evaluateObfuscated(scorer, sets, kinds.map(obfuscationOf), options);
    return { ...evaluation, disguises };
  } finally {
    await close();
  }
}
