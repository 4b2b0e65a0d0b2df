import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { LONGEST_KNOWN_WORD } from './known-words.ts';
import { spamWordRanks } from './spam-words.ts';

/** What a letter of another alphabet may stand for, by its sound or by its shape; the likeliest first. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  а: ['a'],
  б: ['b', 'g'],
  в: ['v', 'w', 'b'],
  г: ['g', 'h', 'r'],
  д: ['d'],
  е: ['e', 'ye', 'ie'],
  ё: ['e', 'yo'],
  ж: ['j', 'zh', 'g', 'x'],
  з: ['z', 's'],
  и: ['i', 'e', 'y', 'n', 'u'],
  й: ['y', 'i', 'j', 'u'],
  к: ['k', 'c', 'ck', 'q'],
  л: ['l', 'll'],
  м: ['m'],
  н: ['n', 'h'],
  о: ['o'],
  п: ['p', 'n'],
  р: ['r', 'p'],
  с: ['s', 'c', 'ss'],
  т: ['t', 'tt'],
  у: ['u', 'y', 'w', 'oo'],
  ф: ['f', 'ph'],
  х: ['h', 'x', 'ch'],
  ц: ['c', 'ts', 'z', 'u'],
  ч: ['ch', 'tsch', 'y'],
  ш: ['sh', 'w', 'sch'],
  щ: ['w', 'sh'],
  ы: ['y', 'i'],
  ь: ['', 'b'],
  ъ: ['', 'b'],
  э: ['e'],
  ю: ['yu', 'u'],
  я: ['ya', 'r', 'ja'],
  і: ['i'],
  ї: ['i'],
  ј: ['j'],
  є: ['e'],
  ґ: ['g'],
  ў: ['w', 'u'],
  ѕ: ['s'],
  α: ['a'],
  β: ['b', 'v'],
  γ: ['g', 'y'],
  δ: ['d'],
  ε: ['e'],
  ζ: ['z'],
  η: ['n', 'i', 'h'],
  θ: ['th', 'o'],
  ι: ['i'],
  κ: ['k', 'c', 'ck'],
  λ: ['l', 'll'],
  μ: ['m', 'u'],
  ν: ['v', 'n'],
  ξ: ['x', 'e'],
  ο: ['o'],
  π: ['p', 'n'],
  ρ: ['r', 'p'],
  σ: ['s', 'o'],
  ς: ['s'],
  τ: ['t', 'tt'],
  υ: ['u', 'y'],
  φ: ['f', 'ph'],
  χ: ['ch', 'x', 'h'],
  ψ: ['ps', 'w'],
  ω: ['o', 'w'],
};

/** Readings that are followed at the same time. */
const MOST_READINGS = 24;

/** Whether the code unit is a letter of an alphabet that words may be spelled in. */
export function isForeignLetter(code: number): boolean {
  return code >= 0x391 && code <= 0x45f;
}

/** The known word that `word`, in lower case and in Cyrillic or Greek letters, spells by sound or by shape; `null` where none. */
export function readForeignSpelling(word: string): string | null {
  if (word.length < 2 || word.length > LONGEST_KNOWN_WORD) return null;
  let readings: { readonly node: number; readonly read: string }[] = [{ node: TRIE_ROOT, read: '' }];
  for (const letter of word) {
    const next: typeof readings = [];
    for (const spelling of spellings[letter] ?? [])
      for (const { node, read } of readings) {
        if (next.length >= MOST_READINGS) break;
        let to = node;
        for (let i = 0; i < spelling.length && to !== NO_NODE; i++)
          to = stepInTrie(to, spelling.charCodeAt(i));
        if (to !== NO_NODE) next.push({ node: to, read: read + spelling });
      }
    if (next.length === 0) return null;
    readings = next;
  }
  let best: string | null = null;
  for (const { node, read } of readings)
    if (isWordInTrie(node) && (best === null || rankOf(read) < rankOf(best))) best = read;
  return best;
}

function rankOf(word: string): number {
  return spamWordRanks.get(word) ?? Number.MAX_SAFE_INTEGER;
}
