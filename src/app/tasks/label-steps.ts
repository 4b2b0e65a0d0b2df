import { SluiceError } from '../../core/errors.ts';
import type { ImportProgress, ImportReport } from '../../core/import-report.ts';
import type { LabelStep } from '../../core/label-step.ts';
import type { StepProgress, StepReport, StepRun } from '../../core/step-report.ts';
import { type PredictParameters, planPredict } from '../../labeling/plan-predict.ts';
import { planRest, type RestParameters } from '../../labeling/plan-rest.ts';
import { planRule, type RuleStepParameters } from '../../labeling/rules/plan-rule.ts';
import { runStep } from '../../labeling/run-step.ts';
import { planSimilar, type SimilarStepParameters } from '../../labeling/similar/plan-similar.ts';
import type { StepPlan } from '../../labeling/step-plan.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UndoneStep } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { planDedupe } from './label-dedupe.ts';
import { resumeImport } from './label-import.ts';
import { type PlannerParts, withLabels } from './with-labels.ts';

/** Makes a plan again of a step's parameters, for one that was cut off. */
export type Planner = (parts: PlannerParts, parameters: unknown) => StepPlan | Promise<StepPlan>;

/** One line for each kind of step; `import` has no plan. */
const planners: Partial<Record<StepPlan['kind'], Planner>> = {
  dedupe: planDedupe,
  rule: ({ store }, parameters) => planRule(store, parameters as RuleStepParameters),
  similar: (parts, parameters) => planSimilar(parts, parameters as SimilarStepParameters),
  predict: ({ store }, parameters) => planPredict(store, parameters as PredictParameters),
  rest: ({ store }, parameters) => planRest(store, parameters as RestParameters),
};

/** Plans a step of the training table, and applies it if that is asked for. */
export async function runLabelStep(
  settings: Settings,
  log: Log,
  how: StepRun,
  plan: (parts: PlannerParts) => StepPlan | Promise<StepPlan>,
): Promise<StepReport> {
  return await withLabels(settings, log, async (parts) =>
    runStep(await plan(parts), { ...how, store: parts.store, clock: systemClock }),
  );
}

/** `label rest`. */
export async function labelRest(
  settings: Settings,
  log: Log,
  how: StepRun,
  parameters: RestParameters,
): Promise<StepReport> {
  return await runLabelStep(settings, log, how, ({ store }) => planRest(store, parameters));
}

/** Newest first. */
export async function listLabelSteps(
  settings: Settings,
  log: Log,
  limit: number,
): Promise<readonly LabelStep[]> {
  return await withLabels(settings, log, ({ store }) => store.steps(limit));
}

export interface StepEnd {
  readonly by: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: StepProgress | ImportProgress) => void;
  /** Called once where a process that ended a moment ago still holds the step. */
  readonly waiting: () => void;
}

/** Takes a step back, whatever was done after it. Rejects where the signal aborts; another call goes on with what is left. */
export async function undoLabelStep(
  settings: Settings,
  log: Log,
  id: number,
  { by, signal, progress, waiting }: StepEnd,
): Promise<UndoneStep> {
  return await withLabels(settings, log, ({ store }) =>
    onceFree({ clock: systemClock, signal, waiting }, () =>
      store.undo(id, by, (rows) => {
        progress({ phase: 'undoing', rows });
        // Between two transactions.
        signal.throwIfAborted();
      }),
    ),
  );
}

/** Finishes a step whose process was killed, or an import that was interrupted. */
export async function resumeLabelStep(
  settings: Settings,
  log: Log,
  id: number,
  how: StepEnd,
): Promise<StepReport | ImportReport> {
  return await withLabels(settings, log, async (parts) => {
    const { store } = parts;
    const step = await store.step(id);
    if (step.state === 'undoing')
      throw new SluiceError(
        'USAGE',
        `step ${id} is being undone; "sluice label undo ${id}" goes on with that`,
      );
    if (step.state !== 'running')
      throw new SluiceError('USAGE', `step ${id} is ${step.state}; there is nothing to resume`);
    if (step.parameters === null)
      throw new SluiceError(
        'USAGE',
        `what step ${id} was asked for was erased with the text of a person; take it back with "sluice label undo ${id}"`,
      );
    await onceFree({ ...how, clock: systemClock }, () => store.hold(id));
    if (step.kind === 'import') return await resumeImport({ ...how, settings, store, step });
    const planner = planners[step.kind];
    if (planner === undefined)
      throw new SluiceError(
        'USAGE',
        `a step of the kind ${step.kind} cannot be resumed; take it back with "sluice label undo ${id}"`,
      );
    const plan = await planner(parts, step.parameters);
    return await runStep(plan, { ...how, store, clock: systemClock, apply: true, resume: id });
  });
}

/** The store of a process that was killed holds its step for half a minute. */
const HELD_SECONDS = 35;

/** Calls again until no other process holds the step; gives up where one is at work. */
export async function onceFree<T>(
  { clock, signal, waiting }: { readonly clock: Clock } & Pick<StepEnd, 'signal' | 'waiting'>,
  work: () => Promise<T>,
): Promise<T> {
  const end = clock.elapsed() + HELD_SECONDS;
  for (let isFirst = true; ; isFirst = false)
    try {
      return await work();
    } catch (error) {
      const isHeld = error instanceof SluiceError && error.code === 'STEP_RUNNING' && error.retriable;
      if (!isHeld || signal.aborted || clock.elapsed() >= end) throw error;
      if (isFirst) waiting();
      await clock.sleep(1, signal);
    }
}
