import type { Telemetry } from '../../ports/telemetry.ts';
import { observedTelemetry } from './observed-telemetry.ts';
import type { RunTally } from './run-tally.ts';

/** Passes every event on to `telemetry`. Those that the progress of a run is made of reach the tally first. */
export function talliedTelemetry(telemetry: Telemetry, tally: RunTally): Telemetry {
  return observedTelemetry(telemetry, {
    batchPulled({ messages }) {
      tally.step();
      tally.batchPulled(messages);
    },
    batchScored({ statistics }) {
      tally.step();
      tally.batchScored(statistics);
    },
    batchRouted: () => tally.step(),
    batchRetried: () => tally.step(),
    messagesDeadLettered: (_, count) => tally.messagesDeadLettered(count),
    spoolMeasured: ({ fullness }) => tally.spoolMeasured(fullness),
    offsetsCommitted: () => tally.step(),
    stateEntered: (state) => tally.stateEntered(state),
  });
}
