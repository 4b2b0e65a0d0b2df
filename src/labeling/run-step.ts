import { describeError, SluiceError } from '../core/errors.ts';
import type { LabelStep } from '../core/label-step.ts';
import type { StepProgress, StepReport } from '../core/step-report.ts';
import type { Clock } from '../ports/clock.ts';
import { type LabelStore, MAX_LABEL_EDITS } from '../ports/label-store.ts';
import { whileHeld } from './held-step.ts';
import type { PlannedEdit, StepPlan } from './step-plan.ts';
import { StepTally } from './step-tally.ts';

export interface RunStepOptions {
  readonly store: LabelStore;
  readonly clock: Clock;
  /** False: a dry run. */
  readonly apply: boolean;
  /** Who runs it. */
  readonly by: string;
  /** The number of an unfinished step that is to be finished; the plan is made of its parameters. Implies `apply`. */
  readonly resume?: number;
  /** Ends a dry run; stops a step between two transactions and takes back what it has done. */
  readonly signal?: AbortSignal;
  readonly progress?: (progress: StepProgress) => void;
}

/**
 * Plans a step, and applies it if that is asked for. Nothing stays half applied: a step that is interrupted or fails is undone, and one
 * whose process was killed can be resumed, since what it has done is no edit of the same plan any more.
 *
 * Throws what the store and the planner throw: `STEP_RUNNING` where another step is not finished. Where the undo fails as well, the
 * error's text says so, and the step can be resumed or undone later.
 */
export async function runStep(plan: StepPlan, options: RunStepOptions): Promise<StepReport> {
  return options.apply || options.resume !== undefined
    ? await apply(plan, options)
    : await rehearse(plan, options);
}

async function rehearse(plan: StepPlan, { store, signal, progress }: RunStepOptions): Promise<StepReport> {
  const tally = new StepTally();
  const [newest] = await store.steps(1);
  const of = { kind: plan.kind, about: plan.about, step: null, left_alone: 0 };
  const stopped = (): StepReport => ({ ...of, state: 'stopped', rows: tally.rows, ...tally.counts() });
  try {
    for await (const planned of plan.edits((newest?.id ?? 0) + 1, signal)) {
      tally.add(planned);
      if (tally.rows % MAX_LABEL_EDITS === 0) progress?.({ phase: 'planning', rows: tally.rows });
      if (signal?.aborted) break;
    }
  } catch (error) {
    if (signal?.aborted) return stopped();
    throw error;
  }
  // A planner may end early when it is interrupted, without an error.
  return signal?.aborted ? stopped() : { ...stopped(), state: 'planned' };
}

async function apply(plan: StepPlan, options: RunStepOptions): Promise<StepReport> {
  const { store, clock, by, resume, signal } = options;
  const step =
    resume === undefined
      ? await store.begin({ kind: plan.kind, about: plan.about, parameters: plan.parameters, by })
      : await store.hold(resume);
  const tally = new StepTally();
  const report = (state: StepReport['state'], rows: number, leftAlone: number): StepReport => ({
    ...{ kind: plan.kind, about: plan.about, state, step: step.id, rows, left_alone: leftAlone },
    ...tally.counts(),
  });
  let isLost = false;
  try {
    const { finished, changed } = await whileHeld({ store, clock, step: step.id }, async (lost) => {
      lost.addEventListener('abort', () => {
        isLost = true;
      });
      const changed = await applyEdits(plan, step, tally, { ...options, lost });
      return { finished: signal?.aborted ? undefined : await store.finish(step.id), changed };
    });
    if (finished !== undefined) return report('applied', finished.rows, tally.rows - changed);
  } catch (error) {
    // The process that has taken the step decides what becomes of it.
    if (isLost) throw error;
    if (!signal?.aborted) {
      await takeBack(step, options, error);
      throw error;
    }
  }
  return report('undone', await takeBack(step, options), 0);
}

/** Returns how many rows were changed. */
async function applyEdits(
  plan: StepPlan,
  { id, rows: before }: LabelStep,
  tally: StepTally,
  { store, signal, progress, lost }: RunStepOptions & { readonly lost: AbortSignal },
): Promise<number> {
  let changed = 0;
  let chunk: PlannedEdit[] = [];
  const isStopped = () => {
    lost.throwIfAborted();
    return signal?.aborted === true;
  };
  const write = async () => {
    if (chunk.length === 0) return;
    changed += await store.edit(
      id,
      chunk.map(({ edit }) => edit),
    );
    for (const planned of chunk) tally.add(planned);
    chunk = [];
    progress?.({ phase: 'applying', rows: before + changed });
  };
  for await (const planned of plan.edits(id, signal)) {
    if (isStopped()) return changed;
    chunk.push(planned);
    if (chunk.length === MAX_LABEL_EDITS) await write();
  }
  if (!isStopped()) await write();
  return changed;
}

/** Undoes what was done; returns the rows. `cause`: why, if it was not asked for. */
async function takeBack(
  { id }: LabelStep,
  { store, by, progress }: RunStepOptions,
  cause?: unknown,
): Promise<number> {
  try {
    const { rows } = await store.undo(id, by, (done) => progress?.({ phase: 'undoing', rows: done }));
    return rows;
  } catch (error) {
    const failed = cause ?? error;
    const { code, retriable } =
      failed instanceof SluiceError ? failed : { code: 'INTERNAL' as const, retriable: false };
    throw new SluiceError(
      code,
      `${describeError(failed)}. Step ${id} is not finished: "sluice label resume ${id}" goes on with it, "sluice label undo ${id}" takes it back`,
      { cause: failed, retriable },
    );
  }
}
