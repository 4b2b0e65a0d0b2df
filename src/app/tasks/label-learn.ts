import { SluiceError } from '../../core/errors.ts';
import type { LabelRow } from '../../core/label-step.ts';
import type { StepReport, StepRun } from '../../core/step-report.ts';
import { LabelSession, type PriorOf } from '../../labeling/label-session.ts';
import { type PredictParameters, planPredict } from '../../labeling/plan-predict.ts';
import { findSuspects, type SuspectReport } from '../../labeling/suspects.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openScorer } from '../models/open-scorer.ts';
import { rowDecider } from './decide-rows.ts';
import { runLabelStep } from './label-steps.ts';
import { withLabels } from './with-labels.ts';

export type { Question, SessionState } from '../../labeling/label-session.ts';
export type { PredictParameters, SuspectReport };

/** What the command `label next` needs of a session. */
export type AskingSession = Pick<LabelSession, 'load' | 'next' | 'answer' | 'undo' | 'state'>;

export interface AskOptions {
  /** Who decides; the name that decisions and activity have. */
  readonly by: string;
  /** Whether the active model says what looks like spam at first. */
  readonly withModel: boolean;
}

/** Opens a session that asks about rows of the training table, whose answers are decisions. */
export async function withLabelSession(
  settings: Settings,
  log: Log,
  { by, withModel }: AskOptions,
  work: (session: AskingSession) => Promise<void>,
): Promise<void> {
  const decider = rowDecider(settings, by);
  try {
    await withPrior(settings, log, withModel, (prior) =>
      withLabels(settings, log, ({ store }) =>
        work(new LabelSession({ store, decider, person: numberOf(by), ...prior })),
      ),
    );
  } finally {
    await decider.close();
  }
}

/** `label predict`. */
export async function labelPredict(
  settings: Settings,
  log: Log,
  how: StepRun,
  parameters: PredictParameters,
): Promise<StepReport> {
  // The model's parameters are all that a resumed step needs, so it learns without the active model, which may be another one by then.
  return await runLabelStep(settings, log, how, ({ store }) => planPredict(store, parameters));
}

/** `label suspects`. */
export async function labelSuspects(
  settings: Settings,
  log: Log,
  {
    withModel,
    ...options
  }: {
    readonly most: number;
    readonly withModel: boolean;
    readonly progress?: (rows: number) => void;
  },
): Promise<SuspectReport> {
  return await withPrior(settings, log, withModel, (prior) =>
    withLabels(settings, log, ({ store }) => findSuspects(store, { ...options, ...prior })),
  );
}

/** Messages that are scored together. */
const BATCH = 250;

/** Runs `work` with the active model's probabilities, or without any. Throws `MODEL_MISSING` where they are wanted and no model is installed. */
async function withPrior<T>(
  settings: Settings,
  log: Log,
  withModel: boolean,
  work: (prior: { readonly priorOf?: PriorOf }) => Promise<T>,
): Promise<T> {
  if (!withModel) return await work({});
  const opened = await openScorer(settings, log);
  try {
    const encoder = new TextEncoder();
    const scored = async (rows: readonly LabelRow[], into: (number | null)[], from: number) => {
      const lines = rows.map(({ message, community, id }) =>
        encoder.encode(JSON.stringify({ message, community, message_id: String(id) })),
      );
      const answer = await opened.scorer.score(lines, { every: true, exactScores: 'all' });
      for (const { index, probability, unscorable } of answer.scored)
        if (!unscorable) into[from + index] = probability;
    };
    return await work({
      priorOf: async (rows) => {
        const probabilities: (number | null)[] = rows.map(() => null);
        for (let from = 0; from < rows.length; from += BATCH)
          await scored(rows.slice(from, from + BATCH), probabilities, from);
        return probabilities;
      },
    });
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'MODEL_MISSING')
      throw new SluiceError('MODEL_MISSING', `${error.message} Or leave the model out: --without-model`, {
        cause: error,
      });
    throw error;
  } finally {
    await opened.close();
  }
}

/** The same person is asked in the same order. */
function numberOf(name: string): number {
  let seed = 0;
  for (let at = 0; at < name.length; at++) seed = (Math.imul(seed, 31) + name.charCodeAt(at)) | 0;
  return seed;
}
