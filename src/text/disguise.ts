import { hashTerm } from './term-hash.ts';

/** What can be undone, each a bit of `PreparedText.undone` and a feature `x:KIND`. */
export const disguises = [
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
export type Disguise = (typeof disguises)[number];

export function disguiseBit(disguise: Disguise): number {
  return 1 << disguises.indexOf(disguise);
}

export const disguiseFeatures = disguises.map((disguise) => ({
  name: `x:${disguise}`,
  bit: disguiseBit(disguise),
  ...hashTerm(`x:${disguise}`),
}));
