import { confusableWords } from './confusable-words.ts';
import { knownWords } from './known-words.ts';
import { spamWordRanks } from './spam-words.ts';

const UNRANKED = 100_000;
/** A word without so many letters may stand for several. */
const SHORTEST_SURE = 5;

/** Known words by the letters that are left of them, without vowels or without repetitions. */
interface Skeletons {
  readonly byConsonants: ReadonlyMap<string, string>;
  readonly bySingleLetters: ReadonlyMap<string, readonly string[]>;
}

let skeletons: Skeletons | null = null;

function buildSkeletons(): Skeletons {
  const byConsonants = new Map<string, string>();
  const bySingleLetters = new Map<string, string[]>();
  for (const word of knownWords) {
    const consonants = withoutVowels(word);
    for (const key of /^[aeiouäöü]/.test(word) ? [consonants, word[0]! + consonants] : [consonants]) {
      if (key.length < 2 || key === word) continue;
      const other = byConsonants.get(key);
      if (other === undefined || rankOf(word) < rankOf(other)) byConsonants.set(key, word);
    }
    const single = singleLetters(word);
    const words = bySingleLetters.get(single);
    if (words === undefined) bySingleLetters.set(single, [word]);
    else words.push(word);
  }
  return { byConsonants, bySingleLetters };
}

/** Of spam first, by how common they are; then the shortest. */
function rankOf(word: string): number {
  return spamWordRanks.get(word) ?? UNRANKED + word.length;
}

function withoutVowels(word: string): string {
  return word.replace(/[aeiouäöü]+/g, '');
}

function singleLetters(word: string): string {
  let single = '';
  for (let i = 0; i < word.length; i++) if (word[i] !== word[i - 1]) single += word[i]!;
  return single;
}

/** What a word that lacks its vowels, but for the first letter, stands for: `prz`, `cntct`, `accnt`; `null` where it has others. */
export function readConsonants(word: string): { readonly word: string; readonly isSure: boolean } | null {
  if (word.length < 2 || hasInnerVowel(word)) return null;
  skeletons ??= buildSkeletons();
  const found = skeletons.byConsonants.get(word);
  return found === undefined ? null : { word: found, isSure: isSureOf(word, found) };
}

function isSureOf(word: string, found: string): boolean {
  const isLong =
    word.length >= SHORTEST_SURE || (word.length === SHORTEST_SURE - 1 && spamWordRanks.has(found));
  return isLong && !confusableWords.has(word);
}

function hasInnerVowel(word: string): boolean {
  for (let i = 1; i < word.length; i++) {
    switch (word.charCodeAt(i)) {
      case 97:
      case 101:
      case 105:
      case 111:
      case 117:
      case 228:
      case 246:
      case 252:
        return true;
    }
  }
  return false;
}

/**
 * The known word that repeated letters hide: `freeeee`, `wiiin`, `coongraatuulaatiioons`. `isSure`: a letter stands three times in a row,
 * or one twice that hardly any word has so; others, as in `calll` or `woon`, may be typos or words that are not known.
 */
export function readStretched(word: string): { readonly word: string; readonly isSure: boolean } | null {
  let isRepeated = false;
  for (let i = 1; i < word.length && !isRepeated; i++)
    isRepeated = word.charCodeAt(i) === word.charCodeAt(i - 1);
  if (!isRepeated) return null;
  const single = singleLetters(word);
  skeletons ??= buildSkeletons();
  let best = '';
  for (const candidate of skeletons.bySingleLetters.get(single) ?? [])
    if (candidate.length > best.length && isStretchOf(word, candidate)) best = candidate;
  if (best === '') return null;
  return {
    word: best,
    isSure: /(.)\1\1|aa|ii|uu|hh|jj|kk|qq|vv|ww|yy/u.test(word) && !confusableWords.has(word),
  };
}

/** Whether each letter stands in `stretched` as often in a row as in `word`, or more often; both have the same letters but for repetitions. */
function isStretchOf(stretched: string, word: string): boolean {
  let at = 0;
  for (let i = 0; i < word.length; ) {
    const letter = word[i]!;
    let times = 0;
    for (; word[i] === letter; i++) times++;
    let more = 0;
    for (; stretched[at] === letter; at++) more++;
    if (more < times) return false;
  }
  return at === stretched.length;
}
