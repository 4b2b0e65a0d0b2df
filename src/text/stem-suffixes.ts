import { codeAt } from './character-kinds.ts';
/** Suffixes to look for at the end of a word, each with what it stands for. */
export type Suffixes<T> = ReadonlyMap<number, readonly (readonly [suffix: string, meaning: T])[]>;

/** Sorted by last code unit, the longest first, so that a word is compared with few of them. */
export function suffixesOf<T>(meanings: Readonly<Record<string, T>>): Suffixes<T> {
  const found = new Map<number, (readonly [string, T])[]>();
  for (const [suffix, meaning] of Object.entries(meanings)) {
    const last = codeAt(suffix, suffix.length - 1);
    found.set(last, [...(found.get(last) ?? []), [suffix, meaning]]);
  }
  for (const list of found.values()) list.sort(([one], [other]) => other.length - one.length);
  return found;
}

/** The longest of the suffixes with which `word` ends; undefined where it ends with none. */
export function longestSuffix<T>(
  word: string,
  suffixes: Suffixes<T>,
): readonly [suffix: string, meaning: T] | undefined {
  const list = suffixes.get(codeAt(word, word.length - 1));
  if (list === undefined) return undefined;
  for (const found of list) if (endsWith(word, word.length, found[0])) return found;
  return undefined;
}

/** Whether the code units before `end` are `suffix`. */
export function endsWith(word: string, end: number, suffix: string): boolean {
  let at = end;
  if (at < suffix.length) return false;
  for (let i = suffix.length - 1; i >= 0; i--) if (codeAt(word, --at) !== suffix.charCodeAt(i)) return false;
  return true;
}

/** Code units as a table: 1 for those in `characters`, which are below U+0100. */
export function characterSet(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < characters.length; i++) set[characters.charCodeAt(i)] = 1;
  return set;
}

/** Whether the code unit at `i` is in the set. */
export function isIn(set: Uint8Array, word: string, i: number): boolean {
  const code = codeAt(word, i);
  return code < 256 && set[code] === 1;
}

/** Behind the first code unit outside of the set that follows one within it, from `from` on; the word's length where there is none. */
export function afterSyllable(vowels: Uint8Array, word: string, from: number): number {
  let i = from;
  while (i < word.length && !isIn(vowels, word, i)) i++;
  while (i < word.length && isIn(vowels, word, i)) i++;
  return Math.min(i + 1, word.length);
}
