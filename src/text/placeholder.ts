import { BASE_HIGH, BASE_LOW, continueHash, power } from './term-hash.ts';

/** What a bigram has in place of a link or a mail address. */
class Placeholder {
  readonly high: number;
  readonly low: number;
  readonly powerHigh: number;
  readonly powerLow: number;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
    this.high = continueHash(0, BASE_HIGH, text);
    this.low = continueHash(0, BASE_LOW, text);
    this.powerHigh = power(BASE_HIGH, text.length);
    this.powerLow = power(BASE_LOW, text.length);
  }
}
export const linkPlaceholder = new Placeholder('@link');
export const mailPlaceholder = new Placeholder('@mail');
export const sitePlaceholder = new Placeholder('@site');
