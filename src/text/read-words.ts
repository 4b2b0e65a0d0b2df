import { AddressScan } from './address-scan.ts';
import { BoundedCache } from './bounded-cache.ts';
import { codeAt, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import type { Edits } from './edits.ts';
import { isForeignLetter } from './foreign-spelling.ts';
import { joinPieces } from './join-pieces.ts';
import { obfuscationBit } from './obfuscation.ts';
import { spamWordRanks } from './spam-words.ts';
import { isCommonEnding } from './top-level-domains.ts';
import { isMost, isReadable, KNOWN, LIKELY, LONGEST_FACTS, UNKNOWN } from './word-facts.ts';
import { hasHumps, MAX_SIGNS } from './word-list.ts';
import { readReversed, readUnknownWord, type WordReading } from './word-readings.ts';
import { APART, ONE_SPACE, SIGNS, STOP, type WordToken } from './word-token.ts';
import { type Work, workOf } from './work.ts';

const PARTED = obfuscationBit('parted');
const REVERSED = obfuscationBit('reversed');
const RESPELLED = obfuscationBit('respelled');

const readings = new BoundedCache<WordReading | null>(10_000);
const FULL_STOP = 46;

/**
 * Reads words that were damaged, so that no known word is left of them: joins pieces (`pr-ize`, `pr ize`, `W/i/n`, `pr*ze`), takes out
 * letters that were repeated, parts words that were joined, and reads words that lack their vowels, have a typo, stand backwards or are
 * spelled in another alphabet. What is a known word by itself stays, and so do addresses and what follows `@` or `#`. Little evidence in
 * one word needs more of it in others. Ends where `work` does. `scan` holds the text, with its words listed.
 */
export function readWords(text: string, edits: Edits, work: Work, scan: CharacterScan): number {
  const tokens = tokensOf(text, work, scan);
  const joined = joinPieces(text, tokens, work);
  const evidence = evidenceOf(tokens);
  let undone = joined.length > 1 ? PARTED : 0;
  let next = 0;
  for (let k = 0; k < tokens.length; k++) {
    const join = joined[next];
    if (join !== undefined && join.first === k) {
      for (let at = join.first; at < join.last; at++)
        edits.replace(tokens[at]!.end, tokens[at + 1]!.start, join.hidden);
      next++;
      k = join.last;
      continue;
    }
    const token = tokens[k]!;
    const read = readingOf(token, evidence);
    if (read === null || read === token.word) continue;
    if (token.reading?.cuts !== undefined && read === token.reading.text)
      for (const cut of token.reading.cuts) edits.replace(token.start + cut, token.start + cut, ' ');
    else writeWord(text, token, read, edits);
    if (evidence.isReversed || token.reading?.kind === 'reversed') undone |= REVERSED;
    else if (token.reading?.kind === 'foreign') undone |= RESPELLED;
  }
  return undone;
}

function tokensOf(text: string, work: Work, { kinds, words }: CharacterScan): readonly WordToken[] {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return [];
  const addresses = new AddressScan(text);
  const tokens: WordToken[] = [];
  let before = -1;
  for (let at = 0; at < words.size; at++) {
    const start = words.starts[at]!;
    const end = words.ends[at]!;
    if (!work.spend(workOf.word + (end - start))) break;
    const gap = gapOf(text, kinds, before, start);
    before = end;
    const stays = isNamed(text, start) || isInAddress(text, addresses, start, end);
    const isLong = end - start > LONGEST_FACTS || hasHumps(kinds, start, end);
    const facts = stays ? 0 : words.facts[at]!;
    const word = lower.slice(start, end);
    const isRead = (isReadable(facts) || (isLong && !stays)) && work.spend(workOf.readWord);
    const reading = isRead ? readingOfWord(word, text.slice(start, end)) : null;
    tokens.push({ start, end, word, facts, gap, reading });
  }
  return tokens;
}

function readingOfWord(word: string, written: string): WordReading | null {
  const key = word === written ? word : `${word} ${written}`;
  return readings.get(key, () => readUnknownWord(word, written));
}

function gapOf(text: string, kinds: Uint8Array, from: number, to: number): number {
  if (from < 0 || to - from > MAX_SIGNS) return APART;
  if (to - from === 1 && kinds[from] === SPACE) return ONE_SPACE;
  if (to - from === 1 && codeAt(text, from) === FULL_STOP) return STOP;
  for (let i = from; i < to; i++) if (kinds[i] === SPACE) return APART;
  return SIGNS;
}

/** Names of users and tags. */
function isNamed(text: string, start: number): boolean {
  const sign = codeAt(text, start - 1);
  return (sign === 64 || sign === 35) && !(start > 1 && isWordKind(kindOf(codeAt(text, start - 2))));
}

/** In a link, a mail address, or a host with one of the usual endings. */
function isInAddress(text: string, addresses: AddressScan, start: number, end: number): boolean {
  if (addresses.isInLink(start) || codeAt(text, end) === 64) return true;
  if (codeAt(text, end) !== FULL_STOP) return isEnding(text, start, end);
  const ending = /^\.([a-z]{2,5})(?![\p{L}\p{N}])/iu.exec(text.slice(end, end + 8))?.[1]?.toLowerCase();
  return (ending !== undefined && isCommonEnding(ending)) || isEnding(text, start, end);
}

function isEnding(text: string, start: number, end: number): boolean {
  return (
    codeAt(text, start - 1) === FULL_STOP && start > 1 && isCommonEnding(text.slice(start, end).toLowerCase())
  );
}

/** What the words of a message say of each other. */
interface Evidence {
  readonly isDamaged: boolean;
  readonly isReversed: boolean;
  readonly isForeign: boolean;
}

function evidenceOf(tokens: readonly WordToken[]): Evidence {
  let all = 0;
  let likely = 0;
  let damaged = 0;
  let reversed = 0;
  let foreign = 0;
  let unknown = 0;
  let unknownForeign = 0;
  for (const { word, facts, reading } of tokens) {
    if ((facts & UNKNOWN) === 0) continue;
    all++;
    if ((facts & LIKELY) !== 0) likely++;
    if (isForeignLetter(word.charCodeAt(0))) {
      unknownForeign++;
      if (reading !== null) foreign++;
      continue;
    }
    unknown++;
    if (readReversed(word) !== null) reversed++;
    else if (reading !== null) damaged++;
  }
  const isLikely = isMost(likely, all);
  return {
    isReversed: isLikely && reversed > damaged && isMost(reversed, unknown),
    isDamaged: isLikely && damaged > reversed && isMost(damaged, unknown),
    isForeign: isLikely && isMost(foreign, unknownForeign),
  };
}

function readingOf(token: WordToken, evidence: Evidence): string | null {
  const { word, facts, reading } = token;
  if (facts === 0 && reading === null) return null;
  if (evidence.isReversed) {
    const reversed = readReversed(word);
    if (reversed !== null) return (facts & KNOWN) === 0 || isCommoner(reversed, word) ? reversed : null;
  }
  if (reading === null) return null;
  return reading.isSure || (reading.kind === 'foreign' ? evidence.isForeign : evidence.isDamaged)
    ? reading.text
    : null;
}

function isCommoner(one: string, other: string): boolean {
  const rank = spamWordRanks.get(one);
  return rank !== undefined && rank < (spamWordRanks.get(other) ?? Number.POSITIVE_INFINITY);
}

/** Puts `read` in the place of the word, in capitals where the word is. */
function writeWord(text: string, { start, end }: WordToken, read: string, edits: Edits): void {
  const written = text.slice(start, end);
  if (written === written.toUpperCase() && written.length > 1) edits.replace(start, end, read.toUpperCase());
  else if (/^\p{Lu}/u.test(written)) edits.replace(start, end, read[0]!.toUpperCase() + read.slice(1));
  else edits.replace(start, end, read);
}
