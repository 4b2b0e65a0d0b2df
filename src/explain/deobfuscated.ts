import type { Deobfuscated } from '../core/explanation.ts';
import type { Trace } from '../text/edits.ts';
import { type Obfuscation, obfuscationBit } from '../text/obfuscation.ts';
import type { PreparedText } from '../text/prepared-text.ts';

const MOST_CODE_POINTS = 32;

/**
 * What the text stages read differently from what was sent, in the order of the message: each replaced, moved, inserted or omitted range. Neighbors
 * of one kind are one entry. Upper and lower case are as sent in both.
 */
export function deobfuscatedIn(
  message: string,
  { text, undone, isTruncated }: PreparedText,
  trace: Trace,
): Deobfuscated[] {
  const found: Change[] = [];
  const add = (start: number, end: number, to: string) => {
    const from = message.slice(start, end);
    if (from === to) return;
    // A letter with what was hidden behind it is one block: only what differs is of interest.
    const before = commonStart(from, to);
    const after = commonStart(reverse(from.slice(before)), reverse(to.slice(before)));
    addChange(start + before, end - after, to.slice(before, to.length - after));
  };
  const addChange = (start: number, end: number, to: string) => {
    const from = message.slice(start, end);
    const kind = kindOf(from, to, undone, isTruncated);
    const last = found.at(-1);
    if (from === to) return;
    if (last?.kind === kind && last.end === start) {
      last.end = end;
      last.to += to;
    } else found.push({ start, end, to, kind });
  };
  let done = 0;
  for (const block of blocksOf(trace)) {
    if (block.start > done) add(done, block.start, '');
    add(Math.max(done, block.start), block.end, text.slice(block.from, block.to));
    done = Math.max(done, block.end);
  }
  if (done < message.length) add(done, message.length, '');
  return found.map((change) => entry(message, change));
}

function reverse(text: string): string {
  return text.split('').reverse().join('');
}

/** How many code units both begin with. */
function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

interface Change {
  readonly start: number;
  end: number;
  to: string;
  readonly kind: string;
}

function entry(message: string, { start, end, to, kind }: Change): Deobfuscated {
  const from = message.slice(start, end);
  const codePoints: string[] = [];
  for (const character of from) {
    if (codePoints.length === MOST_CODE_POINTS) break;
    codePoints.push(`U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  return { start, end, from, to, kind, codePoints };
}

/** Code units [start, end) of the message that became [from, to) of the text. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** The shortest ranges such that none of the message and none of the text crosses a border: what was moved is in one range. */
function* blocksOf({ starts, ends }: Trace): Generator<Block> {
  const size = starts.length;
  /** The lowest start of those from i on. */
  const lowest = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = size - 1; i >= 0; i--) lowest[i] = Math.min(starts[i]!, lowest[i + 1]!);
  let from = 0;
  let end = 0;
  for (let i = 0; i < size; i++) {
    end = Math.max(end, ends[i]!);
    if (lowest[i + 1]! < end) continue;
    yield { start: lowest[from]!, end, from, to: i + 1 };
    from = i + 1;
  }
}

/** In this order; each is only considered if the stages state that it was undone somewhere in the message. */
const tests: readonly (readonly [Obfuscation, (from: string, to: string) => boolean])[] = [
  [
    'reversed',
    (from, to) => from.length > 1 && [...from].reverse().join('').toLowerCase() === to.toLowerCase(),
  ],
  [
    'invisible',
    (from, to) => to === '' && /^(?!.*[\t\n\r])[\p{Cf}\p{Default_Ignorable_Code_Point}]+$/su.test(from),
  ],
  ['control', (from) => /\p{Cc}/u.test(from)],
  ['filling', (from, to) => to === '' && /^\P{L}+$/u.test(from)],
  ['escaped', (from) => /&|%[0-9a-f]{2}|=[0-9a-f]{2}|\\[ux]/i.test(from)],
  ['markup', (from) => /[<>*_~`[\]()|]/.test(from)],
  ['styled', (from, to) => from.normalize('NFKC').toLowerCase() === to.toLowerCase()],
  ['marks', (from, to) => from.normalize('NFD').replace(/\p{M}/gu, '') === to],
  ['look-alike', (from, to) => /[^\p{ASCII}]/u.test(from) && /\p{L}/u.test(to)],
  ['leet', (from, to) => /[\d\p{S}\p{P}]/u.test(from) && /\p{L}/u.test(to)],
  ['dotted', (from, to) => to === '' && /^[\p{P}\p{S}]+$/u.test(from)],
  ['spaced', (from, to) => to === '' && /^\s+$/u.test(from)],
  ['hidden-link', (from, to) => /[./:]/.test(to) || /[./:]/.test(from)],
  ['parted', (from, to) => to === '' || to === ' ' || from.length > to.length],
  ['respelled', (_, to) => to !== ''],
];

function kindOf(from: string, to: string, undone: number, isTruncated: boolean): string {
  if (from === '') return 'joined';
  const found = tests.find(([kind, test]) => (undone & obfuscationBit(kind)) !== 0 && test(from, to));
  if (found !== undefined) return found[0];
  return isTruncated && from.length > 1 && to.trim() === '' ? 'cut' : 'normalized';
}
