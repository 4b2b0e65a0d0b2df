import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { locateFeatures } from '../../../src/text/locate-features.ts';
import { type Obfuscation, obfuscationBit } from '../../../src/text/obfuscation.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
const plain = (text: string) => featurizer.prepare(text).text;
const undone = (text: string) => featurizer.prepare(text).undone;
const bits = (...kinds: readonly Obfuscation[]) => kinds.reduce((all, kind) => all | obfuscationBit(kind), 0);

describe('pieces of a word are joined where they are no words and what they make is one', () => {
  it.each([
    ['claim your pr-ize', 'claim your prize'],
    ['claim your pr ize', 'claim your prize'],
    ['cl_ick the li/nk', 'click the link'],
    ['gua.ranteed win~ners', 'guaranteed winners'],
    ['ca😀sh for ev👍eryone', 'cash for everyone'],
    ["sub'scribe to my cha'nnel", 'subscribe to my channel'],
    ['a g|ift ca|rd', 'a gift card'],
    ['mo-ne-y and pri-z-es', 'money and prizes'],
    ['gi rls wa nt to me et you to night', 'girls want to meet you tonight'],
    ['W/i/n c/a/s/h n/o/w', 'Win cash now'],
    ['e=a=r=n m=o=n=e=y f=r=o=m h=o=m=e', 'earn money from home'],
    ['C"l"a"i"m t"h"e p"r"i"z"e', 'Claim the prize'],
    ["h'o't g'i'r'l's o'n'l'i'n'e", 'hot girls online'],
    ['ko-stenlos ge-winnen', 'kostenlos gewinnen'],
    ['klick hie_r und gew_inne', 'klick hier und gewinne'],
  ])('pieces of a word are joined if they are no words and together are one: %j', (written, read) => {
    expect(plain(written)).toBe(read);
  });

  it('joining pieces of a word counts as obfuscation only for two words or more', () => {
    expect(undone('pr-ize and ca-sh')).toBe(bits('parted'));
    expect(undone('one pr-ize')).toBe(0);
  });

  it('joining pieces of a word includes unknown words if enough known ones were taken apart by the same sign', () => {
    expect(plain('Ka-zoombo says: cla-im the pri-ze')).toBe('Kazoombo says: claim the prize');
    expect(plain('Ka-zoombo says hello')).toBe('Ka-zoombo says hello');
    expect(plain('z=o=m=b=o=x gives c=a=s=h and p=r=i=z=e=s')).toBe('zombox gives cash and prizes');
  });

  it('joining pieces of a word reads one or two signs as the letters that they replace', () => {
    expect(plain('a pr*ze, fr*e c#sh and m*ney')).toBe('a prize, free cash and money');
    expect(plain('a PR*ZE')).toBe('a PRIZE');
    expect(plain('win**rs')).toBe('winners');
  });
});

describe('stretched and doubled letters are taken out', () => {
  it.each([
    ['freeeee caaash', 'free cash'],
    ['hottt giiirls', 'hot girls'],
    ['Coongraatuulaatiioons', 'Congratulations'],
    ['yoouu woon aa caash priizee', 'you won aa cash prize'],
    ['FREEEE', 'FREE'],
    ['sooo haaaallo jaaaa', 'so hallo ja'],
    ['kostenlooos', 'kostenlos'],
  ])('stretched and doubled letters are reduced: %j', (written, read) => {
    expect(plain(written)).toBe(read);
  });

  it('stretched letters do not count as obfuscation, because friends write like this', () => {
    expect(undone('sooo nice, haaaallo, jaaaa, niceee')).toBe(0);
  });
});

describe('joined words are parted', () => {
  it.each([
    ['WinAFreePrizeNow', 'Win A Free Prize Now'],
    ['clickheretojoinforfree', 'click here to join for free'],
    ['hotgirlswanttomeetyoutonight', 'hot girls want to meet you tonight'],
    ['WinAFreePrizeNowCallToClaimYourCashBonus', 'Win A Free Prize Now Call To Claim Your Cash Bonus'],
    ['CheckOutMyZumbaChannel', 'Check Out My Zumba Channel'],
  ])('joined words are separated: %j', (written, read) => {
    expect(plain(written)).toBe(read);
  });
});

describe('damaged words are read as words of spam', () => {
  it.each([
    ['cngrtltns, clm your prz, cntct us', 'congratulations, claim your prize, contact us'],
    ['subscirbe to my chnanel', 'subscribe to my channel'],
    ['guarantted profitt', 'guaranteed profit'],
    ['eerf yenom kcilc ereh', 'free money click here'],
    ['subscribe: lennahc', 'subscribe: channel'],
    ['фрее монеу клицк', 'free money click'],
    ['МОНЕУ', 'MONEY'],
  ])('damaged words are read as words of spam: %j', (written, read) => {
    expect(plain(written)).toBe(read);
  });

  it('deobfuscation needs more evidence to read damaged words that are short', () => {
    expect(plain('I like my fre time')).toBe('I like my fre time');
    expect(plain('fre mony cahs')).toBe('free money cash');
  });

  it('words that are reversed or spelled in another alphabet count as obfuscation', () => {
    expect(undone('eerf yenom kcilc ereh')).toBe(bits('reversed'));
    expect(undone('фрее монеу клицк')).toBe(bits('respelled'));
    expect(undone('subscirbe to my chnanel')).toBe(0);
  });
});

describe('what is written by right stays', () => {
  it.each([
    'an e-mail, a t-shirt, an x-ray, the u-bahn, a d-day',
    "don't, didn't, kommt's, gibt's, l'amour, d'accord, qu'il, o'clock, rock'n'roll, y'all, she'll",
    'drop-off, pick-up, und/oder, apples/pears, he/she, w/m/d, y/n, c/o, a/b/c/d, 24/7',
    'Anna-Lena, Jean-Luc, Coca-Cola, soccer-fan, vegan/vegetarian, mother-in-law, to-do',
    'hmm, haha, xxx, www, zzz, mhm, brb, lol, tbh',
    'Wohnungsbesichtigung, Bundestagswahlkampf, Straßenbahnhaltestelle, aufzunehmen, wiederherstellen',
    'JohnDoe, iPhone, YouTube, PayPal, JavaScript, getElementById, myVariableName, HttpServerFactory',
    '@free_prize_now, @winner.win, #ThrowbackThursday, #winafreeprizenow',
    'see example.com/free-money, www.fr-ee.example.com, mail me@pr-ize.com, snake_case_name, foo.bar.baz',
    'Привет как дела, сегодня был в банке и купил билет, нет, тест',
    'καλημερα φιλε, τι γινεται σημερα',
    'rational officers, national identity, clouds, a bidder, holidays, wiring, geeks',
    'pres, nieder, weiber, zählen, brauchte, erstens, Saal, Haare, Waage, Beeren',
    'Merhaba, bu aksam sinemaya gidelim mi; hola, que tal tu familia; comment va ta famille, merci beaucoup',
    'I saw a star, was on the road, no, now, won, not, ton, deliver',
    'good, book, tree, feel, happy, coffee, success, address, Schiff, Kaffee, Wasser',
    'a * b = c, 5*4, foo(a, b), *emphasis* and _this_, ~tilde~',
    'see you @ home / work, 2 - 3 days, a, b or c',
  ])('deobfuscation leaves a legitimate word as it is: %j', (text) => {
    expect(featurizer.prepare(text)).toMatchObject({ text, undone: 0 });
  });
});

describe('properties of read words', () => {
  const words = fc.array(
    fc.constantFrom(
      'free',
      'prize',
      'channel',
      'subscribe',
      'money',
      'guaranteed',
      'winner',
      'kostenlos',
      'telegram',
    ),
    { minLength: 3, maxLength: 10 },
  );

  it('a word that was read as a known word has the position of what was written', () => {
    const located = locateFeatures(featurizer, 'claim the pr-ize, subscirbe, freeee').filter(({ name }) =>
      ['w:prize', 'w:subscrib', 'w:free'].includes(name),
    );
    expect(located.map(({ name, start, end }) => [name, start, end])).toEqual([
      ['w:prize', 10, 16],
      ['w:subscrib', 18, 27],
      ['w:free', 29, 35],
    ]);
  });

  it('deobfuscation removes any single sign inside each word, wherever it is', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(...'-_/~|+'), fc.nat(), (list, sign, seed) => {
        const parted = list.map((word, i) => {
          const at = 2 + ((seed + i) % (word.length - 2));
          return word.slice(0, at) + sign + word.slice(at);
        });
        expect(plain(parted.join(' '))).toBe(list.join(' '));
      }),
    );
  });

  it('deobfuscation reads words with any letter repeated', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 3, max: 8 }), fc.nat(), (list, times, seed) => {
        const stretched = list.map((word, i) => {
          const at = (seed + i) % word.length;
          return word.slice(0, at) + word[at]!.repeat(times) + word.slice(at + 1);
        });
        expect(plain(stretched.join(' '))).toBe(list.join(' '));
      }),
    );
  });
});
