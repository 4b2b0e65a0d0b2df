import type { Telemetry } from '../../ports/telemetry.ts';

/** Passes every event on to `telemetry`. Those that `observer` takes reach it first. */
export function observedTelemetry(telemetry: Telemetry, observer: Partial<Telemetry>): Telemetry {
  type Event = (...values: unknown[]) => void;
  return new Proxy(telemetry, {
    get(target, name: keyof Telemetry) {
      const [first, second] = [observer[name], target[name]] as readonly [Event | undefined, Event];
      return (...values: unknown[]) => {
        first?.(...values);
        second.apply(target, values);
      };
    },
  });
}
