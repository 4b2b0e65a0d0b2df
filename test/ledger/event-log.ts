import { closeSync, openSync, writeSync } from 'node:fs';
import type { LedgerEvent } from './ledger-events.ts';

type WithoutTime<T> = T extends { readonly at: number } ? Omit<T, 'at'> : never;

/** Appends to a run's event log. What was written outlives the run's own death. */
export class EventLog {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** `at`: epoch milliseconds; now where left out. */
  add(event: WithoutTime<LedgerEvent>, at = Date.now()): void {
    writeSync(this.#file, `${JSON.stringify({ at, ...event })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
