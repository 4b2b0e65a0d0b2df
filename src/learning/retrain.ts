import { describeError, SluiceError } from '../core/errors.ts';
import type { Gate, GateReport } from '../core/gate-report.ts';
import type { ModelData } from '../core/model-data.ts';
import type { RetrainRun, RetrainState } from '../core/retrain-run.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { RetrainStore } from '../ports/retrain-store.ts';
import { finishPromotion, type PromotionParts, type PromotionPoint } from './finish-promotion.ts';
import { type LockParts, whileLocked } from './hold-lock.ts';

/** The model that scores now. */
export interface Champion {
  readonly version: string;
  /** What it was trained on; null for one that says nothing of that, as those do that were not made by a retraining. */
  readonly data: ModelData | null;
}

export interface Assembled {
  readonly folder: string;
  readonly data: ModelData;
  /** Labels that were given since the champion's data was assembled. */
  readonly newLabels: number;
}

/** Moments at which a process may be killed; a test kills it at each. */
export const retrainPoints = ['begun', 'assembled', 'trained', 'decided', 'refused'] as const;
export type RetrainPoint = (typeof retrainPoints)[number] | PromotionPoint;

export interface RetrainParts extends Omit<PromotionParts, 'runs' | 'reached'>, LockParts {
  readonly runs: RetrainStore;
  /** Null where no model is there. */
  readonly champion: () => Promise<Champion | null>;
  /** Version that is recorded as active; null where none is, even if daemons take the newest then. */
  readonly activatedVersion: () => Promise<string | null>;
  readonly assemble: (run: RetrainRun, champion: Champion | null, signal: AbortSignal) => Promise<Assembled>;
  readonly train: (run: RetrainRun, assembled: Assembled, signal: AbortSignal) => Promise<LocalModel>;
  readonly compare: (
    champion: Champion | null,
    challenger: LocalModel,
    assembled: Assembled,
    signal: AbortSignal,
  ) => Promise<GateReport>;
  /** Removes all text that the run has left on this machine. */
  readonly clear: (run: RetrainRun) => Promise<void>;
  /** Removes the text of all runs that were cut off on this machine. */
  readonly clearCutOff: () => Promise<void>;
  readonly reached?: (point: RetrainPoint) => Promise<void>;
}

export interface RetrainOrder {
  /** Of this run, unlike all others; names its process for people. */
  readonly holder: string;
  readonly by: string;
  readonly gate: Gate;
  /** The time of the schedule; null by hand. */
  readonly due: number | null;
  /** Train though there are no new labels. */
  readonly anyway: boolean;
  /** Only finish a promotion that was cut off. */
  readonly resumeOnly: boolean;
  readonly signal: AbortSignal;
}

export interface RetrainOutcome {
  /** A run that was cut off in its promotion, as it is now. */
  readonly resumed: RetrainRun | null;
  /** Null where none was begun: because only a promotion was to be finished, or another process has done what was due. */
  readonly run: RetrainRun | null;
}

/** After so many runs that were cut off, a time of the schedule is not made up any more. */
export const MOST_ATTEMPTS = 3;

/** Whether a time of the schedule needs no run any more, by the runs that there are for it. */
export function isDone(runs: readonly RetrainRun[]): boolean {
  const cut: readonly RetrainState[] = ['abandoned', 'running'];
  return (
    runs.some(({ state }) => !cut.includes(state)) ||
    runs.filter(({ state }) => state === 'abandoned').length >= MOST_ATTEMPTS
  );
}

/**
 * One retraining: assemble, train, compare, and promote or refuse. First of all it finishes a promotion that was cut off. Throws
 * `RETRAIN_RUNNING` where another process retrains, `DATA_INVALID` where there is nothing to train on or to compare with, and what the
 * steps throw; the active model stays what it was, and another call begins again.
 */
export async function retrain(order: RetrainOrder, parts: RetrainParts): Promise<RetrainOutcome> {
  const { runs, clock } = parts;
  return await whileLocked(parts, order.holder, async (lost) => {
    const cut = await runs.promoting();
    const resumed = cut === undefined ? null : await finishPromotion(parts, order.holder, cut);
    if (resumed !== null) await parts.clear(resumed);
    if (order.resumeOnly) {
      await parts.clearCutOff();
      return { resumed, run: null };
    }
    if (order.due !== null && isDone(await runs.dueBetween(order.due, clock.now())))
      return { resumed, run: null };
    const { by, gate, due, holder } = order;
    const run = await runs.begin(holder, { by, gate, due });
    const signal = AbortSignal.any([order.signal, lost]);
    try {
      return { resumed, run: await oneRun({ ...order, signal }, parts, run) };
    } catch (error) {
      await recordFailure(parts, order, run, error);
      throw lost.aborted ? lost.reason : error;
    } finally {
      await clearAfter(parts, run);
    }
  });
}

async function oneRun(order: RetrainOrder, parts: RetrainParts, begun: RetrainRun): Promise<RetrainRun> {
  const { runs, registry, facts, reached = async () => {} } = parts;
  const { holder, signal } = order;
  const { id } = begun;
  await reached('begun');
  const champion = await parts.champion();
  const activatedVersion = await parts.activatedVersion();
  await runs.change(holder, id, { step: 'assemble', champion: champion?.version ?? null });
  const assembled = await parts.assemble(begun, champion, signal);
  checkClasses(assembled.data);
  if (champion !== null && assembled.newLabels === 0 && !order.anyway)
    return await runs.change(holder, id, {
      ...{ state: 'nothing', note: `no label is newer than those of ${champion.version}` },
    });
  if (champion !== null) checkHeldOut(assembled.data, champion);
  await reached('assembled');
  signal.throwIfAborted();
  await runs.change(holder, id, { step: 'train' });
  const model = await parts.train(begun, assembled, signal);
  await runs.change(holder, id, { step: 'compare', challenger: model.version });
  await reached('trained');
  signal.throwIfAborted();
  const report = await parts.compare(champion, model, assembled, signal);
  signal.throwIfAborted();
  await reached('decided');
  if (!report.promoted) {
    await registry.compared(await facts(model), { who: order.by, report });
    await reached('refused');
    return await runs.change(holder, id, { state: 'refused', report, note: report.why });
  }
  const { version, sha256, path } = model;
  const intended = { version, sha256, path, activated: activatedVersion };
  const promoting = await runs.change(holder, id, { state: 'promoting', report, intended });
  return promoting.state === 'promoting' ? await finishPromotion(parts, holder, promoting) : promoting;
}

/** Throws `DATA_INVALID`. */
function checkClasses({ sources }: ModelData): void {
  const sum = (label: 'spam' | 'ham') => sources.reduce((all, { training }) => all + training[label], 0);
  const [spam, ham] = [sum('spam'), sum('ham')];
  if (spam > 0 && ham > 0) return;
  const missing = spam === 0 && ham === 0 ? 'no messages' : spam === 0 ? 'no spam' : 'no ham';
  throw new SluiceError(
    'DATA_INVALID',
    `there is ${missing} to train on (${spam} spam, ${ham} ham); label messages of both classes, or name data sets in retrain.data.base`,
  );
}

/** Throws `DATA_INVALID`. */
function checkHeldOut({ sources }: ModelData, champion: Champion): void {
  const heldOut = sources.reduce((all, { heldOut: { spam, ham } }) => all + spam + ham, 0);
  if (heldOut > 0) return;
  throw new SluiceError(
    'DATA_INVALID',
    `no message is held out, so the new model cannot be compared with ${champion.version}; label more messages, or name data sets in retrain.data.base`,
  );
}

async function recordFailure(
  { runs, log }: RetrainParts,
  { holder, signal }: RetrainOrder,
  { id }: RetrainRun,
  error: unknown,
): Promise<void> {
  try {
    const now = await runs.run(id);
    // A promotion stays to be finished; one that another process took over is that one's.
    if (now?.state !== 'running') return;
    const change = signal.aborted
      ? ({ state: 'abandoned', note: 'interrupted' } as const)
      : ({ state: 'failed', note: describeError(error) } as const);
    await runs.change(holder, id, change);
  } catch (failed) {
    log.warn({ run: id, error: describeError(failed) }, 'the end of the retraining could not be recorded');
  }
}

async function clearAfter({ clear, runs, log }: RetrainParts, run: RetrainRun): Promise<void> {
  try {
    await clear((await runs.run(run.id).catch(() => undefined)) ?? run);
  } catch (error) {
    log.warn({ run: run.id, error: describeError(error) }, 'the data of the retraining could not be removed');
  }
}
