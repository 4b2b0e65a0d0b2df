import type { FoundDuplicates } from '../labeling/duplicates/found-duplicates.ts';
import { keyedOf, sortByKey } from '../labeling/duplicates/radix-sort.ts';
import { UnionFind } from '../labeling/duplicates/union-find.ts';
import { mix } from '../text/similarity/mix.ts';
import { BOTH_LABELS, type RowColumns } from './row-columns.ts';

/** What becomes of a row: a part, or why it is left out. */
export const rowOutcomes = [
  'training',
  'heldOut',
  /** The same message has both labels. */
  'contradiction',
  /** Its near-duplicates are of the other part. */
  'twin-held-out',
  'twin-in-training',
  /** The same message, or a near-duplicate with the same label, is used. */
  'duplicate',
  'near-duplicate',
  /** Among the newest, that no training uses yet: see {@link DecideOptions.newestShare}. */
  'newest',
  /** More of this community and month were there than are used. */
  'sampled',
] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

export interface DecideOptions {
  readonly seed: number;
  /** Rows of one community and one month that are used at most. */
  readonly mostPerBucket: number;
  /**
   * Of the groups of near-duplicates that came after the active model, the share that no training uses yet, the newest ones: what is held out
   * of them is then later than all that is trained on. 0 for none.
   */
  readonly newestShare: number;
  /** Whether the active model's data is not older than a row: it has no time, or was there. */
  readonly isOld: (row: number) => boolean;
}

export interface DecidedRows {
  outcomeOf(row: number): RowOutcome;
  /** Keys with both labels, by their number. */
  isContradictory(key: number): boolean;
  readonly contradictions: number;
  /** Groups whose first label is later are not trained on, epoch milliseconds; null where there is no such limit. */
  readonly newestAfter: number | null;
}

const code = (outcome: RowOutcome) => rowOutcomes.indexOf(outcome);
const [TRAINING, HELD_OUT] = [code('training'), code('heldOut')];

/**
 * Decides what becomes of each labeled row. What near-duplicates connect is on one side, which the stable hash of its first row decides: rows
 * whose own hash says otherwise are left out. So a row that is held out was for testing by its own hash, as it is for ever, and a group
 * does not change its side because more rows of it come.
 */
export function decideRows(rows: RowColumns, found: FoundDuplicates, options: DecideOptions): DecidedRows {
  const outcomes = new Uint8Array(rows.count);
  const keyLabels = new Uint8Array(rows.keyCount);
  for (let row = 0; row < rows.count; row++)
    keyLabels[rows.keyOf(row)] = keyLabels[rows.keyOf(row)]! | rows.labelOf(row);
  const groups = connected(rows, found);
  for (let row = 0; row < rows.count; row++) {
    const isHeldOut = rows.isForTesting(groups.rootOf(row));
    outcomes[row] = isHeldOut ? HELD_OUT : TRAINING;
    if (keyLabels[rows.keyOf(row)] === BOTH_LABELS) outcomes[row] = code('contradiction');
    else if (rows.isForTesting(row) !== isHeldOut)
      outcomes[row] = code(isHeldOut ? 'twin-held-out' : 'twin-in-training');
  }
  removeDuplicates(rows, found, outcomes);
  const newestAfter = leaveOutNewest(rows, groups, outcomes, options);
  sample(rows, outcomes, options);
  return {
    outcomeOf: (row) => rowOutcomes[outcomes[row]!]!,
    isContradictory: (key) => keyLabels[key] === BOTH_LABELS,
    contradictions: keyLabels.reduce((sum, labels) => sum + (labels === BOTH_LABELS ? 1 : 0), 0),
    newestAfter,
  };
}

/** Sets of rows, each named by the first: near-duplicates, those with one key, and those that share a group's name. */
function connected(rows: RowColumns, found: FoundDuplicates): UnionFind {
  const groups = new UnionFind(rows.count);
  const unite = (numbers: number, numberOf: (row: number) => number) => {
    const firsts = new Int32Array(numbers).fill(-1);
    for (let row = 0; row < rows.count; row++) {
      const number = numberOf(row);
      if (number === -1) continue;
      if (firsts[number] === -1) firsts[number] = row;
      else groups.union(firsts[number]!, row);
    }
  };
  unite(rows.count, (row) => found.chainOf(row));
  unite(rows.keyCount, (row) => rows.keyOf(row));
  unite(rows.nearGroupCount, (row) => rows.nearGroupOf(row));
  return groups;
}

function isUsed(outcome: number): boolean {
  return outcome === TRAINING || outcome === HELD_OUT;
}

/** Of each message, and of each row that stays and its near-duplicates with one label, the first that is used remains. */
function removeDuplicates(rows: RowColumns, found: FoundDuplicates, outcomes: Uint8Array): void {
  const keys = new Uint8Array(rows.keyCount);
  const leaders = new Uint8Array(rows.count);
  for (let row = 0; row < rows.count; row++) {
    if (!isUsed(outcomes[row]!)) continue;
    const [key, leader, label] = [rows.keyOf(row), found.stays[row]!, rows.labelOf(row)];
    if (keys[key] === 1) outcomes[row] = code('duplicate');
    else if ((leaders[leader]! & label) !== 0) outcomes[row] = code('near-duplicate');
    keys[key] = 1;
    leaders[leader] = leaders[leader]! | label;
  }
}

/** Returns the time after which groups are new and not trained on. */
function leaveOutNewest(
  rows: RowColumns,
  groups: UnionFind,
  outcomes: Uint8Array,
  { newestShare, isOld }: DecideOptions,
): number | null {
  /** When the first label of each group was given. */
  const began = new Float64Array(rows.count).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < rows.count; row++) {
    const root = groups.rootOf(row);
    const at = isOld(row) ? undefined : rows.atOf(row);
    began[root] = Math.min(began[root]!, at ?? Number.NEGATIVE_INFINITY);
  }
  const times = began.filter((at) => Number.isFinite(at)).sort();
  const left = Math.floor(newestShare * times.length);
  if (left === 0) return null;
  const after = times[times.length - left - 1] ?? Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows.count; row++)
    if (outcomes[row] === TRAINING && began[groups.rootOf(row)]! > after) outcomes[row] = code('newest');
  return Number.isFinite(after) ? after : null;
}

/** Of a community and month with too many rows, those with the lowest hash of seed and key remain. */
function sample(rows: RowColumns, outcomes: Uint8Array, { seed, mostPerBucket }: DecideOptions): void {
  const counts = new Int32Array(rows.bucketCount);
  const isSampled = (row: number) => rows.bucketOf(row) !== -1 && isUsed(outcomes[row]!);
  for (let row = 0; row < rows.count; row++)
    if (isSampled(row)) counts[rows.bucketOf(row)] = counts[rows.bucketOf(row)]! + 1;
  const isOver = (row: number) => isSampled(row) && counts[rows.bucketOf(row)]! > mostPerBucket;
  let over = 0;
  for (let row = 0; row < rows.count; row++) if (isOver(row)) over++;
  if (over === 0) return;
  const [given, spare] = [keyedOf(over), keyedOf(over)];
  let next = 0;
  const salt = mix(seed);
  for (let row = 0; row < rows.count; row++) {
    if (!isOver(row)) continue;
    given.keys[next] = mix((rows.hashOf(row) % 2 ** 32) ^ salt);
    given.items[next++] = row;
  }
  const byHash = sortByKey(given, spare);
  for (let at = 0; at < over; at++) byHash.keys[at] = rows.bucketOf(byHash.items[at]!);
  const { items } = sortByKey(byHash, byHash === given ? spare : given);
  for (let at = 0, rank = 0; at < over; at++) {
    rank = at > 0 && rows.bucketOf(items[at]!) === rows.bucketOf(items[at - 1]!) ? rank + 1 : 0;
    if (rank >= mostPerBucket) outcomes[items[at]!] = code('sampled');
  }
}
