import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderScratch } from '../../src/adapters/file/folder-scratch.ts';
import { assembleData } from '../../src/learning/assemble-data.ts';
import type { SourceRow } from '../../src/learning/data-source.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { isForTesting } from '../../src/training/testing-part.ts';

const PAGE = 1000;
const MOST_BYTES = 4 * 1024 ** 3;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-assemble-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Synthetic rows: one in three is a near-duplicate of the one before. */
async function* rows(count: number): AsyncGenerator<readonly SourceRow[]> {
  const random = new SeededRandom(count);
  const word = () => random.below(1_000_000).toString(36);
  let text = '';
  for (let from = 1; from <= count; from += PAGE)
    yield Array.from({ length: Math.min(PAGE, count + 1 - from) }, (_, at): SourceRow => {
      const id = from + at;
      text = id % 3 === 0 ? `${text}!` : Array.from({ length: 12 }, word).join(' ');
      return {
        id,
        text,
        label: id % 4 === 0 ? 'spam' : 'ham',
        community: `forum ${id % 50}`,
        at: 1e12 + id * 60_000,
      };
    });
}

async function figuresOf(count: number) {
  const began = process.cpuUsage();
  let peak = 0;
  let lines = 0;
  const { data } = await assembleData({
    sources: [{ name: 'training', kind: 'training', weight: 1, read: () => rows(count) }],
    reports: { read: async function* () {}, reporters: async () => 0 },
    writer: { training: async () => void lines++, heldOut: async () => void lines++ },
    ...{ scratch: new FolderScratch(folder), isForTesting, seed: 1, champion: null, now: Date.now() },
    limits: {
      ...{ mostPerCommunityMonth: 5000, newestShare: 0.1 },
      reports: {
        weight: 0.05,
        mostPerReporter: 0.5,
        mostPerMessage: 0.1,
        mostShare: 0.01,
        leastShare: 0.0002,
      },
    },
    pause: async () => void (await setImmediate()),
    progress: () => {
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  const { user, system } = process.cpuUsage(began);
  return { count, lines, peak, microseconds: (user + system) / count, ranges: data.sources[0]!.rows.length };
}

describe('a data set of a million rows', () => {
  it('is assembled within 4 GiB of memory', async () => {
    const figures = [await figuresOf(50_000), await figuresOf(1_000_000)];
    for (const { peak, ...each } of figures) console.log({ ...each, mebibytes: Math.round(peak / 2 ** 20) });
    expect(figures[1]!.lines).toBeGreaterThan(400_000);
    expect(figures[1]!.peak).toBeLessThan(MOST_BYTES);
  });
});
