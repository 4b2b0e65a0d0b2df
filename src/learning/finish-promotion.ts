import { type Activations, activated } from '../core/activations.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { GateReport } from '../core/gate-report.ts';
import type { IntendedPromotion, RetrainRun, RetrainStep } from '../core/retrain-run.ts';
import type { Log } from '../ports/log.ts';
import type { ModelActivation } from '../ports/model-activation.ts';
import type { ModelFacts, ModelRegistry } from '../ports/model-registry.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { RetrainChange, RetrainStore } from '../ports/retrain-store.ts';

/** Moments of a promotion at which its process may be killed; a test kills it at each. */
export const promotionPoints = [
  'intended',
  'compared',
  'checked',
  'pushed',
  'about to activate',
  'activated',
  'recorded',
] as const;
export type PromotionPoint = (typeof promotionPoints)[number];

export interface PromotionParts {
  readonly runs: Pick<RetrainStore, 'change' | 'location'>;
  /** What daemons follow. */
  readonly activation: ModelActivation;
  /** What people read. */
  readonly registry: Pick<ModelRegistry, 'compared' | 'activated' | 'refused' | 'location'>;
  /** On this machine, or brought to it; undefined where it is lost. */
  readonly find: (intended: IntendedPromotion) => Promise<LocalModel | undefined>;
  readonly facts: (model: LocalModel) => Promise<ModelFacts>;
  /** The admission check. Throws `MODEL_REFUSED`. */
  readonly admit: (model: LocalModel) => Promise<void>;
  /** To the model store. One that is there already changes nothing. */
  readonly push: (model: LocalModel) => Promise<void>;
  readonly reached?: (point: PromotionPoint) => Promise<void>;
  readonly log: Log;
}

/** A run in the state `promoting`. */
interface Promoting {
  readonly run: RetrainRun;
  readonly intended: IntendedPromotion;
  readonly report: GateReport;
}

/**
 * Makes the new model of a run the active one, or goes on with that after its process was killed at any moment: each step is harmless
 * when it is repeated. The order is: candidate with its figures in the table of models, push, activation, status in the table of models.
 * What daemons follow changes in one write; before it all is as it was, and after it only the record is behind. Resolves with the run:
 * `promoted`, `refused` by the admission check, or `withdrawn`, where another model was activated since, or the new one is lost.
 *
 * Throws what the services throw; the run stays `promoting`, and another call goes on with it.
 */
export async function finishPromotion(
  parts: PromotionParts,
  holder: string,
  run: RetrainRun,
): Promise<RetrainRun> {
  const { intended, report } = run;
  if (intended === null || report === null)
    return await parts.runs.change(holder, run.id, {
      ...{ state: 'withdrawn', note: 'what it was to promote was not recorded' },
    });
  try {
    return await new Promotion(parts, holder, { run, intended, report }).finish();
  } catch (error) {
    // Where it cannot be recorded either, the run is still in the state in which it is found and finished.
    await parts.runs.change(holder, run.id, { note: describeError(error) }).catch(() => undefined);
    throw unfinished(error, intended.version);
  }
}

class Promotion {
  readonly #parts: PromotionParts;
  readonly #holder: string;
  readonly #promoting: Promoting;

  constructor(parts: PromotionParts, holder: string, promoting: Promoting) {
    this.#parts = parts;
    this.#holder = holder;
    this.#promoting = promoting;
  }

  async finish(): Promise<RetrainRun> {
    const { activation, find } = this.#parts;
    const { intended } = this.#promoting;
    await this.#reached('intended');
    const now = await activation.read();
    if (now?.active.version === intended.version) return await this.#record(await find(intended));
    if (this.#isOvertaken(now)) return await this.#withdraw(overtakenBy(now));
    const model = await find(intended);
    if (model === undefined)
      return await this.#withdraw(
        `the folder ${intended.path} of ${intended.version} is gone, and it was not pushed; the next run trains again`,
      );
    const refused = await this.#store(model);
    return refused ?? (await this.#activate(model));
  }

  /** Brings it to the model store. Resolves with the run where it is refused. */
  async #store(model: LocalModel): Promise<RetrainRun | undefined> {
    const { registry, facts, admit, push } = this.#parts;
    const { run, report } = this.#promoting;
    await registry.compared(await facts(model), { who: run.by, report });
    await this.#reached('compared');
    await this.#step('check');
    try {
      await admit(model);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'MODEL_REFUSED') throw error;
      const why = describeError(error);
      await registry.refused(model.version, { who: run.by, how: 'promoted', reason: report.why, why });
      return await this.#change({ state: 'refused', note: why });
    }
    await this.#reached('checked');
    await this.#step('push');
    await push(model);
    await this.#reached('pushed');
    return undefined;
  }

  async #activate(model: LocalModel): Promise<RetrainRun> {
    const { activation } = this.#parts;
    // Also shows that the database answers and that the lock is still held, right before the one write that matters.
    const run = await this.#step('activate');
    if (run.state !== 'promoting') return run;
    await this.#reached('about to activate');
    const now = await activation.read();
    if (now?.active.version !== model.version) {
      if (this.#isOvertaken(now)) return await this.#withdraw(overtakenBy(now));
      await activation.write(activated({ version: model.version, sha256: model.sha256 }, now));
    }
    await this.#reached('activated');
    return await this.#record(model);
  }

  /** Old inactive, new active, in one transaction. It is what daemons follow by now. */
  async #record(model: LocalModel | undefined): Promise<RetrainRun> {
    const { registry, facts } = this.#parts;
    const { run, intended, report } = this.#promoting;
    const known = model === undefined ? factsOf(intended) : await facts(model);
    await registry.activated(known, { who: run.by, how: 'promoted', reason: report.why });
    await this.#reached('recorded');
    return await this.#change({ state: 'promoted', step: 'record', note: null });
  }

  #isOvertaken(now: Activations | undefined): boolean {
    return (now?.active.version ?? null) !== this.#promoting.intended.activated;
  }

  async #withdraw(why: string): Promise<RetrainRun> {
    this.#parts.log.warn({ model: this.#promoting.intended.version, why }, 'a promotion is withdrawn');
    return await this.#change({ state: 'withdrawn', note: why });
  }

  #step(step: RetrainStep): Promise<RetrainRun> {
    return this.#change({ step });
  }

  #change(change: RetrainChange): Promise<RetrainRun> {
    return this.#parts.runs.change(this.#holder, this.#promoting.run.id, change);
  }

  async #reached(point: PromotionPoint): Promise<void> {
    await this.#parts.reached?.(point);
  }
}

function overtakenBy(now: Activations | undefined): string {
  return now === undefined
    ? 'the record of what is active was removed meanwhile'
    : `${now.active.version} was activated meanwhile`;
}

/** Of a model that is active and in no place that answers; what was recorded of it before stays. */
function factsOf({ version, sha256, path }: IntendedPromotion): ModelFacts {
  return { version, sha256, path, truePositiveRate: null, falsePositiveRate: null, figures: {} };
}

function unfinished(error: unknown, version: string): unknown {
  if (!(error instanceof SluiceError)) return error;
  const { code, message, retriable } = error;
  return new SluiceError(
    code,
    `${message}. ${version} passed the gate, and its promotion is not finished; "sluice retrain --resume", or the next retraining, finishes it`,
    { retriable, cause: error },
  );
}
