import { describeError } from '../../core/errors.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

const EVERY_SECONDS = 5;

/** Looks regularly whether the database answers, and measures the outbox by that. */
export class StoreWatch {
  readonly #store: Pick<DecisionStore, 'outboxDepth'>;
  readonly #telemetry: Pick<Telemetry, 'outboxMeasured'>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #trouble: string | undefined = 'the database has not answered yet';

  constructor(store: Pick<DecisionStore, 'outboxDepth'>, telemetry: Pick<Telemetry, 'outboxMeasured'>) {
    this.#store = store;
    this.#telemetry = telemetry;
  }

  /** Why nobody can decide; undefined where people can. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    const look = () => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    };
    this.#timer = setInterval(look, EVERY_SECONDS * 1000).unref();
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      this.#telemetry.outboxMeasured(await this.#store.outboxDepth());
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = `the database: ${describeError(error)}`;
    }
  }
}
