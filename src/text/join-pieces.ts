import { isWordInTrie, lettersAfter, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { spamWordRanks } from './spam-words.ts';
import { KNOWN, LETTER, mayBePieces } from './word-facts.ts';
import { SHORTEST_SPACED } from './word-list.ts';
import { APART, ONE_SPACE, SIGNS, STOP, type WordToken } from './word-token.ts';
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
const HIDDEN_COST = 11;
/** Of pieces that are words themselves. */
const WORDS_COST = 15;

/** So many words put together from pieces are evidence that others, whose pieces are known words, were taken apart as well. */
const EVIDENT = 2;
/** Of a word that two words with a space between make, where there is evidence. */
const SHORTEST_OF_WORDS = 5;

/**
 * Finds the known words that pieces of the text are, in ascending order: neighbors with one space between, or with signs. At least one
 * piece is no known word, or all are single letters; where there is evidence, all may be known.
 */
export function joinPieces(text: string, tokens: readonly WordToken[], work: Work): readonly JoinedPieces[] {
  const joined = joinRuns(text, tokens, NO_EVIDENCE, work);
  const signs = joined.filter(({ last }) => tokens[last]!.gap !== ONE_SPACE).length;
  const evidence = { signs: signs >= EVIDENT, spaces: joined.length - signs >= EVIDENT };
  if (!evidence.signs && !evidence.spaces) return joined;
  const more = joinRuns(text, tokens, evidence, work);
  return evidence.signs ? joinGroups(text, tokens, more) : more;
}

/** Whether enough words were put together that had signs inside, or spaces. */
interface Evidence {
  readonly signs: boolean;
  readonly spaces: boolean;
}
const NO_EVIDENCE: Evidence = { signs: false, spaces: false };

function joinRuns(
  text: string,
  tokens: readonly WordToken[],
  evidence: Evidence,
  work: Work,
): readonly JoinedPieces[] {
  const joined: JoinedPieces[] = [];
  let first = 0;
  let isLikely = false;
  for (let k = 1; k <= tokens.length; k++) {
    if (k < tokens.length && tokens[k]!.gap !== APART) {
      isLikely ||= isPair(tokens[k - 1]!, tokens[k]!, evidence);
      continue;
    }
    if (isLikely) joined.push(...joinRun(text, tokens, first, k, evidence, work));
    first = k;
    isLikely = false;
  }
  return joined;
}

/** Whether two neighbors may be pieces of one word; where none may, there is nothing to join. */
function isPair(one: WordToken, other: WordToken, evidence: Evidence): boolean {
  if (one.facts === 0 || other.facts === 0) return false;
  if (other.gap !== ONE_SPACE) return true;
  return evidence.spaces || mayBePieces(one.facts, other.facts);
}

/** Where many words had signs inside, all that the same sign holds together and that is not known words, is one word: `Kaz-oo`, `k=a=z=o=o`. */
function joinGroups(
  text: string,
  tokens: readonly WordToken[],
  joined: readonly JoinedPieces[],
): readonly JoinedPieces[] {
  const all: JoinedPieces[] = [];
  let next = 0;
  for (let first = 0; first < tokens.length; ) {
    let last = first;
    while (
      last + 1 < tokens.length &&
      tokens[last + 1]!.gap >= SIGNS &&
      isSameSign(text, tokens, first, last)
    )
      last++;
    const known: JoinedPieces[] = [];
    for (; next < joined.length && joined[next]!.first <= last; next++) known.push(joined[next]!);
    const isWithin = known.every((join) => join.first >= first && join.last <= last);
    const left = tokens.slice(first, last + 1).filter((_, i) => !known.some((join) => isIn(join, first + i)));
    const isWord = last > first && isWithin && left.length > 0 && left.every(({ facts }) => facts !== 0);
    if (
      isWord &&
      (left.some(({ facts }) => (facts & KNOWN) === 0) || left.every(({ facts }) => (facts & LETTER) !== 0))
    )
      all.push({ first, last, hidden: '' });
    else all.push(...known);
    first = Math.max(last, known.at(-1)?.last ?? last) + 1;
  }
  return all;
}

function isIn(join: JoinedPieces, k: number): boolean {
  return join.first <= k && k <= join.last;
}

/** Whether what follows token `last` is the sign that follows token `first`. */
function isSameSign(text: string, tokens: readonly WordToken[], first: number, last: number): boolean {
  const sign = text.slice(tokens[first]!.end, tokens[first + 1]!.start);
  return text.slice(tokens[last]!.end, tokens[last + 1]!.start) === sign;
}

function joinRun(
  text: string,
  tokens: readonly WordToken[],
  from: number,
  to: number,
  evidence: Evidence,
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
    if (!work.spend(workOf.piece)) continue;
    const last = Math.min(size, at + LONGEST_KNOWN_WORD);
    const join = new Join(tokens[from + at]!);
    for (let next = at + 1; next < last && join.add(tokens[from + next]!); next++) {
      const cost = join.cost(evidence);
      if (cost > 0) reach(at, next + 1, cost, '');
    }
    if (at + 1 >= size) continue;
    const hidden = hiddenLetters(text, tokens[from + at]!, tokens[from + at + 1]!, evidence.signs, work);
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
  cost(evidence: Evidence): number {
    if (!isWordInTrie(this.#node)) return 0;
    const areLetters = this.#letters === this.#tokens;
    const isStop = this.#gap === STOP;
    // `U.S.A.`, `i.ll`
    if (isStop && (areLetters || this.#size < SHORTEST_SPACED)) return 0;
    if (this.#gap !== ONE_SPACE) {
      if ((this.#unknown > 0 && this.#mayBePieces) || (areLetters && this.#tokens > 2)) return JOINED_COST;
    } else if (this.#tokens === 2 && this.#unknown > 0 && this.#mayBePieces && this.#size >= SHORTEST_SPACED)
      return JOINED_COST;
    if (
      this.#gap !== ONE_SPACE
        ? !evidence.signs
        : !evidence.spaces || areLetters || this.#size < SHORTEST_OF_WORDS
    )
      return 0;
    return this.#unknown > 0 ? JOINED_COST : WORDS_COST;
  }

  #read({ word, facts }: WordToken): void {
    this.#tokens++;
    this.#size += word.length;
    this.#before = facts;
    if (facts === 0) this.#node = NO_NODE;
    if ((facts & LETTER) !== 0) this.#letters++;
    else if ((facts & KNOWN) === 0) this.#unknown++;
    if (this.#node !== NO_NODE) this.#node = stepThrough(this.#node, word);
  }
}

/**
 * `pr*ze`, `f**e`: the letters that one sign or two stand for; empty where no known word comes of them, several that are no spam, or one
 * that is rarer than what the pieces make without.
 */
function hiddenLetters(text: string, one: WordToken, other: WordToken, evident: boolean, work: Work): string {
  if (other.gap !== SIGNS || one.facts === 0 || other.facts === 0) return '';
  const signs = text.slice(one.end, other.start);
  if (!/^(?:\*{1,2}|#|_|•)$/.test(signs)) return '';
  const areKnown = (one.facts & other.facts & KNOWN) !== 0;
  const isStarred = signs[0] === '*' && (evident || ((one.facts | other.facts) & LETTER) !== 0);
  if (areKnown ? !isStarred : !mayBePieces(one.facts, other.facts)) return '';
  const size = one.word.length + signs.length + other.word.length;
  if (size < (evident ? 3 : 4) || size > LONGEST_KNOWN_WORD) return '';
  if (!work.spend(signs.length === 1 ? workOf.hiddenLetter : workOf.hiddenLetters)) return '';
  const found = lettersBetween(one.word, signs.length, other.word);
  if (found.length === 0) return '';
  const rankOf = (letters: string) => rankOfWord(one.word + letters + other.word);
  const best = found.sort((a, b) => rankOf(a) - rankOf(b))[0]!;
  if (found.length > 1 && !Number.isFinite(rankOf(best))) return '';
  if (rankOf('') <= rankOf(best) && isKnownWord(one.word + other.word)) return '';
  const isCapital = /\p{Lu}/u.test(text[one.end - 1]!) && /\p{Lu}/u.test(text[other.start]!);
  return isCapital ? best.toUpperCase() : best;
}

function rankOfWord(word: string): number {
  return spamWordRanks.get(word) ?? Number.POSITIVE_INFINITY;
}

/** What `count` letters make a known word of `before` and `after`. */
function lettersBetween(before: string, count: number, after: string): string[] {
  const found: string[] = [];
  const walk = (node: number, left: number, letters: string) => {
    if (left > 0) {
      for (const code of lettersAfter(node))
        walk(stepInTrie(node, code), left - 1, letters + String.fromCharCode(code));
      return;
    }
    const end = stepThrough(node, after);
    if (end !== NO_NODE && isWordInTrie(end)) found.push(letters);
  };
  const node = stepThrough(TRIE_ROOT, before);
  if (node !== NO_NODE) walk(node, count, '');
  return found;
}

function stepThrough(from: number, word: string): number {
  let node = from;
  for (let i = 0; i < word.length && node !== NO_NODE; i++) node = stepInTrie(node, word.charCodeAt(i));
  return node;
}
