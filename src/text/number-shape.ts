import { CURRENCY, DIGIT, SPACE } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import { BASE_HIGH, BASE_LOW } from './term-hash.ts';

/** A run of more digits than this is written as if it had this many. */
const MAX_RUN = 15;
/** Runs after these are left out. */
const MAX_RUNS = 4;

/**
 * A number, or a word with digits, as its shape: `£4d`, `2d.2d`, `+12d`, `3da`. Reads a stretch of code units into
 * value and power (see term-hash), without making a string.
 */
export class NumberShape {
  high = 0;
  low = 0;
  powerHigh = 1;
  powerLow = 1;
  /** Digits in all. */
  digits = 0;
  readonly #units = new Uint16Array(MAX_RUNS * 5 + 8);
  #length = 0;

  get text(): string {
    return String.fromCharCode(...this.#units.subarray(0, this.#length));
  }

  read({ codes, kinds }: CharacterScan, start: number, end: number): this {
    this.#length = 0;
    this.digits = 0;
    let runs = 0;
    let i = start;
    while (i < end && runs <= MAX_RUNS) {
      const code = codes[i]!;
      const kind = kinds[i]!;
      if (kind === SPACE) {
        i++;
        continue;
      }
      if (kind === DIGIT) {
        const from = i;
        while (i < end && kinds[i] === DIGIT) i++;
        this.digits += i - from;
        if (runs++ < MAX_RUNS) this.#writeRun(i - from);
      } else if (isNumberSign(code, kind)) {
        this.#write(code);
        i++;
      } else {
        while (i < end && kinds[i] !== DIGIT) i++;
        if (runs++ < MAX_RUNS) this.#write(97);
      }
    }
    let high = 0;
    let low = 0;
    let powerHigh = 1;
    let powerLow = 1;
    for (let unit = 0; unit < this.#length; unit++) {
      high = (Math.imul(high, BASE_HIGH) + this.#units[unit]!) | 0;
      low = (Math.imul(low, BASE_LOW) + this.#units[unit]!) | 0;
      powerHigh = Math.imul(powerHigh, BASE_HIGH);
      powerLow = Math.imul(powerLow, BASE_LOW);
    }
    this.high = high;
    this.low = low;
    this.powerHigh = powerHigh;
    this.powerLow = powerLow;
    return this;
  }

  #writeRun(length: number): void {
    const shown = Math.min(length, MAX_RUN);
    if (shown >= 10) this.#write(48 + Math.floor(shown / 10));
    this.#write(48 + (shown % 10));
    this.#write(100);
  }

  #write(unit: number): void {
    if (this.#length < this.#units.length) this.#units[this.#length++] = unit;
  }
}

/** Where the number that starts with a digit at `start` ends, with its groups, percent or currency sign. */
export function numberEnd(characters: CharacterScan, start: number): number {
  const { codes, kinds, length } = characters;
  let i = start;
  for (let group = 0; ; group++) {
    while (i < length && kinds[i] === DIGIT) i++;
    if (group + 1 === MAX_RUNS || !isGrouped(characters, i)) break;
    i++;
  }
  const after = i < length && codes[i] === 32 ? i + 1 : i;
  if (after >= length) return i;
  const code = codes[after]!;
  if (code === 37) return after + 1;
  // A sign before another number is that number's.
  const isSign = kinds[after] === CURRENCY && !(after + 1 < length && kinds[after + 1] === DIGIT);
  return isSign ? after + 1 : i;
}

/** Whether digits that end at `i` go on after a separator. */
export function isGrouped({ codes, kinds }: CharacterScan, i: number): boolean {
  const code = codes[i]!;
  const separates = code === 46 || code === 44 || code === 58 || code === 47 || code === 45;
  return separates && kinds[i + 1] === DIGIT;
}

function isNumberSign(code: number, kind: number): boolean {
  return kind === CURRENCY || code === 43 || code === 37 || (code >= 44 && code <= 47) || code === 58;
}
