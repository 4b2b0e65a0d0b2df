import { codePointName, hiddenName, isHidden, isMark, MOST_MARKS } from './characters.ts';
import { defanged, linksIn } from './links.ts';

/** How strongly a word speaks for spam (above 0) or against it (below 0): 3, 2, 1, or 0 for not worth marking. */
export type Level = -3 | -2 | -1 | 0 | 1 | 2 | 3;

/** A run of the message that is drawn in one way. */
export interface Segment {
  /** What is drawn. Of a link it is defanged; of a chip it is the name. */
  readonly text: string;
  readonly kind: 'text' | 'hidden' | 'marks' | 'link';
  readonly level: Level;
  /** Whether it was read as something else: a look-alike, for instance. */
  readonly reread: boolean;
  /** Of a chip: what it stands for, `U+200B` or `U+200B ×3`. */
  readonly title?: string;
}

export interface Evidence {
  readonly highlights: readonly {
    readonly start: number;
    readonly end: number;
    readonly contribution: number;
  }[];
  readonly deobfuscated: readonly { readonly start: number; readonly end: number; readonly kind: string }[];
}

export const noEvidence: Evidence = { highlights: [], deobfuscated: [] };

/** The log-odds that are marked as strong even if nothing else in the message is stronger. */
const STRONG = 1;
const shares = [0.6, 0.3, 0.08] as const;

/** Part of the strongest contribution, so that each message shows what decided it; of a weak one nothing is marked as strong. */
export function levelOf(contribution: number, strongest: number): Level {
  const share = Math.abs(contribution) / Math.max(strongest, STRONG);
  const size = share >= shares[0] ? 3 : share >= shares[1] ? 2 : share >= shares[2] ? 1 : 0;
  return (contribution < 0 && size > 0 ? -size : size) as Level;
}

/** What changes a letter that a reader sees; other kinds are of how words are parted, and would underline whole sentences. */
const seenKinds = new Set(['look-alike', 'styled', 'leet', 'marks', 'reversed', 'respelled', 'escaped']);

/**
 * The code units [from, to) of a message as runs to draw. Their texts are the message's own, apart from what is hidden, which becomes
 * chips, more marks on a letter than {@link MOST_MARKS}, which are counted, and links, which are defanged.
 */
export function segmentsOf(message: string, evidence: Evidence, from = 0, to = message.length): Segment[] {
  const paint = paintOf(message, evidence, from, to);
  const found: Segment[] = [];
  const push = (segment: Segment) => {
    const last = found.at(-1);
    if (last !== undefined && joins(last, segment))
      found[found.length - 1] = { ...last, text: last.text + segment.text };
    else found.push(segment);
  };
  const characters = [...message.slice(from, to)];
  let at = 0;
  let before = '';
  for (let i = 0; i < characters.length; ) {
    const character = characters[i]!;
    const look = { level: paint.level(at), reread: paint.reread(at) };
    let count = 1;
    if (isHidden(character, before, characters[i + 1])) {
      while (characters[i + count] === character) count++;
      push(chip('hidden', character, count, look));
    } else if (isMark(character)) {
      while (i + count < characters.length && isMark(characters[i + count]!)) count++;
      push({ ...look, text: characters.slice(i, i + Math.min(count, MOST_MARKS)).join(''), kind: 'text' });
      if (count > MOST_MARKS)
        push({ ...look, text: `+${count - MOST_MARKS}`, kind: 'marks', title: `${count} combining marks` });
    } else push({ ...look, text: character, kind: paint.isLink(at) ? 'link' : 'text' });
    for (let k = i; k < i + count; k++) at += characters[k]!.length;
    i += count;
    before = character;
  }
  return found.map((segment) =>
    segment.kind === 'link' ? { ...segment, text: defanged(segment.text) } : segment,
  );
}

function joins(one: Segment, other: Segment): boolean {
  const isDrawn = one.kind === 'text' || one.kind === 'link';
  return isDrawn && one.kind === other.kind && one.level === other.level && one.reread === other.reread;
}

function chip(
  kind: 'hidden',
  character: string,
  count: number,
  look: Pick<Segment, 'level' | 'reread'>,
): Segment {
  const codePoint = character.codePointAt(0)!;
  const times = count === 1 ? '' : `×${count}`;
  return {
    ...look,
    kind,
    text: hiddenName(codePoint) + times,
    title: `${codePointName(codePoint)}${times === '' ? '' : ` ${times}`}`,
  };
}

/** Per code unit from `from` on: how strong, whether read as something else, whether of a link. */
function paintOf(message: string, { highlights, deobfuscated }: Evidence, from: number, to: number) {
  const levels = new Int8Array(to - from);
  const reread = new Uint8Array(to - from);
  const links = new Uint8Array(to - from);
  const strongest = Math.max(0, ...highlights.map(({ contribution }) => Math.abs(contribution)));
  for (const { start, end, contribution } of highlights)
    levels.fill(levelOf(contribution, strongest), Math.max(0, start - from), Math.max(0, end - from));
  for (const { start, end, kind } of deobfuscated)
    if (seenKinds.has(kind)) reread.fill(1, Math.max(0, start - from), Math.max(0, end - from));
  for (const { start, end } of linksIn(message.slice(from, to))) links.fill(1, start, end);
  return {
    level: (at: number) => (levels[at] ?? 0) as Level,
    reread: (at: number) => reread[at] === 1,
    isLink: (at: number) => links[at] === 1,
  };
}
