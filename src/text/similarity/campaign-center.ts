import { hashOfPair, rank, type WordPairs } from './campaign-words.ts';
import { everydayShare } from './everyday-pairs.ts';

/** A center keeps the pairs that most members have. */
const MAX_CENTER_PAIRS = 400;
/** Between two times that the rarest are dropped. */
const SPARE_PAIRS = 200;

/** A pair that only the everyday share explains is expected this often; independent of the queue, so that scores are too. */
const REFERENCE_MESSAGES = 10_000;
/** Pairs of at least this share never count, however many members have them: a greeting is no sign of a campaign. */
const EVERYDAY_SHARE = 1e-4;
/** Of one pair, so that no one decides alone. */
const MAX_WEIGHT = 6;
/** Messages of a campaign: sum of the weights of the pairs that they share with the center. */
const LEAST_SCORE = 8;
const LEAST_WORDS = 4;
/** Half of it is enough for a message of twice the score. */
const LEAST_SHARE = 0.2;
/** Four words one after the other are five pairs. */
const LEAST_PAIRS = 5;
/** A pair that is at least as telling as this counts among those that have to have enough words. */
const TELLING_WEIGHT = 1;

/** How like its campaign a message is. */
export interface CampaignScore {
  /** Sum of the weights of the pairs that both have; nats. */
  readonly score: number;
  /** Share of the message's pairs that the center has. */
  readonly share: number;
  /** Whether this is enough to belong to the campaign. */
  readonly joins: boolean;
}

/** What the members of a campaign have in common: their most frequent pairs of words, each with how many members have it. */
export class CampaignCenter {
  #size: number;
  #pairs: Uint32Array;
  #counts: Uint32Array;

  private constructor(size: number, pairs: Uint32Array, counts: Uint32Array) {
    this.#size = size;
    this.#pairs = pairs;
    this.#counts = counts;
  }

  static of(message: WordPairs): CampaignCenter {
    return new CampaignCenter(1, message.pairs, new Uint32Array(message.pairs.length).fill(1));
  }

  /** How many members it is made of. */
  get size(): number {
    return this.#size;
  }

  /** Hashes in ascending order. */
  get pairs(): Uint32Array {
    return this.#pairs;
  }

  score({ pairs, everyday, first, second }: WordPairs): CampaignScore {
    let [score, shared] = [0, 0];
    const words = new Set<number>();
    const [mine, counts] = [this.#pairs, this.#counts];
    for (let i = 0, j = 0; i < pairs.length && j < mine.length; ) {
      const [left, right] = [pairs[i]!, mine[j]!];
      if (left === right) {
        shared++;
        const weight = weightOf(counts[j]!, everyday[i]!);
        score += weight;
        if (weight >= TELLING_WEIGHT) {
          words.add(first[i]!);
          words.add(second[i]!);
        }
      }
      if (left <= right) i++;
      if (right <= left) j++;
    }
    const share = pairs.length === 0 ? 0 : shared / pairs.length;
    const leastShare = score >= 2 * LEAST_SCORE ? LEAST_SHARE / 2 : LEAST_SHARE;
    return { score, share, joins: score >= LEAST_SCORE && share >= leastShare && words.size >= LEAST_WORDS };
  }

  /** Makes the message, or all members of another center, part of this one. */
  add(other: WordPairs | CampaignCenter): void {
    const isCenter = other instanceof CampaignCenter;
    const [theirs, theirCounts] = [other.pairs, isCenter ? other.#counts : undefined];
    const pairs = new Uint32Array(this.#pairs.length + theirs.length);
    const counts = new Uint32Array(pairs.length);
    let length = 0;
    for (let i = 0, j = 0; i < this.#pairs.length || j < theirs.length; length++) {
      const left = i < this.#pairs.length ? this.#pairs[i]! : Number.POSITIVE_INFINITY;
      const right = j < theirs.length ? theirs[j]! : Number.POSITIVE_INFINITY;
      pairs[length] = Math.min(left, right);
      if (left <= right) counts[length]! += this.#counts[i++]!;
      if (right <= left) counts[length]! += theirCounts === undefined ? 1 : theirCounts[j]!;
      if (right <= left) j++;
    }
    this.#size += isCenter ? other.#size : 1;
    this.#pairs = pairs.slice(0, length);
    this.#counts = counts.slice(0, length);
    if (length > MAX_CENTER_PAIRS + SPARE_PAIRS) this.#shrink();
  }

  /** The pairs that at least a quarter as many members have as the most frequent one: what the campaign is about. */
  frequent(): Uint32Array {
    const least = this.#counts.reduce((a, b) => Math.max(a, b), 0) / 4;
    return this.#pairs.filter((_, at) => this.#counts[at]! >= least);
  }

  /** Pairs of some weight, those of the most members first. */
  telling(): readonly number[] {
    const weights = Array.from(this.#pairs, (pair, at) => weightOf(this.#counts[at]!, everydayShare(pair)));
    const order = Array.from(this.#pairs.keys()).filter((at) => weights[at]! >= TELLING_WEIGHT);
    order.sort((a, b) => weights[b]! - weights[a]! || rank(this.#pairs[a]!) - rank(this.#pairs[b]!));
    return order.map((at) => this.#pairs[at]!);
  }

  /** Length of the longest run of the message's words that are in no pair of the center. `words`: of {@link wordsOf}. */
  longestForeignRun(words: Uint32Array): number {
    // What one member in twenty has at least; in a large campaign each word came once.
    const least = Math.max(1, this.#size / 20);
    const isKnown = new Uint8Array(words.length);
    for (let at = 0; at < words.length; at++)
      for (let next = at + 1; next <= at + 2 && next < words.length; next++)
        if (this.#countOf(hashOfPair(words[at]!, words[next]!)) >= least) isKnown[at] = isKnown[next] = 1;
    let [longest, run] = [0, 0];
    for (const known of isKnown) {
      run = known === 1 ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** Whether another campaign, of no more members, is about the same. */
  isLike(other: CampaignCenter): boolean {
    const pairs = other.frequent();
    let [score, shared, telling] = [0, 0, 0];
    for (const pair of pairs) {
      const count = this.#countOf(pair);
      if (count === 0) continue;
      const weight = weightOf(count, everydayShare(pair));
      shared++;
      score += weight;
      if (weight >= TELLING_WEIGHT) telling++;
    }
    return score >= LEAST_SCORE && shared >= LEAST_SHARE * pairs.length && telling >= LEAST_PAIRS;
  }

  /** Of a database: {@link CampaignCenter.read} makes the center of it. */
  write(): string {
    this.#shrink();
    const bytes = new Uint8Array(4 + 8 * this.#pairs.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.#size);
    this.#pairs.forEach((pair, at) => {
      view.setUint32(4 + 8 * at, pair);
      view.setUint32(8 + 8 * at, this.#counts[at]!);
    });
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }

  /** Of what {@link write} returned, by the same version. */
  static read(text: string): CampaignCenter {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const length = (bytes.length - 4) >> 3;
    return new CampaignCenter(
      view.getUint32(0),
      Uint32Array.from({ length }, (_, at) => view.getUint32(4 + 8 * at)),
      Uint32Array.from({ length }, (_, at) => view.getUint32(8 + 8 * at)),
    );
  }

  /** 0 for a pair that it does not have. */
  #countOf(pair: number): number {
    let [from, to] = [0, this.#pairs.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#pairs[middle]! < pair) from = middle + 1;
      else to = middle;
    }
    return this.#pairs[from] === pair ? this.#counts[from]! : 0;
  }

  #shrink(): void {
    if (this.#pairs.length <= MAX_CENTER_PAIRS) return;
    const order = Array.from(this.#pairs.keys());
    order.sort(
      (a, b) => this.#counts[b]! - this.#counts[a]! || rank(this.#pairs[a]!) - rank(this.#pairs[b]!),
    );
    const left = order.slice(0, MAX_CENTER_PAIRS).sort((a, b) => a - b);
    const [pairs, counts] = [this.#pairs, this.#counts];
    this.#pairs = Uint32Array.from(left, (at) => pairs[at]!);
    this.#counts = Uint32Array.from(left, (at) => counts[at]!);
  }
}

/** `count`: members that have the pair; the message that is compared makes it one more. */
export function weightOf(count: number, everyday: number): number {
  if (everyday >= EVERYDAY_SHARE) return 0;
  const weight = Math.log((count + 1) / (REFERENCE_MESSAGES * everyday));
  return Math.min(MAX_WEIGHT, Math.max(0, weight));
}
