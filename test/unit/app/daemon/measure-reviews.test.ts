import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { measureReviews, type ReviewMeasureParts } from '../../../../src/app/daemon/measure-reviews.ts';
import type { Log } from '../../../../src/ports/log.ts';
import type { ReviewItem } from '../../../../src/ports/review-store.ts';

type Measured = Parameters<ReviewMeasureParts['telemetry']['reviewsMeasured']>[0];

let warned: string[];
let told: Measured[];
const log: Log = {
  debug() {},
  info() {},
  warn: (_fields, text) => void warned.push(text),
  error() {},
  child: () => log,
};
const telemetry = { reviewsMeasured: (measured: Measured) => void told.push(measured) };
const counts = { open: 2, leased: 0, labelled: 5, erased: 1 };

beforeEach(() => {
  vi.useFakeTimers();
  warned = [];
  told = [];
});
afterEach(() => vi.useRealTimers());

test('measureReviews counts rows at once and then each minute, with the age of the oldest open row', async () => {
  let oldest = [{ created_at: 40_000 } as ReviewItem];
  const asked: unknown[] = [];
  const reviews = {
    count: async () => counts,
    list: async (query: unknown) => {
      asked.push(query);
      return oldest;
    },
  };
  const measuring = measureReviews({ reviews, telemetry, log, now: () => 100_000 });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([{ counts, oldestSeconds: 60 }]);
  expect(asked).toEqual([{ state: 'open', limit: 1 }]);
  oldest = [];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told.at(-1)).toEqual({ counts, oldestSeconds: 0 });
  await measuring.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(told).toHaveLength(2);
});

test('measureReviews calls an unavailable store again, and never twice at the same time', async () => {
  let calls = 0;
  let answer!: () => void;
  const reviews = {
    count: async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return counts;
    },
    list: async () => [],
  };
  const measuring = measureReviews({ reviews, telemetry, log, everySeconds: 1 });
  await vi.advanceTimersByTimeAsync(0);
  expect(warned).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toBe(2);
  answer();
  await measuring.stop();
  expect(told).toHaveLength(1);
});
