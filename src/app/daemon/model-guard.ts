import { describeError } from '../../core/errors.ts';
import type { ScoredBatch } from '../../core/scored-batch.ts';
import { WatchedModel, type WatchRule } from '../../decide/watched-model.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GuardStore } from '../../ports/guard-store.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../../ports/scorer.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { GuardRecord, isTrusted } from './guard-record.ts';
import { GuardedScorer } from './guarded-scorer.ts';

export interface ModelGuardParts {
  readonly rule: WatchRule & { readonly maxHours: number };
  readonly store: GuardStore;
  readonly pool: {
    readonly model: LocalModel | null;
    /** Keeps a model loaded beside the active one; null for none. */
    keep(model: LocalModel | null): void;
    scoreWith(model: LocalModel, batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch>;
  };
  /** Brings a version to this machine's disk. Throws as `ModelStore.fetch`. */
  readonly fetch: (version: string) => Promise<LocalModel>;
  readonly telemetry: Pick<Telemetry, 'guardMeasured' | 'spamHeld'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two looks at what the other daemons know. */
const LOOK_SECONDS = 1;
const HOUR_SECONDS = 3600;

/**
 * Watches a model that has just become active. The model before scores the same messages until the new one has passed; if the share of a
 * verdict departs, the spam of the new one goes to review in all daemons on the same database, until a person confirms it or rolls it back.
 * A model without a trusted one before is not watched. Nothing waits for the database: what it does not know yet is written later.
 */
export class ModelGuard {
  readonly #parts: ModelGuardParts;
  readonly #record: GuardRecord;
  readonly #models = new Map<string, WatchedModel>();
  /** When the watch of a version began here, seconds of `Clock.elapsed()`. */
  readonly #began = new Map<string, number>();
  readonly #stopped = new AbortController();
  /** The model that is kept to compare with. */
  #before: LocalModel | null = null;
  /** The version that is compared with it; not active yet as long as it is checked. */
  #compared = '';
  /** A version that was let through while the database could not be asked. */
  #undecided: string | undefined;
  /** A version of which it has been logged that it tripped. */
  #logged: string | undefined;
  #looking: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(parts: ModelGuardParts) {
    this.#parts = parts;
    this.#record = new GuardRecord(parts);
  }

  /** Of the active model. */
  get active(): WatchedModel | undefined {
    const { model } = this.#parts.pool;
    return model === null ? undefined : this.#models.get(model.version);
  }

  /** To be called when a model is active and before it scores. Never rejects. */
  async start(): Promise<void> {
    if (this.#isOff) return;
    const { model } = this.#parts.pool;
    await this.#record.read();
    if (model !== null) await this.#decide(model, null);
    this.#measure();
    this.#looking = this.#look();
  }

  /** To be called before another model becomes active. Never rejects. */
  async prepare(next: LocalModel): Promise<void> {
    if (this.#isOff) return;
    await this.#record.read();
    await this.#decide(next, this.#parts.pool.model);
  }

  /**
   * A scorer whose spam passes this guard. `compares`: false for messages that the threads must not see; then all spam is held back as long
   * as the model is watched.
   */
  over(scorer: Scorer, { compares }: { readonly compares: boolean } = { compares: true }): Scorer {
    if (this.#isOff) return scorer;
    const { pool, rule, telemetry } = this.#parts;
    return new GuardedScorer({
      scorer,
      active: () => this.active,
      watched: (version) => this.#models.get(version),
      before: () => {
        const model = this.#before;
        // Whatever is left out, the band is exact.
        return model === null || !compares
          ? undefined
          : (batch) => pool.scoreWith(model, batch, { exactScores: 'none' });
      },
      rule,
      onHeld: (messages) => telemetry.spamHeld(messages),
      onFailure: (error) => this.#comparisonFailed(error),
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#looking;
    if (!this.#isOff) await this.#record.write(this.active, this.#before);
  }

  get #isOff(): boolean {
    return this.#parts.rule.messages === 0;
  }

  /** Decides whether a version is watched, and against which. */
  async #decide({ version }: LocalModel, activeBefore: LocalModel | null): Promise<void> {
    const row = this.#record.row(version);
    const here = this.#models.get(version);
    const state = here?.state ?? row?.state ?? 'watching';
    const before = state === 'watching' ? await this.#modelBefore(version, activeBefore) : null;
    const found = state === 'watching' && before === null ? 'passed' : state;
    const watched = here?.state === found ? here : new WatchedModel(version, found, row);
    this.#models.set(version, watched);
    this.#undecided = this.#record.isRead ? undefined : version;
    this.#record.becameActive(version);
    this.#keep(before);
    this.#compared = version;
    if (before === null) return;
    this.#began.set(version, this.#began.get(version) ?? this.#parts.clock.elapsed());
    this.#parts.log.info(
      { model: version, before: before.version, messages: this.#parts.rule.messages },
      'the new model is watched: the model before scores the same messages',
    );
  }

  #keep(before: LocalModel | null): void {
    this.#before = before;
    this.#parts.pool.keep(before);
  }

  /** The one to compare with: the active one where it is trusted, else the last one that was. Null where there is none. */
  async #modelBefore(version: string, activeBefore: LocalModel | null): Promise<LocalModel | null> {
    const stateBefore = activeBefore === null ? undefined : this.#models.get(activeBefore.version)?.state;
    if (activeBefore !== null && isTrusted(stateBefore)) return activeBefore;
    const wanted = this.#record.versionBefore(version) ?? this.#before?.version;
    if (wanted === undefined) return null;
    const there = [activeBefore, this.#before].find((model) => model?.version === wanted);
    if (there !== undefined && there !== null) return there;
    try {
      return await this.#parts.fetch(wanted);
    } catch (error) {
      this.#parts.log.warn(
        { model: version, before: wanted, error: describeError(error) },
        'the model before is not there, so the new one is not compared with it and passes the guard',
      );
      return null;
    }
  }

  async #look(): Promise<void> {
    const { clock } = this.#parts;
    const stop = this.#stopped.signal;
    for (;;) {
      await clock.sleep(LOOK_SECONDS, stop);
      if (stop.aborted) return;
      await this.#lookOnce();
    }
  }

  async #lookOnce(): Promise<void> {
    const { pool, rule, clock } = this.#parts;
    this.#logTrip();
    await this.#record.read();
    for (const [version, model] of this.#models) {
      const state = this.#record.row(version)?.state;
      if (state !== undefined) model.adoptState(state);
    }
    const { model } = pool;
    if (model !== null && this.#record.isRead && this.#undecided === model.version) {
      if (this.active?.state === 'passed') this.#models.delete(model.version);
      await this.#decide(model, null);
    }
    const { active } = this;
    const began = active && this.#began.get(active.version);
    if (began !== undefined && clock.elapsed() - began > rule.maxHours * HOUR_SECONDS) active?.pass();
    await this.#record.write(active, this.#before);
    this.#endComparison();
    this.#logTrip();
    this.#measure();
  }

  #endComparison(): void {
    const compared = this.#models.get(this.#compared);
    if (compared === undefined || compared.state === 'watching' || this.#before === null) return;
    this.#keep(null);
    this.#parts.log.info(
      { model: compared.version, guard: compared.state, ...compared.counts },
      'the new model is no longer compared with the one before',
    );
  }

  #logTrip(): void {
    const { active } = this;
    if (active?.state !== 'tripped' || this.#logged === active.version) return;
    this.#logged = active.version;
    this.#parts.log.error(
      { model: active.version, ...active.counts },
      'the guard holds back the spam of the new model, whose verdicts depart from those of the model before: it goes to review. Look at "sluice model guard" and the review queue, then run "sluice model rollback" or "sluice model confirm"',
    );
  }

  #comparisonFailed(error: unknown): void {
    if (!this.#hasFailed)
      this.#parts.log.warn(
        { error: describeError(error) },
        'the model before could not score a batch; all spam of that batch goes to review',
      );
    this.#hasFailed = true;
  }

  #measure(): void {
    const { active } = this;
    if (active !== undefined)
      this.#parts.telemetry.guardMeasured({ state: active.state, counts: active.counts });
  }
}
