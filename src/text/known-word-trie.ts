import { asciiLower } from './character-kinds.ts';
import { knownWords } from './known-words.ts';

/** The node of no letters. */
export const TRIE_ROOT = 0;
/** What `stepInTrie` returns where no known word goes on so. */
export const NO_NODE = -1;

/** Marks a node at which a word ends; the lower bits are the letters that may follow. */
const END = 1 << 30;
const MAX_LETTERS = 30;
const CAPITAL_SHARP_S = 0x1e9e;

const lowerCodes = Uint16Array.from({ length: 256 }, (_, code) => {
  const lower = String.fromCharCode(code).toLowerCase();
  return code < 128 ? asciiLower[code]! : lower.length === 1 ? lower.charCodeAt(0) : code;
});

/**
 * The known words as a tree of their letters, so that text can be compared with all of them, letter by letter, without a string being
 * made. Children of a node lie one after the other, in the order of their bits: 8 bytes a node.
 */
const { letterBits, masks, firstChildren, backwardRoot } = buildTrie([...knownWords]);
/** The node of no letters of the known words backwards. */
export const BACKWARD_ROOT: number = backwardRoot;
const allLetters = [...letterBits.keys()].filter(
  (code) => letterBits[code] !== 0 && lowerCodes[code] === code,
);

/** The node that a letter leads to from `node`, whatever its case; `NO_NODE` where no known word goes on so. */
export function stepInTrie(node: number, code: number): number {
  const bit = code < 256 ? letterBits[code]! : code === CAPITAL_SHARP_S ? letterBits[0xdf]! : 0;
  const mask = masks[node]!;
  if ((mask & bit) === 0) return NO_NODE;
  return firstChildren[node]! + bitCount(mask & (bit - 1));
}

/** Whether the letters that led to `node` are a known word. */
export function isWordInTrie(node: number): boolean {
  return (masks[node]! & END) !== 0;
}

/** Whether known words go on after the letters that led to `node`. */
export function goesOnInTrie(node: number): boolean {
  return (masks[node]! & ~END) !== 0;
}

/** The letters that may follow those that led to `node`, as code units. */
export function lettersAfter(node: number): readonly number[] {
  return allLetters.filter((code) => (masks[node]! & letterBits[code]!) !== 0);
}

/** Whether the code units [start, end) of `text` are a known word, whatever their case. */
export function isKnownWordAt(text: string, start: number, end: number): boolean {
  let node = TRIE_ROOT;
  for (let i = start; i < end; i++) {
    node = stepInTrie(node, text.charCodeAt(i));
    if (node === NO_NODE) return false;
  }
  return isWordInTrie(node);
}

/** The same of code units. */
export function isKnownWordCodes(codes: Uint16Array, start: number, end: number): boolean {
  let node = TRIE_ROOT;
  for (let i = start; i < end; i++) {
    node = stepInTrie(node, codes[i]!);
    if (node === NO_NODE) return false;
  }
  return isWordInTrie(node);
}

function bitCount(bits: number): number {
  let count = bits - ((bits >> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >> 2) & 0x33333333);
  return Math.imul((count + (count >> 4)) & 0x0f0f0f0f, 0x01010101) >> 24;
}

/** Two trees in one: that of the words, and behind it that of the words backwards. */
function buildTrie(words: readonly string[]) {
  const letters = [...new Set(words.join(''))].sort();
  if (letters.length > MAX_LETTERS)
    throw new RangeError(`${letters.length} letters; a mask has ${MAX_LETTERS}`);
  const letterBits = Int32Array.from({ length: 256 }, (_, code) => {
    const at = letters.indexOf(String.fromCharCode(lowerCodes[code]!));
    return at < 0 ? 0 : 1 << at;
  });
  const masks: number[] = [];
  const firstChildren: number[] = [];
  addTree(words, letterBits, masks, firstChildren);
  const backwardRoot = masks.length;
  addTree(words.map(backwards), letterBits, masks, firstChildren);
  return {
    letterBits,
    masks: Int32Array.from(masks),
    firstChildren: Int32Array.from(firstChildren),
    backwardRoot,
  };
}

/** Adds nodes by depth, so that the children of a node come one after the other. */
function addTree(words: readonly string[], bits: Int32Array, masks: number[], firstChildren: number[]): void {
  const sorted = [...words].sort();
  let known = masks.length + 1;
  // Words that begin alike stand side by side: a node is a range [from, to) of them.
  let level = [0, sorted.length];
  for (let depth = 0; level.length > 0; depth++) {
    const next: number[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const to = level[at + 1]!;
      let from = level[at]!;
      let mask = 0;
      firstChildren.push(known + next.length / 2);
      if (sorted[from]!.length === depth) {
        mask = END;
        from++;
      }
      while (from < to) {
        const code = sorted[from]!.charCodeAt(depth);
        let end = from + 1;
        while (end < to && sorted[end]!.charCodeAt(depth) === code) end++;
        mask |= bits[code]!;
        next.push(from, end);
        from = end;
      }
      masks.push(mask);
    }
    known += next.length / 2;
    level = next;
  }
}

function backwards(word: string): string {
  let reversed = '';
  for (let i = word.length - 1; i >= 0; i--) reversed += word[i]!;
  return reversed;
}
