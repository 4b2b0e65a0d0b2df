import type { ScoredMessage } from '../../core/scored-batch.ts';
import type { NewDisagreement, ShadowCount, ShadowScore, ShadowStore } from '../../ports/shadow-store.ts';
import type { SampledMessage } from './shadow-scorer.ts';

/** Disagreements of one write; of more at once, only the counts are kept. */
const MOST_AT_ONCE = 100;

/** What the shadow found since it was last written down. */
export class ShadowTally {
  readonly #counts = new Map<string, ShadowCount>();
  #disagreements: NewDisagreement[] = [];

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  add({ active, scored }: SampledMessage, shadow: string, byShadow: ScoredMessage): void {
    const models = { active, shadow };
    this.#count({ ...models, activeVerdict: scored.verdict, shadowVerdict: byShadow.verdict, messages: 1 });
    if (scored.verdict === byShadow.verdict || this.#disagreements.length >= MOST_AT_ONCE) return;
    const { community, message_id, message, sender = null } = scored.message;
    this.#disagreements.push({
      ...{ community, message_id, message, sender, models },
      active: scoreOf(scored),
      shadow: scoreOf(byShadow),
    });
  }

  /** Writes it down. What cannot be written is kept, and its disagreements as far as there is room. Throws `STORE_FAILED`. */
  async write(store: Pick<ShadowStore, 'add'>, keep: number): Promise<void> {
    const counts = [...this.#counts.values()];
    const disagreements = this.#disagreements;
    this.#counts.clear();
    this.#disagreements = [];
    try {
      await store.add({ counts, disagreements, keep });
    } catch (error) {
      for (const count of counts) this.#count(count);
      this.#disagreements = [...disagreements, ...this.#disagreements].slice(0, MOST_AT_ONCE);
      throw error;
    }
  }

  #count(count: ShadowCount): void {
    const key = JSON.stringify([count.active, count.shadow, count.activeVerdict, count.shadowVerdict]);
    const messages = (this.#counts.get(key)?.messages ?? 0) + count.messages;
    this.#counts.set(key, { ...count, messages });
  }
}

function scoreOf({ verdict, probability, reasons, unscorable }: ScoredMessage): ShadowScore {
  return { verdict, probability: unscorable ? null : probability, reasons };
}
