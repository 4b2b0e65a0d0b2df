import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linksRule } from '../../../src/labeling/rules/links-rule.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';

const options = settingsSchema.parse({}).label.rules.links;
const rule = linksRule(options);
const found = (message: string, of = rule) => {
  const match = of.match(message);
  if (match === null) return null;
  const { start, end } = match.span();
  return message.slice(start, end);
};

describe('the rule links', () => {
  it.each([
    ['see funsite.net', 'funsite.net'],
    ['https://my.funsite.net/a?b=c now', 'https://my.funsite.net/a?b=c'],
    ['komm auf funsite.de ', 'funsite.de'],
    ['komm auf funsite.de', 'funsite.de'],
    ['funsite.de, sofort', 'funsite.de'],
    ['funsite . com', 'funsite . com'],
    ['funsite dot com', 'funsite dot com'],
    ['funsite[.]net', 'funsite[.]net'],
    ['hxxp://funsite.xyz', 'hxxp://funsite.xyz'],
    ['visit funsite.me, friends', 'funsite.me'],
    ['fun-2.shop', 'fun-2.shop'],
    ['FunSite.Xyz', 'FunSite.Xyz'],
    ['FUNSITE.ONLINE', 'FUNSITE.ONLINE'],
    ['mine is funsite.life', 'funsite.life'],
  ])('the rule links finds the link in %j', (message, link) => {
    expect(found(message)).toBe(link);
  });

  it.each([
    'Das ist gut.der Rest kommt morgen',
    'Das ist gut.derselbe nochmal',
    'Ende gut.De facto nicht',
    'it was good.in the end',
    'mach das.so geht es',
    'um 20 Uhr.Dann gehen wir',
    'ich war einkaufen.Shop war zu',
    'ja.online ist das besser',
    'fun. Site note: closed',
    'ok.is it you',
    'the curry was for anneliese.it was hot',
    "for anneliese.it's hot",
    'ein Wort zum Parteiensystem.In der Zeitung',
    'bis Frankfurt-Messe.In der Halle',
    'das kostet 3.50',
    'version 1.2.so',
    'write to anna@funsite.net',
    'http://192.168.0.1/setup',
    'www. is short for web',
    'am 3.de mai',
    'C.de Boer',
    'run deploy.sh and then ASP.NET',
    'main.rs needs libfun.so',
    '@anna.de wrote',
    'https://en.wikipedia.org/wiki/Fun',
  ])('the rule links finds nothing in %j', (message) => {
    expect(found(message)).toBeNull();
  });

  it('the rule links leaves out allowed domains and all below them, and no others', () => {
    const allowing = linksRule({ ...options, allowedDomains: ['funsite.net'] });
    expect(found('https://wiki.funsite.net/a', allowing)).toBeNull();
    expect(found('https://funsite.net', allowing)).toBeNull();
    expect(found('https://notfunsite.net', allowing)).toBe('https://notfunsite.net');
    expect(found('https://funsite.net and https://other.net', allowing)).toBe('https://other.net');
    expect(found('https://funsite.net@evil-place.net/a', allowing)).toBe(
      'https://funsite.net@evil-place.net/a',
    );
  });

  it('the rule links counts well-known sites where the settings say so, and other endings never', () => {
    const wiki = 'https://en.wikipedia.org/wiki/Fun';
    expect(found(wiki, linksRule({ ...options, allowKnownSites: false }))).toBe(wiki);
    const few = linksRule({ ...options, topLevelDomains: ['co.uk'] });
    expect(found('https://funsite.co.uk', few)).toBe('https://funsite.co.uk');
    expect(found('https://funsite.uk', few)).toBeNull();
  });

  it('the rule links throws for no text, and what it marks is within the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 12 }),
          fc
            .array(
              fc.constantFrom('fun', '.', 'de', 'com', ' ', '://', 'http', '@', '‮', '&#46;', '[.]', 'ｃom'),
              {
                maxLength: 12,
              },
            )
            .map((parts) => parts.join('')),
        ),
        (text) => {
          const match = rule.match(text);
          if (match === null) return;
          const { start, end } = match.span();
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
