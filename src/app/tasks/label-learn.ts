import { describeError, SluiceError } from '../../core/errors.ts';
import type { StepReport, StepRun } from '../../core/step-report.ts';
import type { PriorOf } from '../../labeling/label-questions.ts';
import { LabelSession } from '../../labeling/label-session.ts';
import { type PredictParameters, planPredict } from '../../labeling/plan-predict.ts';
import { findSuspects, type SuspectReport } from '../../labeling/suspects.ts';
import { LABEL_LEASE_SECONDS } from '../../ports/label-leases.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openScorer } from '../models/open-scorer.ts';
import { rowDecider } from './decide-rows.ts';
import { runLabelStep } from './label-steps.ts';
import { priorOfScorer } from './prior-of-scorer.ts';
import { withLabels } from './with-labels.ts';

export type { Question, SessionState } from '../../labeling/label-questions.ts';
export type { PredictParameters, SuspectReport };

const RENEW_MS = (LABEL_LEASE_SECONDS * 1000) / 3;

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
      withLabels(settings, log, ({ store, leases }) =>
        renewing(new LabelSession({ store, leases, decider, person: numberOf(by), ...prior }), log, work),
      ),
    );
  } finally {
    await decider.close();
  }
}

/** Nobody else is asked what this person has before the eyes, however long that takes. */
async function renewing(
  session: LabelSession,
  log: Log,
  work: (session: AskingSession) => Promise<void>,
): Promise<void> {
  const timer = setInterval(
    () =>
      session.renew().catch((error) => log.warn({ error: describeError(error) }, 'a lease was not renewed')),
    RENEW_MS,
  ).unref();
  try {
    await work(session);
  } finally {
    clearInterval(timer);
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
    return await work({ priorOf: priorOfScorer(opened.scorer) });
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
