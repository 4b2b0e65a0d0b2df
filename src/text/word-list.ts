import { DIGIT, isLetterKind, isWordKind, LOWER, SPACE, UPPER } from './character-kinds.ts';
import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { BASE_HIGH, BASE_LOW } from './term-hash.ts';
import {
  ALL_FACTS,
  BEGINS,
  ENDS,
  isMost,
  KNOWN,
  LETTER,
  LIKELY,
  LONGEST_FACTS,
  SURE,
  UNKNOWN,
} from './word-facts.ts';
import { FACTS_FROM, FLAGS, TONGUES_FROM, type WordForms } from './word-forms.ts';
import { NOT_LOOKED_UP } from './word-tongues.ts';

const APOSTROPHE = 39;
/** Joined words that begin with capitals have so many letters, and so many of them after the first. */
const LEAST_HUMPED = 9;
const LEAST_HUMPS = 2;
/** Between two pieces of a word stand at most so many code units. */
export const MAX_SIGNS = 4;
/** Of a word with a space inside. */
export const SHORTEST_SPACED = 4;

/**
 * The words of a text: runs of letters, digits and apostrophes between letters. Those who read them need not look for them again. One set
 * of buffers, overwritten by each `load`.
 */
export class WordList {
  /** Whether read-words.ts may read some of the words as others. */
  mayBeOthers = false;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** See term-hash.ts. */
  readonly highs: Int32Array;
  readonly lows: Int32Array;
  /** The kinds of the word's characters, or-ed. */
  readonly kinds: Uint8Array;
  /** Per word, what is known of it, see word-facts.ts; 0 where it is long or has digits. */
  readonly facts: Int32Array;
  /** Per word, a bit for each language that it speaks for; or `NOT_LOOKED_UP`. */
  readonly tongues: Int32Array;
  /** Per word, where its entry stood in `forms`; -1 where it was not looked up. */
  readonly places: Int32Array;
  /** In which the words were looked up. */
  forms: WordForms | null = null;
  readonly #watch = new PieceWatch();
  #size = 0;
  #next = 0;

  /** `most`: UTF-16 code units of a text. */
  constructor(most: number) {
    const words = (most >> 1) + 3;
    this.starts = new Int32Array(words);
    this.ends = new Int32Array(words);
    this.highs = new Int32Array(words);
    this.lows = new Int32Array(words);
    this.kinds = new Uint8Array(words);
    this.facts = new Int32Array(words);
    this.tongues = new Int32Array(words);
    this.places = new Int32Array(words);
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Of `length` code units, with a space behind them; see CharacterScan. Words are looked up in `forms`, of any language. */
  load(codes: Uint16Array, kinds: Uint8Array, length: number, forms: WordForms): void {
    const watch = this.#watch;
    this.forms = forms;
    const { starts, ends, highs, lows, tongues, places } = this;
    const { table } = forms;
    const seenKinds = this.kinds;
    watch.clear(codes, kinds);
    let size = 0;
    let before = 0;
    let beforeEnd = -MAX_SIGNS - 1;
    for (let i = 0; i < length; ) {
      if (!isWordKind(kinds[i]!)) {
        i++;
        continue;
      }
      const start = i;
      let high = 0;
      let low = 0;
      let seen = 0;
      let kind = kinds[i]!;
      for (;;) {
        seen |= kind;
        const code = codes[i]!;
        high = (Math.imul(high, BASE_HIGH) + code) | 0;
        low = (Math.imul(low, BASE_LOW) + code) | 0;
        kind = kinds[++i]!;
        if (kind >= LOWER) continue;
        if (codes[i] !== APOSTROPHE || !isLetterKind(kinds[i + 1]!)) break;
      }
      const at = size++;
      starts[at] = start;
      ends[at] = i;
      highs[at] = high;
      lows[at] = low;
      seenKinds[at] = seen;
      if (i - start > LONGEST_FACTS || (seen & DIGIT & ~LOWER) !== 0) {
        if (i - start > LONGEST_FACTS) watch.seeLong();
        before = 0;
        this.facts[at] = 0;
        tongues[at] = NOT_LOOKED_UP;
        places[at] = -1;
        continue;
      }
      const place = forms.find(high, low, codes, start, i);
      const flags = table[place + FLAGS]!;
      const facts = (flags >> FACTS_FROM) & ALL_FACTS;
      places[at] = place;
      this.facts[at] = facts;
      tongues[at] = flags >> TONGUES_FROM;
      if ((facts & (UNKNOWN | SURE)) !== 0) watch.seeUnknown(facts);
      if (seen !== LOWER && i - start >= LEAST_HUMPED) watch.seeCapitals(start, i);
      if ((facts & ENDS) !== 0 && (before & BEGINS) !== 0 && start - beforeEnd <= MAX_SIGNS) {
        const isSpace = kinds[beforeEnd] === SPACE;
        // Two known words with a space between, as most are.
        if (!isSpace || (facts & before & KNOWN) === 0)
          watch.seePair(before, facts, starts[at - 1]!, beforeEnd, start, i);
      }
      before = facts;
      beforeEnd = i;
    }
    starts[size] = length + 1;
    this.#size = size;
    this.#next = 0;
    this.mayBeOthers = watch.mayBeOthers;
  }

  /** The place of the word at `start`, which is not before that of the question before. */
  find(codes: Uint16Array, kinds: Uint8Array, start: number): number {
    while (this.starts[this.#next]! < start) this.#next++;
    if (this.starts[this.#next] === start) return this.#next;
    // Within a word, behind a number or a link.
    const spare = this.#size + 1;
    this.#read(spare, codes, kinds, start);
    return spare;
  }

  /** From now on `find` is asked from the start again. */
  rewind(): void {
    this.#next = 0;
  }

  #read(at: number, codes: Uint16Array, kinds: Uint8Array, start: number): number {
    let i = start;
    let high = 0;
    let low = 0;
    let seen = 0;
    let kind = kinds[i]!;
    for (;;) {
      seen |= kind;
      const code = codes[i]!;
      high = (Math.imul(high, BASE_HIGH) + code) | 0;
      low = (Math.imul(low, BASE_LOW) + code) | 0;
      kind = kinds[++i]!;
      if (isWordKind(kind)) continue;
      if (codes[i] !== APOSTROPHE || !isLetterKind(kinds[i + 1]!)) break;
    }
    this.starts[at] = start;
    this.ends[at] = i;
    this.highs[at] = high;
    this.lows[at] = low;
    this.kinds[at] = seen;
    this.places[at] = -1;
    return i;
  }
}

/** Looks at the words of a text for those that read-words.ts may read as others. */
class PieceWatch {
  #codes: Uint16Array = new Uint16Array(0);
  #kinds: Uint8Array = new Uint8Array(0);
  #found = false;
  #unknown = 0;
  #likely = 0;
  #letterPairs = 0;
  #piecePairs = 0;

  clear(codes: Uint16Array, kinds: Uint8Array): void {
    this.#codes = codes;
    this.#kinds = kinds;
    this.#found = false;
    this.#unknown = 0;
    this.#likely = 0;
    this.#letterPairs = 0;
    this.#piecePairs = 0;
  }

  get mayBeOthers(): boolean {
    return this.#found || isMost(this.#likely, this.#unknown);
  }

  seeLong(): void {
    this.#found = true;
  }

  seeUnknown(facts: number): void {
    if ((facts & SURE) !== 0) this.#found = true;
    if ((facts & UNKNOWN) === 0) return;
    this.#unknown++;
    if ((facts & LIKELY) !== 0) this.#likely++;
  }

  seeCapitals(start: number, end: number): void {
    this.#found ||= hasHumps(this.#kinds, start, end);
  }

  /** Two words that may be pieces of one, at [from, to) and [start, end). */
  seePair(before: number, facts: number, from: number, to: number, start: number, end: number): void {
    const areKnown = (facts & before & KNOWN) !== 0;
    if (this.#kinds[to] === SPACE) {
      if (start - to === 1 && end - start + to - from >= SHORTEST_SPACED)
        this.#found ||= this.#isKnown(from, to, start, end);
      return;
    }
    if (areKnown) {
      const isLetter = ((facts | before) & LETTER) !== 0;
      if ((facts & before & LETTER) !== 0 && ++this.#letterPairs === 2) this.#found = true;
      if (isLetter && this.#codes[to] === ASTERISK) this.#found = true;
      return;
    }
    if (++this.#piecePairs === 2) this.#found = true;
    this.#found ||= mayHideLetter(this.#codes[to]!) || this.#isKnown(from, to, start, end);
  }

  /** Whether the code units at [from, to) and [start, end) together are a known word. */
  #isKnown(from: number, to: number, start: number, end: number): boolean {
    const codes = this.#codes;
    let node = TRIE_ROOT;
    for (let i = from; i < to && node !== NO_NODE; i++) node = stepInTrie(node, codes[i]!);
    for (let i = start; i < end && node !== NO_NODE; i++) node = stepInTrie(node, codes[i]!);
    return node !== NO_NODE && isWordInTrie(node);
  }
}

/** Signs that stand for a letter: those of `pr*ze`, `pr#ze`, `pr_ze` and `pr•ze`. */
function mayHideLetter(code: number): boolean {
  return code === ASTERISK || code === 35 || code === 95 || code === 0x2022;
}

const ASTERISK = 42;

/** Whether capitals follow small letters, as where four words or more were joined. */
export function hasHumps(kinds: Uint8Array, start: number, end: number): boolean {
  if (end - start < LEAST_HUMPED || kinds[start] !== UPPER) return false;
  let humps = 0;
  for (let i = start + 1; i < end; i++) if (kinds[i] === UPPER && kinds[i + 1] === LOWER) humps++;
  return humps >= LEAST_HUMPS;
}
