import type { Scratch } from '../../ports/scratch.ts';
import { BULK_BANDS } from '../../text/similarity/bulk-bands.ts';
import { DuplicateInput, type DuplicateKind, type SearchedRow } from './duplicate-input.ts';
import { FoundDuplicates, type NearEntries } from './found-duplicates.ts';
import { type Breathe, NearChains } from './near-chains.ts';
import { NearLeaders } from './near-leaders.ts';

export interface SearchOptions {
  readonly scratch: Scratch;
  /** `near` where left out: all of them. */
  readonly kind?: DuplicateKind;
  readonly signal?: AbortSignal | undefined;
  /** Lets timers and signals run; called often. */
  readonly pause?: () => Promise<void>;
  readonly progress?: (progress: SearchProgress) => void;
}

/** Rows that were read, then bands of {@link BULK_BANDS} that were compared. */
export type SearchProgress = { readonly rows: number } | { readonly bands: number; readonly of: number };

/** Rows between two pauses, or reports of progress. */
const PAUSE = 1024;

/**
 * Finds the duplicates among rows. The time grows with their number, whatever they are. Near-duplicates are compared exactly; some are not
 * found, see bulk-bands.ts and {@link NearChains}. Memory: less than 150 bytes a row where all differ, however long they are, and 100 MiB;
 * temporary files: 64 bytes for each distinct message, and 4 for each distinct 4-gram of it.
 * Throws `STORE_FAILED` for a temporary file, and what `signal` aborts with.
 */
export async function findDuplicates(
  rows: AsyncIterable<SearchedRow> | Iterable<SearchedRow>,
  options: SearchOptions,
): Promise<FoundDuplicates> {
  const { scratch, kind = 'near', signal, pause, progress } = options;
  const breathe = async () => {
    await pause?.();
    signal?.throwIfAborted();
  };
  const input = new DuplicateInput(kind, scratch);
  try {
    for await (const row of rows) {
      input.add(row);
      if (input.rows % PAUSE !== 0) continue;
      progress?.({ rows: input.rows });
      await breathe();
    }
    input.finish();
    progress?.({ rows: input.rows });
    const { entries, texts, shingles, bands } = input;
    const effort = { entries, texts, scratchBytes: shingles.bytes + bands.bytes };
    if (kind !== 'near')
      return new FoundDuplicates(input, alone(input.order()), { ...effort, comparisons: 0 });
    const { near, comparisons } = await connected(input, breathe, progress);
    return new FoundDuplicates(input, near, { ...effort, comparisons });
  } finally {
    input.close();
  }
}

async function connected(
  input: DuplicateInput,
  breathe: Breathe,
  progress: SearchOptions['progress'],
): Promise<{ readonly near: NearEntries; readonly comparisons: number }> {
  const order = input.order();
  const chains = new NearChains(input, order, breathe);
  await chains.connect((bands) => progress?.({ bands, of: BULK_BANDS }));
  const leaders = new NearLeaders(input, order, chains);
  await leaders.choose(breathe);
  const near = {
    order,
    leaderOf: (number: number) => leaders.leaders[number]!,
    groupOf: (number: number) => leaders.groups.rootOf(number),
    chainOf: (number: number) => chains.chains.rootOf(number),
  };
  return { near, comparisons: chains.comparisons + leaders.comparisons };
}

/** Each entry is near to none. */
function alone(order: Int32Array<ArrayBuffer>): NearEntries {
  const itself = (number: number) => number;
  return { order, leaderOf: itself, groupOf: itself, chainOf: itself };
}
