import { AskedTerms } from './asked-terms.ts';
import { CURRENCY, DIGIT, LOWER, PAIR, SPACE, UPPER } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import type { FeatureCounts } from './feature-counts.ts';
import type { Link } from './links.ts';
import * as shape from './message-shape.ts';
import { isGrouped, NumberShape, numberEnd } from './number-shape.ts';
import { obfuscationFeatures } from './obfuscation.ts';
import { linkPlaceholder, mailPlaceholder, sitePlaceholder } from './placeholder.ts';
import type { PreparedText } from './prepared-text.ts';
import { BASE_HIGH, BASE_LOW, hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';
import { isHidingSign, OUT_OF_SIGHT } from './visible-part.ts';
import {
  FLAGS,
  OWN_ID,
  POWER_HIGH,
  POWER_LOW,
  STEM_HIGH,
  STEM_LOW,
  STOP_WORD,
  STRETCHED,
  stopWordPrefix,
  type WordForms,
  wordPrefix,
} from './word-forms.ts';
import { WordUnits } from './word-units.ts';

/** Longer words are counted by their being long; they have no feature of their own. */
const MAX_WORD = 32;
/** Numbers up to this many digits are also words: `18`, `2005`. */
const MAX_DIGITS_OF_A_WORD = 5;
/** From this many digits on, a number may be called. */
const PHONE_DIGITS = 7;

// What a token is.
const WORD = 0;
const NUMBER = 1;
const LINK = 2;
const MAIL = 3;
const SITE = 4;

const bigram = hashTerm('b:');
const number = hashTerm('n:');
const currency = hashTerm('c:');
const symbol = hashTerm('e:');

const linkTokens = {
  link: { token: LINK, placeholder: linkPlaceholder },
  site: { token: SITE, placeholder: sitePlaceholder },
  mail: { token: MAIL, placeholder: mailPlaceholder },
} as const;

/**
 * Counts the features of family `words`: one walk over the code units, in which every name's hash is put together from
 * remembered parts. A name itself is only made when the table asks for it.
 */
export class WordScan {
  /** Where the feature that the table is being asked for stands, in code units; -1 where it has no place. */
  start = -1;
  end = -1;
  /** Of the last text that was scanned for a vocabulary. */
  readonly units = new WordUnits();

  #forms: WordForms | null = null;
  #table: TermTable | null = null;
  /** The table, if it takes ids that are known already. */
  #asked: AskedTerms | null = null;
  /** Per measure and range, the feature's id in `#shapesOf`. */
  #shapeIds: readonly Int32Array[] = [];
  #shapesOf: TermTable | null = null;
  #out: FeatureCounts | null = null;
  #pairs = true;
  readonly #characters: CharacterScan;
  readonly #number = new NumberShape();
  readonly #named = new NumberShape();
  readonly #measures = new Int32Array(shape.shapeRanges.length);

  // The feature that is asked for: how its name begins, the token in hand (and the one before), or the whole name.
  #prefix = '';
  #fixedName = '';
  #token = WORD;
  #from = 0;
  #to = 0;
  #previousToken = WORD;
  #previousFrom = 0;
  #previousTo = 0;
  readonly #name = (): string => {
    switch (this.#prefix) {
      case '':
        return this.#fixedName;
      case 'b:':
        return `b:${this.#part(this.#previousToken, this.#previousFrom, this.#previousTo)} ${this.#part(this.#token, this.#from, this.#to)}`;
      case 'n:':
        return `n:${this.#named.read(this.#characters, this.#from, this.#to).text}`;
      case 'c:':
      case 'e:':
        return this.#prefix + String.fromCharCode(...this.#characters.codes.subarray(this.#from, this.#to));
      default:
        return this.#prefix + this.#forms!.stemOf(this.#characters.codes, this.#from, this.#to);
    }
  };
  // The token before: value and power of its text.
  #previousHigh = 0;
  #previousLow = 0;
  #previousPowerHigh = 0;
  #previousPowerLow = 0;
  #hasPrevious = false;

  constructor(characters: CharacterScan) {
    this.#characters = characters;
  }

  /** `pairs`: whether pairs of neighbours are counted. */
  scan(prepared: PreparedText, forms: WordForms, table: TermTable, out: FeatureCounts, pairs: boolean): void {
    this.#pairs = pairs;
    this.#forms = forms;
    this.#table = table;
    this.#asked = table instanceof AskedTerms ? table : null;
    this.#out = out;
    const characters = this.#characters;
    const { codes, kinds, length, words } = characters;
    characters.listWords();
    words.rewind();
    const areListed = words.forms === forms;
    this.#hasPrevious = false;
    const { links } = prepared;
    const formTable = forms.table;
    const measures = this.#measures.fill(0);
    let nextLink = 0;
    let linkStart = links.length > 0 ? links[0]!.start : length + 1;
    let letters = 0;
    let capitals = 0;
    let digits = 0;
    let stretches = 0;
    let i = 0;
    const { units } = this;
    const asked = this.#asked;
    units.clear();
    while (i < length) {
      if (i >= linkStart) {
        if (asked !== null) units.begin(i, asked.count);
        const link = links[nextLink++]!;
        linkStart = nextLink < links.length ? links[nextLink]!.start : length + 1;
        this.#countLink(link);
        if (link.kind !== 'maybe') {
          if (link.kind === 'link') measures[shape.LINKS]!++;
          else if (link.kind === 'site') measures[shape.SITES]!++;
          i = link.end;
        }
        continue;
      }
      const kind = kinds[i]!;
      if (kind < LOWER) {
        if (kind > SPACE) {
          if (kind === CURRENCY && kinds[i + 1] === DIGIT) i++;
          else i = this.#countSign(i, kind);
          continue;
        }
        const code = codes[i++]!;
        if (code === 32) continue;
        if (code === 33) measures[shape.EXCLAMATIONS]!++;
        else if (code === 63) measures[shape.QUESTIONS]!++;
        else if (code === 10) measures[shape.LINES]!++;
        else if (isHidingSign(code)) units.mayHide = true;
        continue;
      }
      const start = i;
      if (asked !== null) units.begin(start, asked.count);
      const at = words.find(codes, kinds, start);
      const high = words.highs[at]!;
      const low = words.lows[at]!;
      const seen = words.kinds[at]!;
      i = words.ends[at]!;
      const size = i - start;
      this.#from = start;
      this.#to = i;
      this.#token = WORD;
      let wordDigits = 0;
      if (seen !== LOWER) {
        let wordCapitals = 0;
        for (let at = start; at < i; at++) {
          if (kinds[at] === UPPER) wordCapitals++;
          else if (kinds[at] === DIGIT) wordDigits++;
        }
        capitals += wordCapitals;
        if (wordCapitals >= 3 && wordCapitals === size - wordDigits) measures[shape.SHOUTED_WORDS]!++;
      }
      if (wordDigits === size) {
        const isLone = size <= MAX_DIGITS_OF_A_WORD && !isGrouped(characters, i);
        // A sign or a plus right before a number belongs to it.
        const signed = start > 0 && (kinds[start - 1] === CURRENCY || codes[start - 1] === 43);
        i = numberEnd(characters, start);
        const isPrice = kinds[i - 1] === CURRENCY || (signed && kinds[start - 1] === CURRENCY);
        // A price is counted by its shape: the amount and the sign are no words of their own.
        if (isLone && !isPrice) this.#askForm(formTable, forms.find(high, low, codes, start, start + size));
        this.#countNumber(signed ? start - 1 : start, i);
        digits += this.#number.digits;
        if (this.#number.digits >= PHONE_DIGITS) measures[shape.PHONE_NUMBERS]!++;
        continue;
      }
      letters += size - wordDigits;
      digits += wordDigits;
      units.words++;
      if (size > MAX_WORD) {
        measures[shape.LONG_WORDS]!++;
        this.#hasPrevious = false;
        continue;
      }
      const place =
        areListed && words.places[at]! >= 0
          ? forms.findAgain(words.places[at]!, high, low, codes, start, i)
          : forms.find(high, low, codes, start, i);
      const flags = formTable[place + FLAGS]!;
      if ((flags & STRETCHED) !== 0) stretches++;
      this.#askForm(formTable, place);
      if (asked !== null && formTable[place + OWN_ID]! >= 0) units.known++;
      this.#countBigram(
        formTable[place + STEM_HIGH]!,
        formTable[place + STEM_LOW]!,
        formTable[place + POWER_HIGH]!,
        formTable[place + POWER_LOW]!,
      );
      if (wordDigits > 0) {
        this.#number.read(characters, start, i);
        this.#prefix = 'n:';
        this.#askPart(number.high, number.low, this.#number);
      }
    }
    if (asked !== null) units.close(length, asked.count);
    if (measures[shape.LINES]! >= OUT_OF_SIGHT) units.mayHide = true;
    measures[shape.LENGTH] = length;
    measures[shape.CAPITALS_PERCENT] = letters === 0 ? 0 : Math.round((100 * capitals) / letters);
    measures[shape.DIGITS] = digits;
    measures[shape.STRETCHES] = stretches;
    if (measures[shape.LINES]! > 0) measures[shape.LINES]!++;
    measures[shape.STARTS_WITH_CAPITAL] = shape.startsWithCapital(kinds, length) ? 1 : 0;
    this.#countShape(prepared.undone);
    this.#table = null;
    this.#asked = null;
    this.#out = null;
  }

  /** Asks the table for the feature in hand. */
  #ask(high: number, low: number): void {
    this.start = this.#from;
    this.end = this.#to;
    const id = this.#table!.find(high, low, this.#name);
    if (id >= 0) this.#out!.add(id);
  }

  /** The word's own feature. */
  #askForm(forms: Int32Array, place: number): void {
    if (this.#asked !== null) {
      this.#asked.know(forms[place + OWN_ID]!);
      return;
    }
    const isStopWord = (forms[place + FLAGS]! & STOP_WORD) !== 0;
    const prefix = isStopWord ? stopWordPrefix : wordPrefix;
    this.#prefix = isStopWord ? 'f:' : 'w:';
    this.#ask(
      (Math.imul(prefix.high, forms[place + POWER_HIGH]!) + forms[place + STEM_HIGH]!) | 0,
      (Math.imul(prefix.low, forms[place + POWER_LOW]!) + forms[place + STEM_LOW]!) | 0,
    );
  }

  #askPart(prefixHigh: number, prefixLow: number, part: Readonly<NumberShape>): void {
    this.#ask(
      (Math.imul(prefixHigh, part.powerHigh) + part.high) | 0,
      (Math.imul(prefixLow, part.powerLow) + part.low) | 0,
    );
  }

  /** The pair of the token before and the one in hand, which then is the one before. */
  #countBigram(high: number, low: number, powerHigh: number, powerLow: number): void {
    if (!this.#pairs) return;
    const from = this.#from;
    if (this.#hasPrevious) {
      let pairHigh = (Math.imul(bigram.high, this.#previousPowerHigh) + this.#previousHigh) | 0;
      let pairLow = (Math.imul(bigram.low, this.#previousPowerLow) + this.#previousLow) | 0;
      pairHigh = (Math.imul(pairHigh, BASE_HIGH) + 32) | 0;
      pairLow = (Math.imul(pairLow, BASE_LOW) + 32) | 0;
      pairHigh = (Math.imul(pairHigh, powerHigh) + high) | 0;
      pairLow = (Math.imul(pairLow, powerLow) + low) | 0;
      this.#prefix = 'b:';
      this.start = this.#previousFrom;
      this.end = this.#to;
      const id = this.#table!.find(pairHigh, pairLow, this.#name);
      if (id >= 0) this.#out!.add(id);
    }
    this.#previousHigh = high;
    this.#previousLow = low;
    this.#previousPowerHigh = powerHigh;
    this.#previousPowerLow = powerLow;
    this.#previousToken = this.#token;
    this.#previousFrom = from;
    this.#previousTo = this.#to;
    this.#hasPrevious = true;
  }

  /** A token as it stands in the name of a pair. */
  #part(token: number, from: number, to: number): string {
    switch (token) {
      case NUMBER:
        return `#${this.#named.read(this.#characters, from, to).text}`;
      case LINK:
        return linkPlaceholder.text;
      case MAIL:
        return mailPlaceholder.text;
      case SITE:
        return sitePlaceholder.text;
      default:
        return this.#forms!.stemOf(this.#characters.codes, from, to);
    }
  }

  /** The number at [from, to), with what belongs to it. */
  #countNumber(from: number, to: number): void {
    const found = this.#number.read(this.#characters, from, to);
    this.#from = from;
    this.#to = to;
    this.#token = NUMBER;
    this.#prefix = 'n:';
    this.#askPart(number.high, number.low, found);
    const high = (Math.imul(35, found.powerHigh) + found.high) | 0;
    const low = (Math.imul(35, found.powerLow) + found.low) | 0;
    this.#countBigram(high, low, Math.imul(found.powerHigh, BASE_HIGH), Math.imul(found.powerLow, BASE_LOW));
  }

  /** A currency sign, a symbol or a pair of surrogates; answers where it ends. */
  #countSign(start: number, kind: number): number {
    const { codes, length } = this.#characters;
    const end = kind === PAIR && start + 1 < length ? start + 2 : start + 1;
    const prefix = kind === CURRENCY ? currency : symbol;
    let { high, low } = prefix;
    for (let i = start; i < end; i++) {
      high = (Math.imul(high, BASE_HIGH) + codes[i]!) | 0;
      low = (Math.imul(low, BASE_LOW) + codes[i]!) | 0;
    }
    if (kind !== CURRENCY) this.#measures[shape.SYMBOLS]!++;
    this.#from = start;
    this.#to = end;
    this.#prefix = kind === CURRENCY ? 'c:' : 'e:';
    this.#ask(high, low);
    return end;
  }

  #countLink(link: Link): void {
    this.#from = link.start;
    this.#to = link.end;
    this.#prefix = '';
    for (const feature of link.features) {
      this.#fixedName = feature.name;
      this.#ask(feature.high, feature.low);
    }
    if (link.kind === 'maybe') return;
    const { token, placeholder } = linkTokens[link.kind];
    this.#token = token;
    this.#countBigram(placeholder.high, placeholder.low, placeholder.powerHigh, placeholder.powerLow);
  }

  /** Their ids are the same for every message. */
  #findShapes(): void {
    const terms = this.#forms!.known;
    if (terms === null || terms === this.#shapesOf) return;
    this.#shapesOf = terms;
    this.#shapeIds = shape.shapeRanges.map(({ highs, lows, names }) =>
      Int32Array.from(highs, (high, range) => terms.find(high, lows[range]!, () => names[range]!)),
    );
  }

  /** Features of the message as a whole; they stand nowhere. */
  #countShape(undone: number): void {
    const measures = this.#measures;
    const asked = this.#asked;
    if (asked !== null) this.#findShapes();
    this.#from = -1;
    this.#to = -1;
    this.#prefix = '';
    for (let i = 0; i < measures.length; i++) {
      const value = measures[i]!;
      if (value === 0) continue;
      const ranges = shape.shapeRanges[i]!;
      const range = ranges.rangeOf(value);
      if (range < 0) continue;
      if (asked !== null) {
        asked.know(this.#shapeIds[i]![range]!);
        continue;
      }
      this.#fixedName = ranges.names[range]!;
      this.#ask(ranges.highs[range]!, ranges.lows[range]!);
    }
    if (undone === 0) return;
    for (const { bit, name, high, low } of obfuscationFeatures) {
      if ((undone & bit) === 0) continue;
      this.#fixedName = name;
      this.#ask(high, low);
    }
  }
}
