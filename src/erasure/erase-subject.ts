import type { ErasedStore, ErasureReport, ErasureSubject } from '../core/erasure.ts';
import { subjectText } from '../core/erasure.ts';
import { sha256Of } from '../core/sha256.ts';
import type { ErasableStore } from '../ports/erasable-store.ts';
import { ErasureSearch, type FoundBefore } from './erasure-search.ts';
import { scanStore } from './scan-store.ts';

/** Remembers what a search found until the proof is made, so that a run after a crash looks for the same. */
export interface UnfinishedErasure {
  read(subjectSha256: string): Promise<FoundBefore | undefined>;
  /** Durable when it resolves. */
  write(subjectSha256: string, found: FoundBefore): Promise<void>;
  remove(subjectSha256: string): Promise<void>;
}

export interface EraseParts {
  readonly subject: ErasureSubject;
  readonly dryRun: boolean;
  readonly stores: readonly ErasableStore[];
  readonly unfinished: UnfinishedErasure;
  /** Writes the entry of the activity log. `entry` names nobody. */
  readonly recorded: (entry: { readonly subject_sha256: string; readonly removed: number }) => Promise<void>;
  readonly unreachable: ErasureReport['unreachable'];
}

/**
 * Removes the text of a subject from all stores and proves it by scanning their bytes. What was found is remembered before the first
 * change, so that a run that is killed can be repeated and ends in the same. Throws what the stores throw.
 */
export async function eraseSubject(parts: EraseParts): Promise<ErasureReport> {
  const { subject, dryRun, stores, unfinished, recorded, unreachable } = parts;
  const subject_sha256 = sha256Of(new TextEncoder().encode(subjectText(subject)));
  const search = new ErasureSearch(subject, await unfinished.read(subject_sha256));
  // The second time for records that are known by their identity or their text alone.
  for (let round = 0; round < 2; round++) {
    for (const store of stores) await store.search(search);
    search.settle();
  }
  const removed = new Map<ErasableStore, number>();
  if (dryRun) for (const store of stores) removed.set(store, await store.count(search));
  else {
    await unfinished.write(subject_sha256, {
      identities: search.identities,
      fingerprints: search.fingerprints,
    });
    for (const store of stores)
      removed.set(store, store.whyNot === undefined ? await store.erase(search) : 0);
    const sum = [...removed.values()].reduce((a, b) => a + b, 0);
    if (sum > 0) await recorded({ subject_sha256, removed: sum });
    for (const store of stores) await store.clean?.();
  }
  const fingerprints = [...new Set(search.fingerprints.flat())];
  const proof: ErasedStore[] = [];
  for (const store of stores) {
    const left = dryRun ? 0 : await store.count(search);
    const { bytes, found, where } = dryRun
      ? { bytes: 0, found: 0, where: [] }
      : await scanStore(store, search, fingerprints);
    const note = noteOf(store, left, found, where);
    proof.push({
      ...{ store: store.name, location: store.location, removed: removed.get(store) ?? 0, bytes },
      found: left + found,
      ...(note === undefined ? {} : { note }),
    });
  }
  const complete = proof.every(({ found }) => found === 0);
  // Kept where something remains: the next run has to look for it.
  if (!dryRun && complete) await unfinished.remove(subject_sha256);
  const { texts, tooShort } = search;
  return {
    ...{ subject_sha256, dry_run: dryRun, complete, texts: texts.length, too_short: tooShort },
    ...{ stores: proof, unreachable },
  };
}

function noteOf(
  store: ErasableStore,
  left: number,
  found: number,
  where: readonly string[],
): string | undefined {
  if (left + found === 0) return store.keeps;
  if (store.whyNot !== undefined) return store.whyNot;
  if (where.length > 0) return `found in ${where.join(', ')}`;
  return `${left} remain: ${store.remains ?? 'run it again'}`;
}
