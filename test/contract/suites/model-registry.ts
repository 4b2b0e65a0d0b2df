import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelFacts, ModelRegistry } from '../../../src/ports/model-registry.ts';
import { reportOf } from './gate-report-of.ts';

export interface ModelRegistryHarness {
  /** On the same, at first empty, place each time; `now` is its clock. */
  open(now: () => number): ModelRegistry;
  dispose(): Promise<void>;
}

const facts = (day: string, sha256 = day.repeat(32)): ModelFacts => ({
  version: `202601${day}T000000Z-0123abcd`,
  sha256,
  path: `/models/${day}`,
  truePositiveRate: 0.91,
  falsePositiveRate: null,
  figures: { mcc_at_half: 0.9 },
});
const [one, two, three] = [facts('01'), facts('02'), facts('03')];
const by = (how: 'activated' | 'rolled back to' = 'activated') => ({ who: 'somebody@here', how }) as const;

/** What every adapter behind the port `ModelRegistry` promises. */
export function describeModelRegistry(name: string, makeHarness: () => Promise<ModelRegistryHarness>): void {
  describe(`${name} as a ModelRegistry`, () => {
    let harness: ModelRegistryHarness;
    let now: number;
    let registry: ModelRegistry;
    beforeEach(async () => {
      harness = await makeHarness();
      now = 1_000;
      registry = harness.open(() => now);
    });
    afterEach(() => harness.dispose());

    const statuses = async () => (await registry.list()).map(({ version, status }) => [version, status]);

    it(`${name} as a ModelRegistry records a pushed version as a candidate, newest first, and still has it after it is opened again`, async () => {
      expect(await registry.list()).toEqual([]);
      expect(await registry.sha256Of(one.version)).toBeUndefined();
      await registry.pushed(two);
      now = 2_000;
      await registry.pushed(one);
      await registry.pushed(two);
      const times = { status: 'candidate', decided: null, activatedAt: null, deactivatedAt: null };
      expect(await harness.open(Date.now).list()).toEqual([
        { ...two, ...times, createdAt: 1_000 },
        { ...one, ...times, createdAt: 2_000 },
      ]);
      expect(await registry.sha256Of(two.version)).toBe(two.sha256);
    });

    it(`${name} as a ModelRegistry has at most one active model, and records since when and by whom it is active`, async () => {
      await registry.pushed(one);
      await registry.activated(one, by());
      now = 2_000;
      // One that nobody has pushed, as far as is known here.
      await registry.activated(two, by());
      now = 3_000;
      await registry.activated(one, by('rolled back to'));
      expect(await registry.list()).toMatchObject([
        { version: two.version, status: 'inactive', activatedAt: 2_000, deactivatedAt: 3_000 },
        {
          ...{ version: one.version, status: 'active', activatedAt: 3_000 },
          decided: 'rolled back to by somebody@here',
        },
      ]);
    });

    it(`${name} as a ModelRegistry records why a version was activated, and why one was refused, but never refuses the active one`, async () => {
      await registry.pushed(two);
      const refusal = { who: 'ada', how: 'activated', reason: 'better', why: 'a graph is broken' } as const;
      await registry.activated(one, { who: 'ada', how: 'activated', reason: 'fewer misses' });
      await registry.refused(two.version, refusal);
      await registry.refused(one.version, refusal);
      expect(await registry.list()).toMatchObject([
        { status: 'refused', decided: 'refused when ada wanted to activate it: a graph is broken' },
        { status: 'active', decided: 'activated by ada: fewer misses' },
      ]);
      // One that passes its check later is like any other.
      await registry.activated(two, by());
      expect(await statuses()).toEqual([
        [two.version, 'active'],
        [one.version, 'inactive'],
      ]);
    });

    it(`${name} as a ModelRegistry keeps what a gate decided with the figures of a model, refused or not, and refuses no active one`, async () => {
      await registry.activated(one, by());
      const [no, yes] = [
        reportOf(two.version, false, one.version),
        reportOf(three.version, true, one.version),
      ];
      await registry.compared(two, { who: 'ada', report: no });
      await registry.compared(three, { who: 'ada', report: yes });
      expect(await harness.open(Date.now).list()).toMatchObject([
        { status: 'candidate', decided: null, figures: { mcc_at_half: 0.9, gate: yes } },
        {
          ...{ status: 'refused', figures: { mcc_at_half: 0.9, gate: no } },
          decided: 'refused by the gate sound (ada): it is worse',
        },
        { status: 'active', figures: { mcc_at_half: 0.9 } },
      ]);
      now = 2_000;
      await registry.activated(three, { who: 'ada', how: 'promoted', reason: 'it is better' });
      expect(await registry.list()).toMatchObject([
        {
          status: 'active',
          decided: 'promoted by ada: it is better',
          activatedAt: 2_000,
          figures: { gate: yes },
        },
        { status: 'refused' },
        { status: 'inactive', deactivatedAt: 2_000 },
      ]);
      // Compared again, it stays active, whatever is found.
      const worse = reportOf(three.version, false, one.version);
      await registry.compared(three, { who: 'ada', report: worse });
      expect((await registry.list())[0]).toMatchObject({ status: 'active', figures: { gate: worse } });
    });

    it(`${name} as a ModelRegistry keeps the times of the active model when it is activated again`, async () => {
      await registry.activated(one, by());
      now = 2_000;
      await registry.activated(one, by());
      expect(await registry.list()).toMatchObject([{ status: 'active', activatedAt: 1_000 }]);
    });

    it(`${name} as a ModelRegistry refuses a version that is recorded with another hash, and changes nothing`, async () => {
      await registry.pushed(one);
      await registry.activated(two, by());
      const other = { ...one, sha256: 'f'.repeat(64) };
      await expect(registry.pushed(other)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
      await expect(registry.activated(other, by())).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
      expect(await registry.sha256Of(one.version)).toBe(one.sha256);
      expect(await statuses()).toEqual([
        [two.version, 'active'],
        [one.version, 'candidate'],
      ]);
    });

    it(`${name} as a ModelRegistry accepts many writes at once`, async () => {
      await Promise.all([one, two, three].map((model) => registry.pushed(model)));
      await Promise.all([one, two, three].map((model) => harness.open(Date.now).activated(model, by())));
      const active = (await statuses()).filter(([, status]) => status === 'active');
      expect(active).toHaveLength(1);
      expect(await registry.list()).toHaveLength(3);
    });
  });
}
