import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LABEL_LEASE_SECONDS, type LabelLeases } from '../../../src/ports/label-leases.ts';

export interface LeaseHarness {
  /** As another process does. */
  open(now: () => number): Promise<LabelLeases & { releaseAll(): Promise<void> }>;
  dispose(): Promise<void>;
}

/** What every database keeps of the rows that people are asked about. */
export function describeLabelLeases(name: string, make: () => Promise<LeaseHarness>): void {
  describe(`${name}: leases of rows that people are asked about`, () => {
    let time = 1_800_000_000_000;
    const now = () => time;
    let harness: LeaseHarness;
    let one: Awaited<ReturnType<LeaseHarness['open']>>;
    let other: Awaited<ReturnType<LeaseHarness['open']>>;
    beforeAll(async () => {
      harness = await make();
      one = await harness.open(now);
      other = await harness.open(now);
    });
    afterAll(() => harness?.dispose());

    it('all rows of a claim are held, or none where another process has one of them', async () => {
      expect(await one.claim([3, 1, 2])).toBe(true);
      expect(await other.claim([4, 3])).toBe(false);
      expect(await one.claim([4])).toBe(true);
      expect(await other.claim([5])).toBe(true);
      expect(await one.claim([5])).toBe(false);
      expect(await one.claim([])).toBe(true);
    });

    it('a claim of one’s own rows holds them for longer', async () => {
      expect(await one.claim([10])).toBe(true);
      time += LABEL_LEASE_SECONDS * 700;
      expect(await one.claim([10])).toBe(true);
      time += LABEL_LEASE_SECONDS * 700;
      expect(await other.claim([10])).toBe(false);
    });

    it('rows are free after their time, after they were given back, and where the clock was set back', async () => {
      expect(await one.claim([20, 21])).toBe(true);
      time += LABEL_LEASE_SECONDS * 1000;
      expect(await other.claim([20])).toBe(true);
      // They are somebody else's by now.
      await one.release([20]);
      expect(await one.claim([20])).toBe(false);
      await other.release([20]);
      expect(await one.claim([20])).toBe(true);
      time -= LABEL_LEASE_SECONDS * 10_000;
      expect(await other.claim([20])).toBe(true);
    });

    it('a process that ends gives back all that it holds', async () => {
      expect(await one.claim([30, 31])).toBe(true);
      await one.releaseAll();
      expect(await other.claim([30, 31])).toBe(true);
    });

    it('of claims at the same time one alone gets a row', async () => {
      for (let round = 0; round < 10; round++) {
        const rows = [100 + round, 200 + round];
        const got = await Promise.all([
          one.claim(rows),
          other.claim([...rows].reverse()),
          other.claim([300 + round]),
        ]);
        expect(got.filter(Boolean).length).toBe(2);
        expect(got[2]).toBe(true);
      }
    });
  });
}
