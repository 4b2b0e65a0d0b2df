import { describeError } from '../../core/errors.ts';
import type { GuardState } from '../../core/guard-counts.ts';
import type { WatchedModel } from '../../decide/watched-model.ts';
import { withinAfter } from '../../pipeline/within-after.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GuardDecision, GuardedVersion, GuardStore } from '../../ports/guard-store.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';

export interface GuardRecordParts {
  readonly store: GuardStore;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}

/** A change of the model waits so long for the database; then it is decided by what is known here. */
const PATIENCE_SECONDS = 5;
/** The versions that became active last. */
const REMEMBERED = 50;

export function isTrusted(state: GuardState | undefined): boolean {
  return state === 'passed' || state === 'confirmed';
}

/** What the database knows of versions, as it was read last, and what is to be written there. Never rejects. */
export class GuardRecord {
  readonly #parts: GuardRecordParts;
  /** The version that changed last first. */
  #known: readonly GuardedVersion[] | undefined;
  /** A version that became active, which is not written down yet. */
  #active: string | undefined;
  #fails = false;

  constructor(parts: GuardRecordParts) {
    this.#parts = parts;
  }

  /** Whether it was ever read. */
  get isRead(): boolean {
    return this.#known !== undefined;
  }

  row(version: string): GuardedVersion | undefined {
    return this.#known?.find((each) => each.version === version);
  }

  /** What a version is compared with: as it was before a restart, else the last one that is trusted. */
  versionBefore(version: string): string | undefined {
    const last = this.#known?.find((each) => each.version !== version && isTrusted(each.state));
    return this.row(version)?.before ?? last?.version;
  }

  becameActive(version: string): void {
    this.#active = version;
  }

  /** Does not wait long. */
  async read(): Promise<void> {
    const { store, clock } = this.#parts;
    const reading = this.#asked(async () => {
      this.#known = await store.list(REMEMBERED);
    });
    await withinAfter(reading, { after: AbortSignal.abort(), seconds: PATIENCE_SECONDS, clock });
  }

  /** Writes down what was counted and found of the active model. */
  async write(model: WatchedModel | undefined, before: LocalModel | null): Promise<void> {
    if (model === undefined || this.#known === undefined || this.#fails) return;
    await this.#asked(() => this.#write(model, before));
  }

  async #write(model: WatchedModel, before: LocalModel | null): Promise<void> {
    const { version, state } = model;
    const row = this.row(version);
    const isReported = row !== undefined && row.state !== 'watching';
    if (!isReported) await this.#count(model, before);
    if (state === 'tripped' && row?.state !== 'tripped')
      await this.#decide(model, { state: 'tripped', who: 'guard', why: whyTripped(model) });
    if (isTrusted(state) && (!isReported || this.#active === version)) {
      await this.#decide(model, { state: 'passed', who: 'guard', why: whyPassed(model) });
      this.#active = undefined;
    }
  }

  async #count(model: WatchedModel, before: LocalModel | null): Promise<void> {
    const counts = model.takeUnreported();
    if (counts.messages === 0 && this.row(model.version) !== undefined) return;
    try {
      const row = await this.#parts.store.add(model.version, before?.version ?? null, counts);
      model.adopt(row.state, row);
    } catch (error) {
      model.notReported(counts);
      throw error;
    }
  }

  async #decide(model: WatchedModel, decision: GuardDecision): Promise<void> {
    const row = await this.#parts.store.decide(model.version, decision);
    model.adopt(row.state, row);
  }

  async #asked(work: () => Promise<void>): Promise<void> {
    const { log } = this.#parts;
    try {
      await work();
      if (this.#fails) log.info({}, 'the guard of the model has its database again');
      this.#fails = false;
    } catch (error) {
      if (!this.#fails)
        log.warn(
          { error: describeError(error) },
          'the guard of the model cannot ask the database; it goes on by what is known here',
        );
      this.#fails = true;
    }
  }
}

function whyPassed({ counts }: WatchedModel): string {
  return counts.messages === 0
    ? 'there was no model before to compare it with'
    : `no departure in ${counts.messages} messages`;
}

function whyTripped({ counts, departure }: WatchedModel): string {
  const { messages, spamMore, spamFewer, reviewMore, reviewFewer } = counts;
  const change = (more: number, fewer: number) => {
    const points = (100 * (more - fewer)) / Math.max(1, messages);
    return `${points < 0 ? '' : '+'}${points.toFixed(1)} %`;
  };
  const what =
    departure === undefined ? '' : `${departure.direction} ${departure.verdict} than the model before: `;
  return `${what}spam ${change(spamMore, spamFewer)}, review ${change(reviewMore, reviewFewer)} of ${messages} messages`;
}
