import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import type { Explanation } from '../../core/explanation.ts';
import type { Gate, GateReport } from '../../core/gate-report.ts';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import type { Disagreement } from '../../learning/compare/disagreements.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { type BothModels, compareOpened, withBothModels } from '../learning/compare.ts';
import { openHeldOut } from '../learning/held-out-messages.ts';
import type { ChosenModel } from '../learning/open-chosen-model.ts';
import type { OpenScorer } from '../models/open-scorer.ts';

export interface CompareModelsOn {
  /** As {@link chosenModel} takes them. */
  readonly champion: string;
  readonly challenger: string;
  /** As `openHeldOut` takes them. */
  readonly data: readonly string[];
  readonly everything: boolean;
  readonly gate?: Gate;
  /** How many disagreements are shown. */
  readonly disagreements: number;
  readonly settings: Settings;
  readonly log: Log;
  readonly workingDirectory: string;
  readonly progress: (scored: number, obfuscation?: string) => void;
  readonly signal?: AbortSignal;
}

/** A term of a score's log-odds, the strongest first. */
export interface Reason {
  readonly feature: string;
  /** Above zero towards spam. */
  readonly contribution: number;
}

export interface ExplainedDisagreement extends Disagreement {
  readonly championReasons: readonly Reason[];
  readonly challengerReasons: readonly Reason[];
}

export interface ModelsCompared {
  readonly report: GateReport;
  /** Messages that one of the two models could not score. */
  readonly unscored: number;
  /** Expected costs of all messages are in the report's checks. */
  readonly disagreements: readonly ExplainedDisagreement[];
}

/** `model compare` on labeled messages. Throws `USAGE` for what is no model, and as `compareOn` does. */
export async function compareModelsOn({
  settings,
  log,
  workingDirectory,
  ...options
}: CompareModelsOn): Promise<ModelsCompared> {
  const champion = chosenModel(options.champion, workingDirectory);
  const challenger = chosenModel(options.challenger, workingDirectory);
  const data = options.data.map((spec) =>
    spec.startsWith('corpus:') ? spec : resolve(workingDirectory, spec),
  );
  const order = { ...options, champion, challenger, data, log };
  const heldOut = await openHeldOut(order);
  return await withBothModels(settings, order, async (models) => {
    const { comparison, report, disagreements } = await compareOpened(settings, order, models, heldOut);
    return {
      report,
      unscored: comparison.unscored,
      disagreements: await explainDisagreements(models, disagreements),
    };
  });
}

/** A model's folder, or a version of the model store, `active` or `latest`. Throws `USAGE`. */
export function chosenModel(given: string, workingDirectory: string): ChosenModel {
  const folder = resolve(workingDirectory, given);
  if (existsSync(join(folder, 'manifest.json'))) return { folder };
  if (given === 'active' || given === 'latest' || modelVersionPattern.test(given)) return { version: given };
  throw new SluiceError(
    'USAGE',
    `${given} is neither a model's folder nor a version. "sluice model list" lists the versions; "active" and "latest" are known, too.`,
  );
}

/** With the reasons of both models. */
export async function explainDisagreements(
  { champion, challenger }: BothModels,
  disagreements: readonly Disagreement[],
): Promise<readonly ExplainedDisagreement[]> {
  if (disagreements.length === 0) return [];
  const before = await explainerOf(champion);
  const after = await explainerOf(challenger);
  return disagreements.map((each) => ({
    ...each,
    championReasons: before(each.text),
    challengerReasons: after(each.text),
  }));
}

const MOST_REASONS = 4;

async function explainerOf(model: OpenScorer | null): Promise<(text: string) => readonly Reason[]> {
  const explain = await model?.openExplainer?.();
  if (explain === undefined) return () => [];
  // Scored without community and language, as the held-out messages were.
  return (message) => reasonsOf(explain({ message, message_id: '', community: '' }));
}

function reasonsOf(explanation: Explanation | null): readonly Reason[] {
  return (explanation?.terms ?? [])
    .slice(0, MOST_REASONS)
    .map(({ feature, contribution }) => ({ feature, contribution }));
}
