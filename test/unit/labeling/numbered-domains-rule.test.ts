import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedDomainsRule } from '../../../src/labeling/rules/numbered-domains-rule.ts';

const rule = numberedDomainsRule({ endings: ['net', 'com'] });

describe('the rule numbered-domains', () => {
  it.each([
    'funsite 18++n++e+++t+++',
    'coolplace 21 ...c,,,0...m...',
    'funsite18 n e t',
    'try moneylake 77 . c o m',
    'funsite 18 c-o-m',
    'funsite 18 (n)(e)(t)',
    'funsite 42 ☆c☆o☆m☆',
    'fun 18~n~3~t',
    'funsite 24 .c0m',
    'FUNSITE 18**N**E**T',
    'funsite 21 dot com',
    'funsite 18 🅽🅴🆃',
    'funsite 18\u200bn\u200be\u200bt\u200b',
    'coolplace 21 c o m I am there',
    'moneylake 18++c++o++m+++ I guess',
    'funsite18.c0m',
    'funsite 18 ... ｃ.ｏ.ｍ',
  ])('the rule numbered-domains finds %j', (message) => {
    expect(rule.match(message)).not.toBeNull();
  });

  it.each([
    '18 comments so far',
    'there are 18 comments',
    'um 21 uhr com',
    'das kostet 18 euro, nett',
    'um 20 Uhr.Dann gehen wir',
    'level 18. Nette Leute',
    'on 12.10. net worth',
    'bis 18,20 n.e.t.',
    'nur 18 € n.e.t.',
    'ab 18 + n e t t sein',
    'call 0123 18 18 net',
    'seit 1918 n.e.t.',
    'es ist 20:18 c.o.m.',
    'level 21 com',
    'we won 21-18, n.e.t. gain',
    'at 18:30 n.e.t',
    'the 18.5++n++e++t',
    'over 50 dot com companies failed',
    'I like 18 c o m i n g friends',
    'mit 18 n.e.t.t sein',
    "at 18 ... c'mon",
    'we are 18 net new users',
    'top 10 ... community',
    'funsite 218++n++e++t',
  ])('the rule numbered-domains leaves %j alone', (message) => {
    expect(rule.match(message)).toBeNull();
  });

  it('the rule numbered-domains marks name, number and ending', () => {
    const message = 'oh funsite 18++n++e+++t+++ now';
    const { start, end } = rule.match(message)!.span();
    expect(message.slice(start, end)).toBe('funsite 18++n++e+++t');
  });

  it('the rule numbered-domains takes the endings of its options', () => {
    const own = numberedDomainsRule({ endings: ['xyz'] });
    expect(own.match('funsite 18++x++y++z')).not.toBeNull();
    expect(own.match('funsite 18++n++e++t')).toBeNull();
  });

  it('the rule numbered-domains looks at a number of units that grows linearly with the text', () => {
    const steps = (text: string) => {
      let sum = 0;
      numberedDomainsRule({ endings: ['net', 'com'] }, (units) => {
        sum += units;
      }).match(text);
      return sum;
    };
    // A quadratic one would look at 16 times as many.
    for (const unit of ['a18', 'a 18 + n + e + ', 'a 18.......... ', 'a 18 c.o. '])
      expect(steps(unit.repeat(1600))).toBeLessThan(7 * steps(unit.repeat(400)));
  });

  it('the rule numbered-domains throws for no text, and what it marks is within the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 12 }),
          fc
            .array(fc.constantFrom(...'fun18 +.net0com3€\n☆'), { maxLength: 40 })
            .map((parts) => parts.join('')),
        ),
        (text) => {
          const match = rule.match(text);
          if (match === null) return;
          const { start, end } = match.span();
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
