import type { Explanation } from '../../core/explanation.ts';
import { isHidden } from '../../display/characters.ts';

/** One line of the list of reasons. */
export interface Reason {
  readonly kind: 'words' | 'feature' | 'adjustment' | 'rest' | 'prior';
  /** The words of the message, or the name of the feature or adjustment; empty for the last two kinds. */
  readonly name: string;
  /** To the log-odds; above zero towards spam. */
  readonly contribution: number;
}

/**
 * Why a message has its score, by its own words where they are known: the `most` largest, then all others in one, then what a message without
 * words has. They add up to the log-odds, as the terms do.
 */
export function reasonsOf(message: string, explanation: Explanation, most = 7): Reason[] {
  const words = new Map<string, number>();
  for (const { start, end, contribution } of explanation.highlights) {
    const name = readable(message.slice(start, end));
    words.set(name, (words.get(name) ?? 0) + contribution);
  }
  const all: Reason[] = [...words].map(([name, contribution]) => ({ kind: 'words', name, contribution }));
  for (const { feature, kind, contribution, spans } of explanation.terms)
    if (spans.length === 0 && kind !== 'rest')
      all.push({ kind: kind === 'adjustment' ? kind : 'feature', name: feature, contribution });
  const size = ({ contribution }: Reason) => Math.abs(contribution);
  const shown = all
    .filter((reason) => size(reason) >= 0.005)
    .sort((one, other) => size(other) - size(one))
    .slice(0, most);
  const sum = shown.reduce((total, { contribution }) => total + contribution, 0);
  const rest = explanation.logOdds - explanation.prior - sum;
  return [
    ...shown,
    ...(Math.abs(rest) < 0.005 ? [] : [{ kind: 'rest', name: '', contribution: rest } as const]),
    { kind: 'prior', name: '', contribution: explanation.prior },
  ];
}

/** A word without what is hidden in it, in lower case, cut where it is very long. */
function readable(word: string): string {
  const characters = [...word].filter((character) => !isHidden(character));
  const text = characters.slice(0, 40).join('').replace(/\s+/g, ' ').trim().toLowerCase();
  return characters.length > 40 ? `${text}…` : text;
}

/** Words that were read as others than were sent. */
export interface Rereading {
  readonly start: number;
  readonly end: number;
  /** As it was read. */
  readonly read: string;
  readonly kinds: readonly string[];
  /** Of hidden characters and look-alikes, each once. */
  readonly codePoints: readonly string[];
}

/** Letters that look as others do, or like nothing. */
const namedKinds = new Set(['look-alike', 'invisible', 'control', 'styled', 'marks']);

/** What was deobfuscated, by whole words of the message; how a text was normalized for reading is left out. */
export function rereadings(message: string, explanation: Pick<Explanation, 'deobfuscated'>): Rereading[] {
  const edits = explanation.deobfuscated.filter(({ kind }) => kind !== 'normalized' && kind !== 'cut');
  const found: { start: number; end: number; edits: typeof edits }[] = [];
  for (const edit of edits) {
    const { start, end } = wordAround(message, edit.start, edit.end);
    const last = found.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else found.push({ start, end, edits: [edit] });
  }
  return found.map(({ start, end, edits: ofWord }) => ({
    start,
    end,
    read: applied(message, start, end, ofWord).replace(/\s+/g, ' ').trim(),
    kinds: [...new Set(ofWord.map(({ kind }) => kind))],
    codePoints: [
      ...new Set(ofWord.flatMap(({ kind, codePoints }) => (namedKinds.has(kind) ? codePoints : []))),
    ].slice(0, 12),
  }));
}

/** Whether the end of the message was not read. */
export function isCut({ deobfuscated }: Pick<Explanation, 'deobfuscated'>): boolean {
  return deobfuscated.some(({ kind }) => kind === 'cut');
}

const WORD_LIMIT = 60;

function wordAround(message: string, from: number, to: number): { start: number; end: number } {
  let start = from;
  let end = to;
  while (start > 0 && from - start < WORD_LIMIT && !/\s/.test(message[start - 1]!)) start--;
  while (end < message.length && end - to < WORD_LIMIT && !/\s/.test(message[end]!)) end++;
  // The punctuation of the sentence is no part of the word.
  while (end > to && /[.,;:!?)]/.test(message[end - 1]!)) end--;
  return { start, end };
}

function applied(
  message: string,
  start: number,
  end: number,
  edits: readonly { readonly start: number; readonly end: number; readonly to: string }[],
): string {
  let read = '';
  let at = start;
  for (const edit of edits) {
    read += message.slice(at, Math.max(at, edit.start)) + edit.to;
    at = Math.max(at, edit.end);
  }
  return read + message.slice(at, end);
}
