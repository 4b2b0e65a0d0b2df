import type { PreparedText } from '../featurizer.ts';
import { CampaignCenter } from './campaign-center.ts';
import { CampaignPostings } from './campaign-postings.ts';
import { type WordPairs, wordPairsOf, wordsOf } from './campaign-words.ts';
import { deobfuscated } from './comparable-text.ts';

/** Pairs by which a campaign is found, of a single message and of more. */
const KEYS_OF_ONE = 48;
const KEYS_OF_MANY = 128;
/** Campaigns that share most pairs with a message, which are then compared exactly. */
const MAX_CANDIDATES = 16;

/** Four words have five. */
const LEAST_PAIRS = 5;

interface Entry {
  readonly id: number;
  readonly center: CampaignCenter;
  readonly slots: number[];
  revision: number;
  /** The size that was written last. */
  written: number;
}

/** Where a message belongs. */
export interface Placement {
  /** Null for a message that has too few words to belong to any. */
  readonly campaign: number | null;
  /** As {@link CampaignCenter.score} has it for the center before this message; 0 for the first one. */
  readonly score: number;
  /** Length of the longest run of words that the center did not have before. */
  readonly foreignRun: number;
}

/** What happened to a campaign since the last time that somebody asked. */
export interface CampaignChange {
  readonly id: number;
  /** One more than at the change before. */
  readonly revision: number;
  readonly members: number;
  /** Members when it was written before; 0 for a new one. */
  readonly before: number;
  /** For {@link CampaignCenter.read}. */
  readonly text: string;
}

/**
 * Groups messages into campaigns as they come: each joins the campaign whose center it is most like, or begins one. When a campaign has
 * grown to twice its size, those that its center is like by now become part of it, so that the order of the messages matters little.
 * At most about 1 KB for each message that is alone; see `MAX_PAIRS` and `KEYS_OF_ONE`.
 */
export class CampaignIndex {
  readonly #postings = new CampaignPostings();
  /** By slot; several slots have one entry where campaigns were merged. */
  readonly #bySlot: Entry[] = [];
  readonly #byId = new Map<number, Entry>();
  readonly #changed = new Map<number, Entry>();
  readonly #merged = new Map<number, number>();
  #nextId = 1;

  /** Campaigns, those of one message included. */
  get size(): number {
    return this.#byId.size;
  }

  center(id: number): CampaignCenter | undefined {
    return this.#byId.get(id)?.center;
  }

  /** A campaign of earlier. Those that were loaded last are found first. */
  load(id: number, revision: number, center: CampaignCenter): void {
    this.#insert(id, center, revision, center.size);
    this.startIdsAfter(id);
  }

  /** New campaigns have higher ids than this. */
  startIdsAfter(id: number): void {
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  add(message: string | PreparedText): Placement {
    const prepared = deobfuscated(message);
    const pairs = wordPairsOf(prepared);
    if (pairs.pairs.length < LEAST_PAIRS || pairs.isEveryday)
      return { campaign: null, score: 0, foreignRun: 0 };
    const best = this.#best(pairs);
    if (best === undefined) {
      const entry = this.#insert(this.#nextId++, CampaignCenter.of(pairs));
      this.#changed.set(entry.id, entry);
      return { campaign: entry.id, score: 0, foreignRun: 0 };
    }
    const { entry, score } = best;
    const foreignRun = entry.center.longestForeignRun(wordsOf(prepared));
    entry.center.add(pairs);
    this.#changed.set(entry.id, entry);
    const { size } = entry.center;
    if ((size & (size - 1)) === 0) return { campaign: this.#gather(entry), score, foreignRun };
    return { campaign: entry.id, score, foreignRun };
  }

  /** Campaigns that changed, and which became part of which, since the last call. */
  takeChanges(): {
    readonly changed: readonly CampaignChange[];
    readonly merged: readonly (readonly [from: number, into: number])[];
  } {
    const changed = [...this.#changed.values()].map((entry) => {
      entry.revision++;
      const { id, revision, center, written } = entry;
      entry.written = center.size;
      return { id, revision, members: center.size, before: written, text: center.write() };
    });
    const merged = [...this.#merged];
    this.#changed.clear();
    this.#merged.clear();
    return { changed, merged };
  }

  #insert(id: number, center: CampaignCenter, revision = 0, written = 0): Entry {
    const entry = { id, center, slots: [this.#bySlot.length], revision, written };
    this.#bySlot.push(entry);
    this.#byId.set(id, entry);
    this.#index(entry);
    return entry;
  }

  #index({ center, slots }: Entry): void {
    for (const pair of keysOf(center)) this.#postings.add(pair, slots[0]!);
  }

  #best(message: WordPairs): { readonly entry: Entry; readonly score: number } | undefined {
    let best: { readonly entry: Entry; readonly score: number } | undefined;
    for (const entry of this.#candidates(message.pairs)) {
      const { score, joins } = entry.center.score(message);
      if (!joins || (best !== undefined && best.score > score)) continue;
      if (best === undefined || score > best.score || entry.id < best.entry.id) best = { entry, score };
    }
    return best;
  }

  #candidates(pairs: Uint32Array): readonly Entry[] {
    const hits = new Map<Entry, number>();
    const seen = new Set<Entry>();
    for (const pair of pairs) {
      seen.clear();
      this.#postings.forEach(pair, (slot) => {
        const entry = this.#bySlot[slot]!;
        if (seen.has(entry)) return;
        seen.add(entry);
        hits.set(entry, (hits.get(entry) ?? 0) + 1);
      });
    }
    return [...hits]
      .sort((a, b) => b[1] - a[1] || a[0].id - b[0].id)
      .slice(0, MAX_CANDIDATES)
      .map(([entry]) => entry);
  }

  /** Makes campaigns that the grown one is like part of it, or it of a larger one. Returns the id of the one that is left. */
  #gather(grown: Entry): number {
    let entry = grown;
    this.#index(entry);
    for (const other of this.#candidates(entry.center.frequent())) {
      if (other === entry || this.#byId.get(other.id) !== other) continue;
      const [large, small] = other.center.size > entry.center.size ? [other, entry] : [entry, other];
      if (large.center.isLike(small.center)) entry = this.#merge(small, large);
    }
    return entry.id;
  }

  #merge(small: Entry, large: Entry): Entry {
    large.center.add(small.center);
    for (const slot of small.slots) this.#bySlot[slot] = large;
    large.slots.push(...small.slots);
    this.#byId.delete(small.id);
    this.#changed.delete(small.id);
    this.#changed.set(large.id, large);
    for (const [from, into] of this.#merged) if (into === small.id) this.#merged.set(from, large.id);
    this.#merged.set(small.id, large.id);
    return large;
  }
}

/** Those that most members have, and of these the ones that everyday messages have least. */
function keysOf(center: CampaignCenter): readonly number[] {
  const keys = center.telling();
  return keys.slice(0, center.size === 1 ? KEYS_OF_ONE : KEYS_OF_MANY);
}
