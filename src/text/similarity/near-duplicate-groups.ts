import type { PreparedText } from '../featurizer.ts';
import { bandsOf, jaccard, NEAR_DUPLICATE_JACCARD, type Shingles, shinglesOf } from './near-duplicates.ts';

interface Entry {
  readonly shingles: Shingles;
  /** In the order in which they came; more than one where they have the same shingles. */
  readonly ids: string[];
  parent: Entry;
}

/**
 * Groups a stream of messages: those that a chain of near-duplicates connects are one group, whatever the order in which they come.
 * Messages with the same shingles are stored once; memory is about 4 bytes for each distinct shingle of a message, and 8 band keys.
 */
export class NearDuplicateGroups {
  readonly #byBand = new Map<number, Entry[]>();
  readonly #byId = new Map<string, Entry>();

  /** An id that is known already is left as it is. */
  add(id: string, message: string | PreparedText): void {
    if (this.#byId.has(id)) return;
    const shingles = shinglesOf(message);
    const entry = { shingles, ids: [id] } as Omit<Entry, 'parent'> as Entry;
    entry.parent = entry;
    const buckets = bandsOf(shingles).map((band) => this.#bucket(band));
    for (const bucket of buckets)
      for (const other of bucket) {
        const root = rootOf(other);
        if (root === rootOf(entry) && other.shingles.length !== shingles.length) continue;
        const share = jaccard(shingles, other.shingles);
        if (share === 1) {
          other.ids.push(id);
          this.#byId.set(id, other);
          return;
        }
        if (share >= NEAR_DUPLICATE_JACCARD) rootOf(entry).parent = root;
      }
    for (const bucket of buckets) bucket.push(entry);
    this.#byId.set(id, entry);
  }

  /** Each group's ids in ascending order, the groups in the order of their first ids; those of one message included. */
  groups(): readonly (readonly string[])[] {
    const groups = new Map<Entry, string[]>();
    for (const [id, entry] of this.#byId) {
      const root = rootOf(entry);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [id]);
      else group.push(id);
    }
    return [...groups.values()].map((ids) => ids.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  }

  #bucket(band: number): Entry[] {
    let bucket = this.#byBand.get(band);
    if (bucket === undefined) {
      bucket = [];
      this.#byBand.set(band, bucket);
    }
    return bucket;
  }
}

function rootOf(entry: Entry): Entry {
  let root = entry;
  while (root.parent !== root) root = root.parent;
  for (let each = entry; each !== root; ) {
    const next = each.parent;
    each.parent = root;
    each = next;
  }
  return root;
}
