import { describeError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Log } from '../../ports/log.ts';
import type { CurrentPolicy } from '../../scoring/current-policy.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { DaemonPart } from './part-list.ts';

export interface AuditKeyParts {
  /** As at the start. */
  readonly settings: Settings;
  readonly policy: CurrentPolicy;
  readonly decisions: () => Pick<DecisionStore, 'transact'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep'>;
}

const PAUSE_SECONDS = 5;

/**
 * The key by which messages are drawn for the audit: that of the settings, else the one that all daemons of the database share. While the
 * database is unavailable at the start, messages are scored and none is drawn.
 */
export class AuditKey implements DaemonPart {
  readonly name = 'the key of the audit sample';
  readonly #parts: AuditKeyParts;
  readonly #stopped = new AbortController();
  #settings: Settings;
  #key: string | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(parts: AuditKeyParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#key = parts.settings.audit.key;
  }

  async start(): Promise<void> {
    if (this.#key !== undefined) return this.use(this.#settings);
    const error = await this.#ask();
    if (error === undefined) return;
    this.#parts.log.warn(
      { error: describeError(error) },
      'the key of the audit sample could not be read; no messages are drawn until the database is available',
    );
    this.#asking = this.#askAgain();
  }

  /** Makes the policy of the settings current. */
  use(settings: Settings): void {
    this.#settings = settings;
    this.#parts.policy.replace(policyOf(settings, this.#key));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#asking;
  }

  /** Returns why it failed. */
  async #ask(): Promise<unknown> {
    try {
      this.#key = await this.#parts.decisions().transact((transaction) => transaction.auditKey());
    } catch (error) {
      return error;
    }
    this.use(this.#settings);
    return undefined;
  }

  async #askAgain(): Promise<void> {
    const { signal } = this.#stopped;
    const { clock, log } = this.#parts;
    for (;;) {
      await clock.sleep(PAUSE_SECONDS, signal);
      if (signal.aborted) return;
      if ((await this.#ask()) !== undefined) continue;
      log.info({}, 'messages are drawn for the audit again');
      return;
    }
  }
}
