import type { LabeledSource } from '../../learning/data-source.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import { openData } from '../open/open-data.ts';
import { baseSources, reportedRows, tableSources } from './open-sources.ts';

export interface CountOrder {
  /** Files and corpora; none where left out. */
  readonly data?: readonly string[];
  /** Whether to count what the settings' database has. */
  readonly tables: boolean;
  readonly signal?: AbortSignal;
}

/** Labeled messages of a data set or table. */
export interface SourceCount {
  readonly name: string;
  readonly spam: number;
  readonly ham: number;
}

export interface CountedData {
  readonly sets: readonly SourceCount[];
  readonly tables: readonly SourceCount[];
  /** Messages that users reported and nobody decided. */
  readonly reported: number;
}

/**
 * Counts what a data set would be assembled from. Throws `USAGE`, `DATA_UNREADABLE`, `DATA_INVALID`, `STORE_FAILED`, and what the signal
 * aborts with.
 */
export async function countData(
  { store }: Pick<Settings, 'store'>,
  { data = [], tables: withTables, signal }: CountOrder,
): Promise<CountedData> {
  const sets = await countAll(baseSources(await openData(data, signal)), signal);
  if (!withTables) return { sets, tables: [], reported: 0 };
  const opened = await adapters.store[store.kind].openTrainingData(store);
  try {
    const tables = await countAll(tableSources(opened), signal);
    let reported = 0;
    for await (const rows of reportedRows(opened)) {
      signal?.throwIfAborted();
      reported += rows.length;
    }
    return { sets, tables, reported };
  } finally {
    await opened.close();
  }
}

async function countAll(
  sources: readonly LabeledSource[],
  signal: AbortSignal | undefined,
): Promise<readonly SourceCount[]> {
  const counts: SourceCount[] = [];
  for (const { name, read } of sources) {
    const count = { spam: 0, ham: 0 };
    for await (const rows of read()) {
      signal?.throwIfAborted();
      for (const { label } of rows) count[label]++;
    }
    counts.push({ name, ...count });
  }
  return counts;
}
