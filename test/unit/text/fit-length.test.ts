import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LENGTH } from '../../../src/text/character-scan.ts';
import { Edits } from '../../../src/text/edits.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { collapse, MAX_LOOKED_AT } from '../../../src/text/fit-length.ts';
import { obfuscationBit } from '../../../src/text/obfuscation.ts';
import { plainCharacters } from '../../../src/text/plain-characters.ts';
import { messageTexts } from './message-texts.ts';

const featurizer = new Featurizer({ languages: ['en'], ownDomains: [] });
const prepare = (text: string) => featurizer.prepare(text);
const filler = 'see you at the station tomorrow '.repeat(700);

describe('a text that is longer than what is read of one', () => {
  it.each([
    ['invisible characters', '\u200b'],
    ['soft hyphens', '\u00ad'],
    ['spaces', ' '],
    ['line breaks', '\n'],
    ['wide spaces', '\u3000'],
    ['tabs and spaces', '\t '],
    ['control characters', '\u0001'],
    ['combining marks', '\u0301'],
    ['Hangul fillers', '\u3164'],
    ['tags', '\u{e0041}'],
  ])('a text that is longer than the limit is read after %s, however many there are', (_, hidden) => {
    const { text, isTruncated } = prepare(
      `hi${hidden.repeat(Math.ceil(25_000 / hidden.length))} Win a free prize now`,
    );
    expect(text).toMatch(/^hi\s{0,9}Win a free prize now$/);
    expect(isTruncated).toBe(false);
  });

  it('a text that is longer than the limit is read to its end even if each letter is followed by an invisible character', () => {
    const word = [...'see you at the station'].map((letter) => `${letter}\u200b\u00ad`).join('');
    const { text, isTruncated, undone } = prepare(`${word.repeat(500)} and win`);
    expect(text.endsWith('station and win')).toBe(true);
    expect(isTruncated).toBe(false);
    expect(undone & obfuscationBit('invisible')).not.toBe(0);
  });

  it('a text that is longer than the limit is cut and marked if visible characters do not fit', () => {
    const { text, isTruncated } = prepare(`${filler.slice(0, MAX_LENGTH)}!`);
    expect(isTruncated).toBe(true);
    expect(text.length).toBeGreaterThan(MAX_LENGTH - 100);
    expect(prepare(filler.slice(0, MAX_LENGTH)).isTruncated).toBe(false);
    expect(prepare(`${filler.slice(0, MAX_LENGTH - 1)}.${' \u200b\n'.repeat(9000)}`).isTruncated).toBe(false);
    expect(prepare(`${filler.slice(0, MAX_LENGTH - 1)}.${' '.repeat(9000)}!`).isTruncated).toBe(true);
  });

  it('a text that becomes longer than the limit when its characters are normalized is cut and marked', () => {
    expect(prepare('\ufdfa\u3300'.repeat(MAX_LENGTH / 10)).isTruncated).toBe(true);
    expect(prepare('\ufdfa\u3300'.repeat(50)).isTruncated).toBe(false);
  });

  it('normalization leaves out characters that would make a text more than twice as long, except in short texts', () => {
    const { text, isTruncated } = prepare(`${'\ufdfa\u3300'.repeat(250)} and win`);
    expect(text.length).toBeLessThanOrEqual(3_016);
    expect(text).toMatch(/ and win$/);
    expect(isTruncated).toBe(true);
    expect(prepare('\u2026'.repeat(1_000))).toMatchObject({ isTruncated: false });
    expect(prepare('\u00bd'.repeat(1_999))).toMatchObject({ isTruncated: false });
  });

  it.each([
    ['blanks', `hi${' '.repeat(20_000)}`],
    ['dots', '.'.repeat(20_000)],
    ['one letter', 'a'.repeat(20_000)],
    ['one letter with marks', `a${'\u0301'.repeat(20_000)}`],
    ['one emoji', '\ud83d\ude00'.repeat(10_000)],
    ['emoji of several kinds', '\ud83d\ude00\ud83d\ude02\u2764'.repeat(8_000)],
    ['one ligature', '\ufdfa'.repeat(1_112)],
    ['ligatures of several kinds', '\ufdfa\ufdfb\u3300'.repeat(2_000)],
    ['words', filler],
    ['more words than are looked at', filler.repeat(6)],
  ])('a text that is longer than the limit is read at its end after %s', (_, before) => {
    expect(prepare(`${before} Win a free prize now`).text).toMatch(/\bWin a free prize now$/);
  });

  it('a text that is longer than the limit is read at its beginning and its end, with nothing of the middle joined to them', () => {
    const { text, isTruncated } = prepare(`Win a free prize now ${filler.repeat(6)} and call`);
    expect(text).toMatch(/^Win a free prize now see you .*\n.* and call$/s);
    expect(isTruncated).toBe(true);
  });

  it('a text that is much longer than the limit is not processed completely, and is marked', () => {
    expect(prepare(`hi${' '.repeat(MAX_LOOKED_AT)}!`).isTruncated).toBe(true);
  });

  it('a text that is longer than the limit never gives more than the limit, and is not cut if nothing is missing', () => {
    const hidden = fc.constantFrom('\u200b', ' ', '\n', '\u0301', '\u{e0101}', '\ud83d', '\u3164');
    fc.assert(
      fc.property(
        messageTexts,
        hidden,
        fc.integer({ min: 0, max: 30_000 }),
        messageTexts,
        (one, between, count, other) => {
          const text = one + between.repeat(count) + other;
          const { text: prepared, lower, isTruncated } = prepare(text);
          expect(prepared.length).toBeLessThanOrEqual(MAX_LENGTH);
          expect(lower.length).toBe(prepared.length);
          // What has the same characters without the gap is the same text.
          if (one.length + other.length < 1000) expect(isTruncated).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a text that is longer than the limit is normalized like shorter texts', () => {
    fc.assert(
      fc.property(messageTexts, fc.constantFrom('\u200b', ' ', '\u0301', '\u3000'), (text, between) => {
        const edits = new Edits();
        const given = (text + between).repeat(3);
        collapse(given, edits);
        const fitted = edits.apply(given);
        const more = new Edits();
        plainCharacters(fitted, more);
        expect(more.apply(fitted)).toBe(fitted);
        const plain = new Edits();
        plainCharacters(given, plain);
        const once = (whole: string) => whole.replace(/(.)\1+/gsu, '$1').replace(/\s+/g, ' ');
        expect(once(fitted)).toBe(once(plain.apply(given)));
      }),
    );
  });

  it('a text that is longer than the limit can be traced: each character has its position in the message', () => {
    const given = `hi${'\u200b'.repeat(30_000)}${' '.repeat(30)}w\u00adin`;
    const { prepared, trace } = featurizer.prepareTraced(given);
    expect(prepared.text).toBe(`hi${' '.repeat(8)}win`);
    expect(given.slice(trace.starts[10], trace.ends[12])).toBe('w\u00adin');
    expect(trace.starts.length).toBe(prepared.text.length);
  });
});
