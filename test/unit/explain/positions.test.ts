import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deobfuscatedIn } from '../../../src/explain/deobfuscated.ts';
import { highlightsOf } from '../../../src/explain/highlights.ts';
import { straightened } from '../../../src/explain/located-counts.ts';
import { visibleWithTrace } from '../../../src/explain/visible-edits.ts';
import { traceOf } from '../../../src/text/edits.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { visiblePart } from '../../../src/text/visible-part.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });

function deobfuscated(text: string) {
  const { prepared, trace } = featurizer.prepareTraced(text);
  return deobfuscatedIn(text, prepared, straightened(trace));
}

const pieces = fc.constantFrom(
  'free',
  ' ',
  '<!--',
  '-->',
  '||',
  '](https://a.example',
  ' "title")',
  '\n'.repeat(12),
  '\n'.repeat(31),
  'm',
  ')',
  '\r\n \t',
);

describe('visibleWithTrace', () => {
  it('visibleWithTrace returns what visiblePart does, with the position of each character', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 14 }).map((each) => each.join('')),
        (text) => {
          const { text: visible, trace } = visibleWithTrace(text, traceOf(text.length));
          expect(visible).toBe(visiblePart(text) ?? text);
          expect(trace.starts).toHaveLength(visible.length);
          for (let i = 0; i < visible.length; i++)
            if (visible[i] !== ' ' && visible[i] !== ')') expect(text[trace.starts[i]!]).toBe(visible[i]);
        },
      ),
    );
  });
});

describe('deobfuscated ranges', () => {
  it.each([
    ['fr\u200bee', [['\u200b', '', 'invisible']]],
    ['\uff26ree cash', [['\uff26', 'F', 'styled']]],
    ['fr\u0435\u0435 cash prize', [['\u0435\u0435', 'ee', 'look-alike']]],
    ['your fr33 cash prize', [['33', 'ee', 'leet']]],
    ['f&#114;ee cash', [['&#114;', 'r', 'escaped']]],
    [
      'claim your freecashprize',
      [
        ['', ' ', 'joined'],
        ['', ' ', 'joined'],
      ],
    ],
    ['Tea at the lake?', []],
  ] as const)('the deobfuscated ranges of %j are %j', (text, expected) => {
    const found = deobfuscated(text);
    expect(found.map(({ from, to, kind }) => [from, to, kind])).toEqual(expected);
    for (const { start, end, from } of found) expect(text.slice(start, end)).toBe(from);
  });

  it('the deobfuscated ranges ascend, and replacing them in the message gives the text that is read', () => {
    const characters = fc.constantFrom(
      ...'fre e\u200b\uff26\u0435w1n\u202edoog.\u0301',
      '&#65;',
      '%66',
      '<b>',
      '</b>',
      '\u{1f1eb}',
    );
    fc.assert(
      fc.property(
        fc.array(characters, { maxLength: 40 }).map((each) => each.join('')),
        (text) => {
          const { prepared, trace } = featurizer.prepareTraced(text);
          let read = '';
          let done = 0;
          for (const { start, end, to } of deobfuscatedIn(text, prepared, straightened(trace))) {
            expect(start).toBeGreaterThanOrEqual(done);
            read += text.slice(done, start) + to;
            done = end;
          }
          expect(read + text.slice(done)).toBe(prepared.text);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('highlights', () => {
  it('highlights divide a contribution among the occurrences of a feature and their letters', () => {
    const term = (contribution: number, ...spans: { start: number; end: number }[]) => ({
      feature: 'w:a',
      kind: 'feature' as const,
      contribution,
      spans,
    });
    const found = highlightsOf('free cash  free', [
      term(1, { start: 0, end: 4 }, { start: 11, end: 15 }),
      term(-0.8, { start: 0, end: 9 }),
      term(5),
    ]);
    expect(found.map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [5, 9],
      [11, 15],
    ]);
    for (const [i, expected] of [0.1, -0.4, 0.5].entries())
      expect(found[i]!.contribution).toBeCloseTo(expected, 12);
  });
});
