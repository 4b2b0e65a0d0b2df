import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { compilePattern, patternRule, readPatterns } from '../../../src/labeling/rules/pattern-rule.ts';
import { unsupportedIn } from '../../../src/labeling/rules/unsupported-syntax.ts';

const ruleOf = (source: string, flags = '', deobfuscated = false) =>
  patternRule({ patterns: [{ source, flags }], deobfuscated });

describe('the rule pattern', () => {
  it('the rule pattern marks the first match of the first pattern that has one', () => {
    const rule = patternRule({
      patterns: [
        { source: 'zzz', flags: '' },
        { source: 'free +coins?', flags: 'i' },
      ],
      deobfuscated: false,
    });
    const message = 'get FREE  coin today';
    const match = rule.match(message)!;
    expect(match.what).toBe('pattern free +coins?');
    expect(message.slice(match.span().start, match.span().end)).toBe('FREE  coin');
    expect(rule.match('nothing is for free')).toBeNull();
  });

  it('the rule pattern has flags for any case, lines, and line breaks', () => {
    expect(ruleOf('^coins', 'm').match('get\ncoins')).not.toBeNull();
    expect(ruleOf('^coins').match('get\ncoins')).toBeNull();
    expect(ruleOf('get.coins', 's').match('get\ncoins')).not.toBeNull();
    expect(ruleOf('get.coins').match('get\ncoins')).toBeNull();
  });

  it('the rule pattern reads the text without obfuscation where that is asked for, and marks what was sent', () => {
    const message = 'visit my f.u.n.s.i.t.e . c o m';
    expect(ruleOf('funsite').match('no')).toBeNull();
    const match = ruleOf('fr[e]e money', '', true).match('get f.r.e.e m.o.n.e.y here');
    expect(match?.what).toContain('without obfuscation');
    expect(ruleOf('fr[e]e money').match('get f.r.e.e m.o.n.e.y here')).toBeNull();
    expect(ruleOf('visit', '', true).match(message)!.span()).toEqual({ start: 0, end: 5 });
  });

  it.each([
    ['(a)\\1', 'a backreference at position 4'],
    ['free(?=coins)', 'a lookahead at position 5'],
    ['free(?!coins)', 'a negative lookahead at position 5'],
    ['(?<=a)b', 'a lookbehind at position 1'],
    ['(?<!a)b', 'a negative lookbehind at position 1'],
    ['(?>ab)c', 'an atomic group at position 1'],
    ['ab++c', 'a possessive quantifier at position 4'],
    ['free[coins', 'missing closing ] at position 5'],
    ['free(coins', 'missing closing )'],
    ['*coins', 'missing argument to repetition operator'],
    ['a{1001}', 'invalid repeat count'],
    ['((a{100}){100}){100}', 'invalid repeat count'],
    ['\\p{Klingon}', 'invalid character class range'],
    ['', 'matches the empty text'],
    ['(coins)?', 'matches the empty text'],
    ['a*|coins', 'matches the empty text'],
    ['.', 'matches every message'],
    ['[\\s\\S]+', 'matches every message'],
    ['\\S', 'matches every message'],
    ['.{20,}', 'matches every message of some length'],
    ['a'.repeat(5001), 'more than 5000 characters'],
    [`${'('.repeat(1500)}a${')'.repeat(1500)}`, 'expression nests too deeply'],
  ])('the pattern %j is refused, with its position and what to do', (source, text) => {
    const compile = () => compilePattern({ source, flags: '' });
    expect(compile).toThrow(SluiceError);
    expect(compile).toThrow(text);
  });

  it('a flag that is not known is refused', () => {
    expect(() => compilePattern({ source: 'coins', flags: 'gx' })).toThrow('has the flag "g"');
  });

  it.each(['\\(?=', '[(?=]x', 'a\\++b', '[+]+b', '\\Q(?=\\Ex', '\\\\1x', '[\\1]b'])(
    'the pattern %j has only signs that mean themselves',
    (source) => {
      expect(unsupportedIn(source)).toBeUndefined();
    },
  );

  it('patterns of a file are read with their lines, and the first bad one is named with its line', () => {
    expect(readPatterns(['# coins', '', 'free coins', 'win [0-9]+'], 'own.txt', 'i')).toEqual([
      { source: 'free coins', flags: 'i' },
      { source: 'win [0-9]+', flags: 'i' },
    ]);
    expect(() => readPatterns(['free', '', '(a'], 'own.txt', '')).toThrow('own.txt:3: the pattern "(a"');
    expect(() => readPatterns(['# none'], 'own.txt', '')).toThrow('own.txt has no patterns');
  });

  it('a pattern that would take exponential time with backtracking ends on a long text', () => {
    expect(ruleOf('(a+)+$x').match('a'.repeat(20_000))).toBeNull();
    expect(ruleOf('(x+x+)+y').match('x'.repeat(20_000))).toBeNull();
  });

  it('any pattern compiles or is refused with a Sluice error, and what it marks is within the text', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...'ab.*+?()[]{}|^$\\1d-<=!:é😀'), { maxLength: 12 })
          .map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 12 }),
        (source, text) => {
          try {
            const match = ruleOf(source, '', true).match(text);
            if (match === null) return;
            expect(match.span().end).toBeLessThanOrEqual(text.length);
          } catch (error) {
            expect(error).toBeInstanceOf(SluiceError);
            expect((error as SluiceError).code).toBe('DATA_INVALID');
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
