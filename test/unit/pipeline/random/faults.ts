import { SluiceError } from '../../../../src/core/errors.ts';
import type { Chance, Schedule } from './schedule.ts';

export interface FaultPlan {
  /** Calls that fail in all; after that everything works. */
  readonly count: number;
  /** Share of the calls that fail while faults are left. */
  readonly share: number;
  /** Whether a fault may be one that no retry repairs. */
  readonly fatal: boolean;
  /** Whether a fault may be a call that is never answered. */
  readonly silent: boolean;
}

/** Decides of each call whether it fails, how, and before or after it has had its effect. */
export class Faults {
  readonly #schedule: Schedule;
  readonly #chance: Chance;
  readonly #plan: FaultPlan;
  #left: number;
  /** Set when the process is gone: no call has an effect any more, and none is answered. */
  isDead = false;

  constructor(schedule: Schedule, chance: Chance, plan: FaultPlan) {
    this.#schedule = schedule;
    this.#chance = chance;
    this.#plan = plan;
    this.#left = plan.count;
  }

  /**
   * A call with an effect. `atOnce`: the effect is in the turn of the call, as with a file whose offsets are set and then
   * saved; else some time later. `answers`: it is answered in any case.
   */
  async call<T>(effect: () => T, { atOnce = false, answers = false } = {}): Promise<T> {
    const fault = this.#draw(answers);
    let result: T | undefined;
    const take = () => {
      if (!this.isDead) result = effect();
    };
    if (atOnce && fault?.when !== 'before') take();
    await this.#schedule.step();
    if (!atOnce && fault?.when !== 'before') take();
    if (this.#chance.hits(0.3)) await this.#schedule.step();
    if (this.isDead || fault?.kind === 'silent') return await new Promise<T>(() => {});
    if (fault?.kind === 'fatal') throw new TypeError('a bug, by plan');
    if (fault?.kind === 'retriable')
      throw new SluiceError('SINK_FAILED', 'unavailable, by plan', { retriable: true });
    return result as T;
  }

  #draw(
    answers: boolean,
  ): { readonly kind: 'retriable' | 'fatal' | 'silent'; readonly when: 'before' | 'after' } | undefined {
    const { share, fatal, silent } = this.#plan;
    if (this.#left === 0 || !this.#chance.hits(share)) return undefined;
    this.#left--;
    const when = this.#chance.of(['before', 'after'] as const);
    if (fatal && this.#chance.hits(0.05)) return { kind: 'fatal', when };
    if (silent && !answers && this.#chance.hits(0.1)) return { kind: 'silent', when };
    return { kind: 'retriable', when };
  }
}
