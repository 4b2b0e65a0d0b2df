import type { ErasableStore, Wanted } from '../ports/erasable-store.ts';
import { type Fingerprint, FingerprintScanner } from './fingerprints.ts';
import { viewsOf } from './views.ts';

export interface StoreScan {
  readonly bytes: number;
  /** Occurrences that no record of somebody else explains. */
  readonly found: number;
  /** Files and tables with such occurrences. */
  readonly where: readonly string[];
}

/**
 * Scans all bytes of a store for texts. People write the same text, above all spam: what stands in a record of somebody else is no
 * remainder. Where the bytes are not divided by records, pieces of text that records of others have prove nothing.
 */
export async function scanStore(
  store: Pick<ErasableStore, 'contents' | 'others'>,
  wanted: Wanted,
  fingerprints: readonly Fingerprint[],
): Promise<StoreScan> {
  const telling = new Set(fingerprints.keys());
  if (store.others !== undefined && telling.size > 0) {
    const scanner = new FingerprintScanner(fingerprints);
    for await (const text of store.others(wanted))
      for (const view of viewsOf(text)) scanner.scan(view, (index) => telling.delete(index));
  }
  const scanner = new FingerprintScanner([...telling].map((index) => fingerprints[index]!));
  let bytes = 0;
  let found = 0;
  const where = new Set<string>();
  for await (const { name, pieces } of store.contents(wanted))
    for await (const piece of pieces) {
      bytes += piece.fresh;
      if (piece.isOthers || telling.size === 0) continue;
      let hits = 0;
      for (const view of viewsOf(piece.bytes)) scanner.scan(view, () => hits++);
      if (hits > 0) where.add(name);
      found += hits;
    }
  return { bytes, found, where: [...where] };
}
