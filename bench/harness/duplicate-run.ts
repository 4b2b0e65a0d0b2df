import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { FolderScratch } from '../../src/adapters/file/folder-scratch.ts';
import { SluiceError } from '../../src/core/errors.ts';
import type { SearchedRow } from '../../src/labeling/duplicates/duplicate-input.ts';
import { findDuplicates } from '../../src/labeling/duplicates/find-duplicates.ts';
import type { FoundDuplicates } from '../../src/labeling/duplicates/found-duplicates.ts';
import { isNearDuplicate } from '../../src/text/similarity/near-duplicates.ts';
import { DuplicateMessages, type DuplicateMix } from './duplicate-messages.ts';

/** Pairs that are remembered while the rows are read, and verified afterwards. */
const SAMPLED_PAIRS = 20_000;

/** Messages between two looks at the clock. */
const MADE_AT_ONCE = 4096;

export interface DuplicateCase {
  readonly mix: DuplicateMix;
  readonly rows: number;
}

/** What a process that searched one table measured. */
export interface DuplicateFigures extends DuplicateCase {
  /** Without making the messages. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly generatingSeconds: number;
  /** Before the first row, and the highest; bytes of resident memory. */
  readonly residentBefore: number;
  readonly residentPeak: number;
  readonly scratchBytes: number;
  readonly entries: number;
  readonly comparisons: number;
  /** Rows that are removed. */
  readonly removed: number;
  /** Pairs of a message and what it was made from with a Jaccard index of at least 0.8, of other comparable keys. */
  readonly pairs: number;
  readonly pairsFound: number;
  /** Pairs of which at most one row stays. */
  readonly pairsReduced: number;
  readonly load: number;
}

/** Searches in a process of its own, whose memory is that of the search alone. */
export async function duplicateFigures(of: DuplicateCase): Promise<DuplicateFigures> {
  const child = spawn(process.execPath, [process.argv[1]!, 'dedupe-run', JSON.stringify(of)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const figures = json(child.stdout).catch(() => undefined);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new SluiceError('INTERNAL', `the process of ${of.rows} rows ended with ${code}`);
  return (await figures) as DuplicateFigures;
}

/** The process that {@link duplicateFigures} starts. */
export async function duplicateRunCommand(of: string): Promise<number> {
  const { mix, rows } = JSON.parse(of) as DuplicateCase;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-dedupe-'));
  try {
    const residentBefore = process.memoryUsage.rss();
    const pairs: [number, number][] = [];
    const generating = { seconds: 0, cpuSeconds: 0 };
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const found = await findDuplicates(generated(mix, rows, pairs, generating), {
      scratch: new FolderScratch(folder),
    });
    const cpu = process.cpuUsage(cpuBefore);
    const seconds = (performance.now() - started) / 1000 - generating.seconds;
    const residentPeak = process.resourceUsage().maxRSS * 1024;
    const { near, nearFound, reduced } = recallOf(mix, rows, pairs, found);
    let removed = 0;
    for (let row = 0; row < found.rows; row++) if (found.stays[row] !== row) removed++;
    const { entries, comparisons, scratchBytes } = found.effort;
    const figures: DuplicateFigures = {
      ...{ mix, rows, seconds, residentBefore, residentPeak, scratchBytes, entries, comparisons, removed },
      cpuSeconds: (cpu.user + cpu.system) / 1e6 - generating.cpuSeconds,
      generatingSeconds: generating.seconds,
      ...{ pairs: near, pairsFound: nearFound, pairsReduced: reduced, load: loadavg()[0]! },
    };
    writeSync(1, JSON.stringify(figures));
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Messages one after the other; some pairs, spread over the table, are added to `pairs`. */
function* generated(
  mix: DuplicateMix,
  rows: number,
  pairs: [number, number][],
  spent: { seconds: number; cpuSeconds: number },
): Generator<SearchedRow> {
  const messages = new DuplicateMessages(mix, rows);
  // About a fifth of the rows of a mixed table are made from another in a way that may leave a near-duplicate.
  const every = Math.max(1, Math.floor((rows * 0.3) / SAMPLED_PAIRS));
  let derived = 0;
  for (let from = 0; from < rows; from += MADE_AT_ONCE) {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    const length = Math.min(MADE_AT_ONCE, rows - from);
    const made = Array.from({ length }, (_, at) => messages.at(from + at));
    const cpu = process.cpuUsage(cpuBefore);
    spent.seconds += (performance.now() - before) / 1000;
    spent.cpuSeconds += (cpu.user + cpu.system) / 1e6;
    for (const [at, { text, of }] of made.entries()) {
      const index = from + at;
      if (of >= 0 && derived++ % every === 0) pairs.push([of, index]);
      yield { id: index + 1, message: text };
    }
  }
}

/** Of the pairs that are near-duplicates by the definition, those that one chain connects, and those of which one is removed. */
function recallOf(
  mix: DuplicateMix,
  rows: number,
  pairs: readonly (readonly [number, number])[],
  found: FoundDuplicates,
): { readonly near: number; readonly nearFound: number; readonly reduced: number } {
  const messages = new DuplicateMessages(mix, rows);
  let [near, nearFound, reduced] = [0, 0, 0];
  for (const [of, index] of pairs) {
    if (found.kindOf(index) === 'exact' || found.kindOf(index) === 'normalized') continue;
    if (!isNearDuplicate(messages.at(of).text, messages.at(index).text)) continue;
    near++;
    if (found.chainOf(of) === found.chainOf(index)) nearFound++;
    if (found.stays[of] !== of || found.stays[index] !== index) reduced++;
  }
  return { near, nearFound, reduced };
}
