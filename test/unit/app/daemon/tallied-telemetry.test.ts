import { describe, expect, it } from 'vitest';
import { RunTally } from '../../../../src/app/daemon/run-tally.ts';
import { talliedTelemetry } from '../../../../src/app/daemon/tallied-telemetry.ts';
import type { Telemetry } from '../../../../src/ports/telemetry.ts';
import { statisticsOf } from '../../pipeline/fakes.ts';

/** A telemetry whose methods need their object, as those of a class with private members do. */
class PrivateTelemetry {
  readonly #events: unknown[] = [];
  get events(): readonly unknown[] {
    return this.#events;
  }
  messagesDeadLettered(...values: unknown[]): void {
    this.#events.push(['messagesDeadLettered', ...values]);
  }
  batchScored(batch: { readonly model: string }): void {
    this.#events.push(['batchScored', batch.model]);
  }
  batchPulled(): void {
    this.#events.push(['batchPulled']);
  }
  stateEntered(state: string): void {
    this.#events.push(['stateEntered', state]);
  }
  threadLost(): void {
    this.#events.push(['threadLost']);
  }
}

describe('talliedTelemetry', () => {
  it('talliedTelemetry passes every event on with its values, and counts those that make up the progress', () => {
    const telemetry = new PrivateTelemetry();
    const tally = new RunTally();
    const both = talliedTelemetry(telemetry as unknown as Telemetry, tally);
    both.stateEntered('running');
    both.batchPulled({ messages: 7, inFlight: 1 });
    both.batchScored({
      model: 'm',
      queueSeconds: 0,
      statistics: statisticsOf({ ham: 3, review: 0, spam: 2, unreadable: 2 }),
    });
    both.messagesDeadLettered('not-json', 2);
    both.threadLost();
    expect(telemetry.events).toEqual([
      ['stateEntered', 'running'],
      ['batchPulled'],
      ['batchScored', 'm'],
      ['messagesDeadLettered', 'not-json', 2],
      ['threadLost'],
    ]);
    expect(tally.counts).toEqual({
      state: 'running',
      read: 7,
      pulled: 7,
      ham: 3,
      review: 0,
      spam: 2,
      deadLetters: 2,
    });
    expect(tally.steps).toBe(2);
  });
});
