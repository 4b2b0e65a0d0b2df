import { describe, expect, it } from 'vitest';
import { de } from '../../../src/console/texts/de.ts';
import { en } from '../../../src/console/texts/en.ts';
import { featureText } from '../../../src/console/views/feature-text.ts';
import { partsOfFeature } from '../../../src/display/feature-name.ts';
import { shapeRanges } from '../../../src/text/message-shape.ts';
import { obfuscations } from '../../../src/text/obfuscation.ts';

const text = (name: string) => [featureText(en, name), featureText(de, name)];

describe('the name of a feature, for people', () => {
  it('is in words where there are some, in both languages', () => {
    expect(text('s:links:1')).toEqual(['links: 1', 'Links: 1']);
    expect(text('s:length:100-119')).toEqual(['length: 100–119 characters', 'Länge: 100–119 Zeichen']);
    expect(text('s:starts-with-capital:1+')).toEqual([
      'begins with a capital letter',
      'beginnt mit einem Großbuchstaben',
    ]);
    expect(text('d:shortener')).toEqual(['a shortened link', 'ein gekürzter Link']);
    expect(text('d:?')).toEqual(['what may be a link', 'was ein Link sein kann']);
    expect(text('x:look-alike')).toEqual([
      en.why.features.obfuscation(en.reread.kinds['look-alike']),
      de.why.features.obfuscation(de.reread.kinds['look-alike']),
    ]);
    expect(text('n:£4d')[0]).toBe('a number such as £0000');
    expect(text('g:_win')[0]).toBe('the characters “ win”');
    expect(text('w:free')[0]).toBe('“free”');
    expect(text('b:free money')[0]).toBe('“free money”');
    expect(text('e:😀')[0]).toBe('“😀”');
  });

  it('never shows a link that could be followed', () => {
    expect(text('d:lucky-wheel.example')[0]).not.toContain('lucky-wheel.example');
    expect(text('d:*.example')[0]).toContain('link');
  });

  it('has words for every shape and every obfuscation that models know', () => {
    const names = [
      ...shapeRanges.flatMap((ranges) => ranges.names),
      ...obfuscations.map((obfuscation) => `x:${obfuscation}`),
    ];
    for (const texts of [en, de])
      for (const name of names) {
        const { kind, value } = partsOfFeature(name);
        const known: object = kind === 'shape' ? texts.why.shapes : texts.reread.kinds;
        expect([name, Object.hasOwn(known, value)]).toEqual([name, true]);
        expect(featureText(texts, name)).not.toContain(name);
      }
  });

  it('is shown as it is where nothing is known of it, whatever it is', () => {
    expect(text('constructor')).toEqual(['constructor', 'constructor']);
    expect(text('s:toString:3')).toEqual(['shape: toString 3', de.why.features.shape('toString 3')]);
    expect(text('d:constructor')[0]).toBe('link: constructor');
    expect(text('')).toEqual(['', '']);
  });
});
