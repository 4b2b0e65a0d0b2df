import { SluiceError } from '../../core/errors.ts';
import type { Gate, GateReport } from '../../core/gate-report.ts';
import { obfuscationKinds } from '../../core/obfuscation-kinds.ts';
import { compareModels } from '../../learning/compare/compare-models.ts';
import { type Disagreement, MostDisagreed } from '../../learning/compare/disagreements.ts';
import { decideGate } from '../../learning/gates/decide-gate.ts';
import type { HeldOutMessage, ModelComparison } from '../../learning/held-out.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { Featurizer } from '../../text/featurizer.ts';
import { languageTags } from '../../text/languages/languages.ts';
import type { OpenScorer } from '../models/open-scorer.ts';
import { type HeldOutData, openHeldOut } from './held-out-messages.ts';
import { obfuscationOf } from './obfuscation-of.ts';
import { type ChosenModel, openChosenModel } from './open-chosen-model.ts';

export interface CompareOn extends HeldOutData {
  /** The active model; null where none is, and then the challenger is promoted. */
  readonly champion: ChosenModel | null;
  /** A folder where it was not pushed yet. */
  readonly challenger: ChosenModel;
  /** Instead of `retrain.gate.kind`. */
  readonly gate?: Gate;
  readonly log: Log;
  /** Messages scored so far, and the obfuscation that they are scored under, if any. */
  readonly progress?: (scored: number, obfuscation?: string) => void;
  /** How many of the messages on which the models disagree most are returned; none by default. */
  readonly disagreements?: number;
}

export interface Compared {
  readonly comparison: ModelComparison;
  readonly report: GateReport;
  /** With labels and texts: people's data. */
  readonly disagreements: readonly Disagreement[];
}

/**
 * Scores held-out messages with two models, and decides by the gate. Scores and thresholds are those of the settings, without what
 * communities have of their own. Throws as `openHeldOut` and `openChosenModel` do, and `DATA_INVALID` for no message at all.
 */
export async function compareOn(settings: Settings, options: CompareOn): Promise<Compared> {
  // Bad data is found before a model is loaded.
  const heldOut = await openHeldOut(options);
  return await withBothModels(settings, options, (models) =>
    compareOpened(settings, options, models, heldOut),
  );
}

/** Both models, opened. */
export interface BothModels {
  readonly champion: OpenScorer | null;
  readonly challenger: OpenScorer;
}

/** Opens both models for a task, and closes them. */
export async function withBothModels<T>(
  settings: Settings,
  chosen: Pick<CompareOn, 'champion' | 'challenger' | 'log'>,
  work: (models: BothModels) => Promise<T>,
): Promise<T> {
  const challenger = await openChosenModel(settings, chosen.challenger, chosen.log);
  try {
    const champion =
      chosen.champion === null ? null : await openChosenModel(settings, chosen.champion, chosen.log);
    try {
      return await work({ champion, challenger });
    } finally {
      await champion?.close();
    }
  } finally {
    await challenger.close();
  }
}

/** {@link compareOn} with models that are open. */
export async function compareOpened(
  settings: Settings,
  options: CompareOn,
  models: BothModels,
  heldOut: AsyncIterable<HeldOutMessage>,
): Promise<Compared> {
  const { rejectMin, rejectMax } = settings.decide;
  const most = new MostDisagreed(options.disagreements ?? 0);
  const comparison = await compareModels({
    champion: models.champion?.scorer ?? null,
    challenger: models.challenger.scorer,
    heldOut,
    obfuscations: obfuscationKinds.map(obfuscationOf),
    thresholds: { rejectMin, rejectMax },
    languageOf: languageDetector(),
    onPair: (message, score) => most.add(message, score),
    ...(options.progress === undefined ? {} : { progress: options.progress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (models.champion !== null && comparison.scores.length === 0)
    throw new SluiceError(
      'DATA_INVALID',
      'There is no held-out message to compare the models on. Name other data, or label more messages.',
    );
  const { gate } = settings.retrain;
  const report = decideGate(comparison, options.gate === undefined ? gate : { ...gate, kind: options.gate });
  return { comparison, report, disagreements: most.list() };
}

/** Detects as a model of all known languages does. */
export function languageDetector(): (text: string) => string {
  const featurizer = new Featurizer({ languages: languageTags, ownDomains: [] });
  return (text) => languageTags[featurizer.prepare(text).language] ?? '';
}
