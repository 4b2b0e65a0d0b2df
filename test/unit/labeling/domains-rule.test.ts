import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { readDomainNames } from '../../../src/labeling/rules/domain-names.ts';
import { domainsRule } from '../../../src/labeling/rules/domains-rule.ts';

const names = ['funsite', 'coolplace', 'moneylake', 'casino', 'bet-haven', 'slots365'];
const rule = domainsRule({ names });
const found = (message: string) => {
  const match = rule.match(message);
  if (match === null) return null;
  const { start, end } = match.span();
  return message.slice(start, end);
};

describe('the rule domains', () => {
  it.each([
    'F˔ u˔ n˔ s˔ i˔ t˔ e',
    'come to F˖u˖n˖s˖i˖t˖e . n˖e˖t!',
    'funsite',
    'see FunSite.net now',
    'www.funsite.org',
    'f u n s i t e',
    'look at f.u.n.s.i.t.e today',
    'f*u*n*s*i*t*e',
    'f-u-n-s-i-t-e',
    'fun$1te',
    'fun51te is back',
    'fսnsite',
    'fünsíte',
    'funslte.com',
    'fu-nsi-te',
    'fu ns it e',
    'fuuuunsiiite',
    'ⓕ ⓤ ⓝ ⓢ ⓘ ⓣ ⓔ',
    'v i s i t  f u n s i t e  n o w',
    'f😀u😀n😀s😀i😀t😀e',
    'f 🔥 u 🔥 n 🔥 s 🔥 i 🔥 t 🔥 e',
    'f\nu\nn\ns\ni\nt\ne',
    'fu~nsi~te',
    'a fun site . com',
    'fun-site.net',
    'ｆｕｎｓｉｔｅ',
    '𝐟𝐮𝐧𝐬𝐢𝐭𝐞',
    'ⓕⓤⓝⓢⓘⓣⓔ',
    'f​u​n​s​i​t​e',
    'f<b>un</b>site',
    'funsite18',
    'fun s1te',
    '🇫 🇺 🇳 🇸 🇮 🇹 🇪',
    'f👨‍👩‍👧u👨‍👩‍👧n👨‍👩‍👧s👨‍👩‍👧i👨‍👩‍👧t👨‍👩‍👧e',
    'c\u200basino',
    'look at \u202eetisnuf\u202c now',
    'c4sino',
    'c a s i n o',
    'casino.com',
    'bet-haven',
    'b.e.t.h.a.v.e.n',
    'bethaven',
    'slots365',
    's l o t s 3 6 5',
  ])('the rule domains finds a name in %j', (message) => {
    expect(found(message)).not.toBeNull();
  });

  it.each([
    'a fun site visit',
    'that was fun. Site note: closed on monday',
    'fun, site, and more',
    'we had fun\nsite is closed',
    'a cool place to be',
    'cool. Place it there',
    'Das macht Spaß. fun? site?',
    'the casino was closed',
    'funsites are many',
    'a refunsite',
    'money lake',
    'I bet haven would like it',
    'fun 😀 site',
    'fun - site',
    'fun / site',
    'slots 36',
    '🇩🇪 fun 5 ite',
    'fun. s1te',
    'have fun site.com is down',
    'FUN S I T E is a word',
    'fun18_site',
    'cool1964@place.com',
    'oh i t s c o o l  p l a c e s o so',
    'funslte',
    '@fun_site wrote',
    'cool_place',
    'money_lake_haven',
  ])('the rule domains leaves %j alone, whose words only make a name together', (message) => {
    expect(found(message)).toBeNull();
  });

  it('the rule domains marks what was written, and names the site', () => {
    const message = 'now at f.u.n.s.i.t.e and more';
    expect(rule.match(message)!.what).toBe('site funsite');
    expect(found(message)).toBe('f.u.n.s.i.t.e');
  });

  it('the rule domains looks at a number of units that grows linearly with the text, whatever the names and the text are', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `a${'ab'.repeat(i % 20)}${i.toString(36)}site`);
    let sum = 0;
    const counted = domainsRule({ names: many }, (units) => {
      sum += units;
    });
    const steps = (text: string) => {
      sum = 0;
      counted.match(text);
      return sum;
    };
    // A quadratic one would look at 16 times as many.
    for (const unit of ['a b ', 'ab', 'a.', 'aab ', 'a!1@'])
      expect(steps(unit.repeat(1600))).toBeLessThan(7 * steps(unit.repeat(400)));
  });

  it('the rule domains throws for no text, and what it marks is within the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 12 }),
          fc
            .array(fc.constantFrom(...'funsitec4$1@ .\n˔😀ſ‮&#110;'), { maxLength: 40 })
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

describe('a list of site names', () => {
  it('a list of site names may have comments, blank lines, capitals and repeated names', () => {
    expect(
      readDomainNames(['\ufeff# sites', '', 'FunSite', 'funsite # again', ' cool-place '], 'sites.txt'),
    ).toEqual(['funsite', 'cool-place']);
  });

  it.each([
    [
      ['funsite', 'funsite.net'],
      'sites.txt:2: "funsite.net" has more than the name of the site; write it without its ending: funsite',
    ],
    [['https://www.funsite.net/a'], 'write it without its ending: funsite'],
    [['fun site'], 'sites.txt:1: "fun site" has a space in it'],
    [['fun+site'], 'consists of letters, digits and hyphens'],
    [['abc'], 'fewer than 4 letters'],
    [['a'.repeat(64)], 'more than 63 letters'],
    [['# nothing'], 'sites.txt has no names'],
  ])('a list of site names that holds %j is refused, with file and line', (lines, text) => {
    const read = () => readDomainNames(lines, 'sites.txt');
    expect(read).toThrow(SluiceError);
    expect(read).toThrow(text);
  });
});
