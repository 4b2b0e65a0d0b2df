import { isWordInTrie, lettersAfter, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { LONGEST_KNOWN_WORD } from './known-words.ts';
import { ONE_SPACE, SIGNS, type WordToken } from './read-words.ts';
import { spamWordRanks } from './spam-words.ts';
import { KNOWN, LETTER, mayBePieces } from './word-facts.ts';
import { type Work, workOf } from './work.ts';

/** Pieces of one word, from token `first` to token `last`. */
export interface JoinedPieces {
  readonly first: number;
  readonly last: number;
  /** What the signs between them stand for. */
  readonly hidden: string;
}

// The cost of reading one token or several as one word; the cheapest way to read all is taken.
const KNOWN_COST = 10;
const LETTER_COST = 14;
const READABLE_COST = 12;
const UNKNOWN_COST = 30;
const JOINED_COST = 12;
const HIDDEN_COST = 14;
/** Of pieces that are words themselves. */
const WORDS_COST = 15;

/** So many words put together from pieces are evidence that others, whose pieces are known words, were taken apart as well. */
const EVIDENT = 2;
/** Of a word with spaces inside, where nothing else is evidence. */
const SHORTEST_SPACED = 4;

/**
 * Finds the known words that pieces of the text are, in ascending order: neighbors with one space between, or with signs. At least one
 * piece is no known word, or all are single letters; where there is evidence, all may be known.
 */
export function joinPieces(text: string, tokens: readonly WordToken[], work: Work): readonly JoinedPieces[] {
  const joined: JoinedPieces[] = [];
  let first = 0;
  for (let k = 1; k <= tokens.length; k++) {
    if (k < tokens.length && tokens[k]!.gap !== 0) continue;
    if (k - first > 1) joined.push(...joinRun(text, tokens, first, k, false, work));
    first = k;
  }
  if (joined.length < EVIDENT) return joined;
  joined.length = 0;
  first = 0;
  for (let k = 1; k <= tokens.length; k++) {
    if (k < tokens.length && tokens[k]!.gap !== 0) continue;
    if (k - first > 1) joined.push(...joinRun(text, tokens, first, k, true, work));
    first = k;
  }
  return joined;
}

function joinRun(
  text: string,
  tokens: readonly WordToken[],
  from: number,
  to: number,
  evident: boolean,
  work: Work,
): readonly JoinedPieces[] {
  const size = to - from;
  const costs = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  const starts = new Int32Array(size + 1);
  const hiddenOf: string[] = new Array<string>(size + 1).fill('');
  costs[0] = 0;
  const reach = (start: number, end: number, cost: number, hidden: string) => {
    if (costs[start]! + cost >= costs[end]!) return;
    costs[end] = costs[start]! + cost;
    starts[end] = start;
    hiddenOf[end] = hidden;
  };
  for (let at = 0; at < size; at++) {
    reach(at, at + 1, costOfToken(tokens[from + at]!), '');
    if (!work.spend(workOf.piece)) return [];
    const last = Math.min(size, at + LONGEST_KNOWN_WORD);
    const join = new Join(tokens[from + at]!);
    for (let next = at + 1; next < last && join.add(tokens[from + next]!); next++) {
      const cost = join.cost(evident);
      if (cost > 0) reach(at, next + 1, cost, '');
    }
    if (at + 1 >= size) continue;
    const hidden = hiddenLetters(text, tokens[from + at]!, tokens[from + at + 1]!, evident, work);
    if (hidden !== '') reach(at, at + 2, HIDDEN_COST, hidden);
  }
  const found: JoinedPieces[] = [];
  for (let end = size; end > 0; end = starts[end]!)
    if (end - starts[end]! > 1)
      found.push({ first: from + starts[end]!, last: from + end - 1, hidden: hiddenOf[end]! });
  return found.reverse();
}

function costOfToken({ facts, reading }: WordToken): number {
  if ((facts & LETTER) !== 0) return LETTER_COST;
  if ((facts & KNOWN) !== 0 || facts === 0) return KNOWN_COST;
  return reading?.isSure ? READABLE_COST : UNKNOWN_COST;
}

/** Tokens that are read together, as far as they are the beginning of a known word. */
class Join {
  #node = TRIE_ROOT;
  #tokens = 0;
  #unknown = 0;
  #letters = 0;
  #size = 0;
  #gap = 0;
  /** Whether two neighbors may be pieces; without them nothing is joined, however many others are. */
  #mayBePieces = false;
  #before = 0;

  constructor(token: WordToken) {
    this.#read(token);
  }

  /** Whether known words go on so. */
  add(token: WordToken): boolean {
    if (this.#node === NO_NODE || token.facts === 0) return false;
    if (this.#tokens > 1 && token.gap !== this.#gap) return false;
    this.#gap = token.gap;
    if (mayBePieces(this.#before, token.facts)) this.#mayBePieces = true;
    this.#read(token);
    return this.#node !== NO_NODE;
  }

  /** 0 where the tokens are no word together. */
  cost(evident: boolean): number {
    if (!isWordInTrie(this.#node)) return 0;
    const areLetters = this.#letters === this.#tokens;
    if (this.#gap === SIGNS) {
      if ((this.#unknown > 0 && this.#mayBePieces) || (areLetters && this.#tokens > 2)) return JOINED_COST;
    } else if (this.#tokens === 2 && this.#unknown > 0 && this.#mayBePieces && this.#size >= SHORTEST_SPACED)
      return JOINED_COST;
    if (!evident || (areLetters && this.#gap === ONE_SPACE)) return 0;
    return this.#unknown > 0 ? JOINED_COST : WORDS_COST;
  }

  #read({ word, facts }: WordToken): void {
    this.#tokens++;
    this.#size += word.length;
    this.#before = facts;
    if (facts === 0) this.#node = NO_NODE;
    if ((facts & LETTER) !== 0) this.#letters++;
    else if ((facts & KNOWN) === 0) this.#unknown++;
    for (let i = 0; i < word.length && this.#node !== NO_NODE; i++)
      this.#node = stepInTrie(this.#node, word.charCodeAt(i));
  }
}

/** `pr*ze`, `f**e`: the letters that one sign or two stand for; empty where no known word comes of them, or more than one that is no spam. */
function hiddenLetters(text: string, one: WordToken, other: WordToken, evident: boolean, work: Work): string {
  if (other.gap !== SIGNS || one.facts === 0 || other.facts === 0 || (one.facts & other.facts & KNOWN) !== 0) return '';
  const signs = text.slice(one.end, other.start);
  if (!/^(?:\*{1,2}|#|_|\?|•|\.)$/.test(signs)) return '';
  if (!mayBePieces(one.facts, other.facts)) return '';
  const size = one.word.length + signs.length + other.word.length;
  if (size < (evident ? 3 : 4) || size > LONGEST_KNOWN_WORD || !work.spend(workOf.hiddenLetter)) return '';
  let node = TRIE_ROOT;
  for (let i = 0; i < one.word.length && node !== NO_NODE; i++) node = stepInTrie(node, one.word.charCodeAt(i));
  if (node === NO_NODE) return '';
  const found: string[] = [];
  const walk = (at: number, left: number, letters: string) => {
    if (left > 0) {
      for (const code of lettersAfter(at)) walk(stepInTrie(at, code), left - 1, letters + String.fromCharCode(code));
      return;
    }
    let end = at;
    for (let i = 0; i < other.word.length && end !== NO_NODE; i++) end = stepInTrie(end, other.word.charCodeAt(i));
    if (end !== NO_NODE && isWordInTrie(end)) found.push(letters);
  };
  walk(node, signs.length, '');
  if (found.length === 1) return found[0]!;
  const rankOf = (letters: string) => spamWordRanks.get(one.word + letters + other.word) ?? Number.POSITIVE_INFINITY;
  const best = found.sort((a, b) => rankOf(a) - rankOf(b))[0];
  return best !== undefined && Number.isFinite(rankOf(best)) ? best : '';
}
