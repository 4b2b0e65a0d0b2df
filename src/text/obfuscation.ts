import { hashTerm } from './term-hash.ts';

/** What can be undone, each a bit of `PreparedText.undone` and a feature `x:KIND`. */
export const obfuscations = [
  'invisible',
  'control',
  'marks',
  'filling',
  'styled',
  'look-alike',
  'spaced',
  'dotted',
  'leet',
  'hidden-link',
  'escaped',
  'markup',
  'reversed',
  'parted',
  'respelled',
] as const;
export type Obfuscation = (typeof obfuscations)[number];

export function obfuscationBit(obfuscation: Obfuscation): number {
  return 1 << obfuscations.indexOf(obfuscation);
}

export const obfuscationFeatures = obfuscations.map((obfuscation) => ({
  name: `x:${obfuscation}`,
  bit: obfuscationBit(obfuscation),
  ...hashTerm(`x:${obfuscation}`),
}));
