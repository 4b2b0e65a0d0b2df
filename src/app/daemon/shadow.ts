import { describeError, SluiceError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Scorer } from '../../ports/scorer.ts';
import type { ShadowStore } from '../../ports/shadow-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { type SampledMessage, ShadowedScorer } from './shadow-scorer.ts';
import { ShadowTally } from './shadow-tally.ts';

export interface ShadowSettings {
  /** Empty for none. */
  readonly version: string;
  readonly share: number;
  readonly keep: number;
  readonly keepDays: number;
}

export interface ShadowParts {
  readonly store: Pick<ShadowStore, 'add' | 'expire'>;
  /** Brings a version to this machine's disk, whole and checked. Throws as fetching and the admission check do. */
  readonly fetch: (version: string) => Promise<LocalModel>;
  /** Scores with {@link Shadow.model}, where it can disturb nobody. */
  readonly scorer: Scorer;
  readonly telemetry: Pick<Telemetry, 'shadowCompared' | 'shadowLeftOut'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Messages that wait; more are left out and counted. */
const MOST_WAITING = 2000;
/** Characters of their texts. */
const MOST_CHARACTERS = 8_000_000;
const BATCH = 64;
const WRITE_SECONDS = 2;
const EXPIRE_SECONDS = 3600;
const DAY_MS = 86_400_000;
/** After a failure, so long nothing is sampled. */
const REST_SECONDS = 30;

/**
 * Scores a sample of the messages with a second model, without effect, and writes down where its verdicts differ from those of the active
 * model. Nothing waits for it: it takes what is sampled into a queue with a limit, and a model that fails costs the sample alone.
 */
export class Shadow {
  readonly #parts: ShadowParts;
  readonly #tally = new ShadowTally();
  readonly #stopped = new AbortController();
  readonly #waiting: SampledMessage[] = [];
  #characters = 0;
  #settings: ShadowSettings;
  #model: LocalModel | null = null;
  /** The version that is being fetched, or could not be. */
  #wanted = '';
  #restsUntil = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;
  #scoring: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #storeFails = false;

  constructor(settings: ShadowSettings, parts: ShadowParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** The one that scores beside the active model; null as long as there is none. */
  get model(): LocalModel | null {
    return this.#model;
  }

  start(): void {
    this.#writing = this.#writeOnTimer();
    this.use(this.#settings);
  }

  /** Takes over changed settings. A model is fetched and checked meanwhile; what fails is logged. */
  use(settings: ShadowSettings): void {
    this.#settings = settings;
    if (settings.version === this.#wanted) return;
    this.#wanted = settings.version;
    this.#model = null;
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    if (settings.version !== '') void this.#load(settings.version);
  }

  /** Samples what is scored, and hands the results on as they are. */
  over(scorer: Scorer): Scorer {
    return new ShadowedScorer(
      scorer,
      () => this.#share,
      (messages) => this.#enqueue(messages),
    );
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#waiting.length = 0;
    await this.#scoring;
    await this.#writing;
    await this.#write();
  }

  /** Resolves when nothing waits. For tests. */
  async whenIdle(): Promise<void> {
    while (this.#scoring !== undefined) await this.#scoring;
  }

  get #share(): number {
    if (this.#model === null || this.#stopped.signal.aborted) return 0;
    return this.#parts.clock.elapsed() < this.#restsUntil ? 0 : this.#settings.share;
  }

  async #load(version: string): Promise<void> {
    const { fetch, log, clock } = this.#parts;
    const isWanted = () => this.#wanted === version && !this.#stopped.signal.aborted;
    while (isWanted()) {
      try {
        const model = await fetch(version);
        if (!isWanted()) return;
        this.#model = model;
        log.info(
          { shadow: version, share: this.#settings.share },
          'the shadow scores beside the active model',
        );
        return;
      } catch (error) {
        const again = error instanceof SluiceError && (error.retriable || error.code === 'MODEL_MISSING');
        log.warn(
          { shadow: version, error: describeError(error) },
          again
            ? 'the shadow cannot be fetched; it is tried again'
            : 'the shadow is refused and scores nothing; set shadow.version to another one',
        );
        if (!again) return;
        await clock.sleep(REST_SECONDS, this.#stopped.signal);
      }
    }
  }

  #enqueue(messages: readonly SampledMessage[]): void {
    let leftOut = 0;
    for (const message of messages) {
      const { length } = message.scored.message.message;
      if (this.#waiting.length >= MOST_WAITING || this.#characters + length > MOST_CHARACTERS) leftOut++;
      else {
        this.#waiting.push(message);
        this.#characters += length;
      }
    }
    if (leftOut > 0) this.#parts.telemetry.shadowLeftOut('queue', leftOut);
    this.#scoring ??= this.#scoreAll().finally(() => {
      this.#scoring = undefined;
    });
  }

  async #scoreAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      for (const { scored } of batch) this.#characters -= scored.message.message.length;
      await this.#score(batch);
    }
    this.#characters = 0;
  }

  async #score(batch: readonly SampledMessage[]): Promise<void> {
    const { scorer, telemetry, clock, log } = this.#parts;
    const encoder = new TextEncoder();
    try {
      const { model, scored } = await scorer.score(
        batch.map((each) => encoder.encode(JSON.stringify(each.scored.message))),
        { every: true },
      );
      telemetry.shadowLeftOut('failed', batch.length - scored.length);
      for (const byShadow of scored) {
        const message = batch[byShadow.index]!;
        // It has become the active one.
        if (message.active === model) continue;
        telemetry.shadowCompared(message.scored.verdict, byShadow.verdict, 1);
        this.#tally.add(message, model, byShadow);
      }
    } catch (error) {
      this.#restsUntil = clock.elapsed() + REST_SECONDS;
      telemetry.shadowLeftOut('failed', batch.length + this.#waiting.length);
      this.#waiting.length = 0;
      log.warn(
        { shadow: this.#model?.version, error: describeError(error), seconds: REST_SECONDS },
        'the shadow failed under its messages; the active model is not disturbed, and the shadow rests',
      );
    }
  }

  async #writeOnTimer(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      await clock.sleep(WRITE_SECONDS, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      await this.#write();
    }
  }

  async #write(): Promise<void> {
    const { store, clock, log } = this.#parts;
    const { keep, keepDays } = this.#settings;
    try {
      if (!this.#tally.isEmpty) await this.#tally.write(store, keep);
      if (clock.elapsed() - this.#expiredAt >= EXPIRE_SECONDS) {
        await store.expire(clock.now() - keepDays * DAY_MS);
        this.#expiredAt = clock.elapsed();
      }
      this.#storeFails = false;
    } catch (error) {
      if (!this.#storeFails)
        log.warn(
          { error: describeError(error) },
          'what the shadow found cannot be written; it is tried again',
        );
      this.#storeFails = true;
    }
  }
}
