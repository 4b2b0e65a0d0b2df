import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveSettings } from '../../../src/ports/live-settings.ts';

/** One fresh place for settings; it is there and holds nothing. */
export interface LiveSettingsHarness {
  open(): Promise<LiveSettings>;
  /** Replaces all settings there. */
  write(settings: Readonly<Record<string, unknown>>): Promise<void>;
  dispose(): Promise<void>;
}

/** What every adapter behind the port `LiveSettings` promises. */
export function describeLiveSettings(name: string, makeHarness: () => Promise<LiveSettingsHarness>): void {
  describe(`${name} as LiveSettings`, () => {
    let harness: LiveSettingsHarness;
    const stop: AbortController[] = [];
    const watches: Promise<void>[] = [];

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      for (const controller of stop.splice(0)) controller.abort();
      await Promise.all(watches.splice(0));
      await harness.dispose();
    });

    /** Answers a function that resolves when something has changed since it was last called. */
    function watch(settings: LiveSettings): () => Promise<void> {
      const controller = new AbortController();
      stop.push(controller);
      let changes = 0;
      let wake = () => {};
      watches.push(
        settings.watch(() => {
          changes++;
          wake();
        }, controller.signal),
      );
      return async () => {
        while (changes === 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        changes = 0;
      };
    }

    it(`${name} as LiveSettings reads the stored settings as a nested object`, async () => {
      const settings = await harness.open();
      await harness.write({ decide: { rejectMin: 0.4, communities: { 'börse.de': { rejectMax: 0.8 } } } });
      expect(await settings.read()).toEqual({
        decide: { rejectMin: 0.4, communities: { 'börse.de': { rejectMax: 0.8 } } },
      });
    });

    it(`${name} as LiveSettings reports a change, and the next change too`, async () => {
      const settings = await harness.open();
      const changed = watch(settings);
      let rejectMin = 0;
      for (const round of ['first', 'second']) {
        // Again and again: what is written before the watch has taken its first look is no change to it. With time
        // between: a place may count only what has stood still for a moment.
        let told = false;
        const toldOnce = changed().then(() => {
          told = true;
        });
        while (!told) {
          rejectMin += 1 / 1024;
          await harness.write({ decide: { rejectMin }, log: { level: round } });
          await Promise.race([toldOnce, new Promise((resolve) => setTimeout(resolve, 2000))]);
        }
        expect(await settings.read()).toEqual({ decide: { rejectMin }, log: { level: round } });
      }
    });

    it(`${name} as LiveSettings reports the current content first, so that a change between reading and watching is not missed`, async () => {
      const settings = await harness.open();
      await settings.read();
      await harness.write({ decide: { rejectMin: 0.25 } });
      await watch(settings)();
      expect(await settings.read()).toEqual({ decide: { rejectMin: 0.25 } });
    });

    it(`${name} as LiveSettings ends its watch when the signal aborts`, async () => {
      const settings = await harness.open();
      const controller = new AbortController();
      const watched = settings.watch(() => {}, controller.signal);
      controller.abort();
      await watched;
      await settings.watch(() => {}, controller.signal);
    });
  });
}
