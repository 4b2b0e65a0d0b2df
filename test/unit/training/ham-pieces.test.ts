import { describe, expect, it } from 'vitest';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { hamPieces } from '../../../src/training/ham-pieces.ts';

const featurizer = new Featurizer({ languages: ['en'], ownDomains: [] });
const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
const piecesOf = (text: string, seed = 1) =>
  hamPieces(featurizer, featurizer.prepare(text), seed).map(({ text: piece }) => piece.trim());

describe('the pieces of a long message', () => {
  it('a short ham message is not cut into pieces for training', () => {
    expect(piecesOf(words(19))).toEqual([]);
    expect(piecesOf(words(20)).length).toBeGreaterThan(1);
  });

  it('the pieces of a long ham message cover it twice, cut differently each time, with six to forty-five words each', () => {
    for (const seed of [1, 2, 3]) {
      const text = words(200);
      const pieces = piecesOf(text, seed);
      expect(pieces.join(' ')).toBe(`${text} ${text}`);
      const sizes = pieces.map((piece) => piece.split(' ').length);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(6);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(45);
      expect(new Set(sizes).size).toBeGreaterThan(3);
    }
  });

  it('the pieces of a long ham message are the same for the same number, and different for another', () => {
    expect(piecesOf(words(90), 7)).toEqual(piecesOf(words(90), 7));
    expect(piecesOf(words(90), 7)).not.toEqual(piecesOf(words(90), 8));
  });
});
