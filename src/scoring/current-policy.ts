import type { DecisionPolicy } from '../core/decision-policy.ts';

/** The decision policy for new batches; replaced as a whole. */
export class CurrentPolicy {
  #value: DecisionPolicy;
  #json: string;
  #revision = 1;

  constructor(policy: DecisionPolicy) {
    this.#value = policy;
    this.#json = JSON.stringify(policy);
  }

  get value(): DecisionPolicy {
    return this.#value;
  }

  /** As threads take it. */
  get json(): string {
    return this.#json;
  }

  /** Rises at each change, so that a thread parses the text once. */
  get revision(): number {
    return this.#revision;
  }

  replace(policy: DecisionPolicy): void {
    this.#value = policy;
    this.#json = JSON.stringify(policy);
    this.#revision++;
  }
}
