import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Edits } from '../../../src/text/edits.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { plainCharacters } from '../../../src/text/plain-characters.ts';

const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
const read = (text: string) => featurizer.prepare(text).text;

describe('characters that stand for Latin letters', () => {
  it.each([
    ['Lisu', 'ꓚꓮꓡꓡ ꓠꓳꓪ', 'CALL NOW'],
    ['Canadian syllabics beside Latin letters', 'ᖴᖇEE ᑕᗩᔕᕼ', 'FREE CASH'],
    ['Cherokee', 'ᏟᎪᏞᏞ now', 'CALL now'],
    ['Coptic', 'ⲥⲁⳑⳑ ⲙⲉ now', 'call me now'],
    ['Ethiopic', 'ርልረረ now', 'call now'],
    ['currency signs', '₵₳₴Ⱨ ₱ⱤłⱫɆ', 'CASH PRIZE'],
    ['hooked letters', 'ƒɾɛɛ ɱσɳɛყ', 'free money'],
    ['letters turned upside down', 'ʎǝuoɯ ǝǝɹɟ ʇǝƃ', 'get free money'],
    ['Chinese and Japanese letters', '千尺乇乇 匚卂丂卄', 'FREE CASH'],
    ['Greek, Cyrillic and signs in one word', '¢αѕн ρяιzє', 'cash prize'],
    ['whole Cyrillic words', 'саѕһ сору', 'cash copy'],
    ['regional indicators with zero width', '🇼​🇮​🇳 🇨​🇦​🇸​🇭', 'WIN CASH'],
    ['regional indicators with thin spaces', '🇼\u2009🇮\u2009🇳 🇨\u2009🇦\u2009🇸\u2009🇭', 'WIN CASH'],
    ['letters in brackets', '⒡⒭⒠⒠ 🄲🄰🄻🄻', 'free CALL'],
    ['squares, circles and mathematics', '🅵🆁🅴🅴 ⓒⓐⓢⓗ 𝓶𝓸𝓷𝓮𝔂', 'FREE cash money'],
  ])('characters that look like Latin letters are read as them: %s', (_, written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it.each([
    'ᎣᏏᏲ ᏙᎯᏧ',
    'ᓀᐦᐃᔭᐍᐏᐣ',
    'ሰላም እንዴት ነህ',
    'Ⲛⲟⲩϥⲣⲓ',
    'ꓡꓯ ꓢꓲ ꓐꓴ',
    'Καλημέρα, τι κάνεις',
    'нет, она там и тут',
    'Как дела? Там сто мест',
    'こんにちは、カメラのメモリ',
    '几千尺的山',
    'T恤和卡拉OK',
    'me wɔ ho yie, ɛyɛ',
    'US$ 5, 10€ und 3£, €5/kg',
    '§5 und §12',
    '🇩🇪🇫🇷 🇺🇸',
    'ʃɔp ənɛt',
    'Łódź i Wrocław',
  ])('characters that look like Latin letters stay if they are a genuine script: %s', (text) => {
    const edits = new Edits();
    plainCharacters(text, edits);
    expect(read(text)).toBe(edits.apply(text));
  });
});

describe('blanks that are no white space', () => {
  it.each([
    ['win\u3164a\u3164free\u3164prize', 'win a free prize'],
    ['win\u1160a\u115ffree\u1160prize now', 'win a free prize now'],
    ['win\u001fa\u001ffree\u001fprize', 'win a free prize'],
    ['f\u3164r\u3164e\u3164e m\u3164o\u3164n\u3164e\u3164y', 'free money'],
    ['he\u0001llo there', 'hello there'],
  ])('blank characters that are not white space separate words or are removed: %j', (written, expected) => {
    expect(read(written)).toBe(expected);
  });
});

describe('escaped characters', () => {
  it.each([
    ['\\u0066\\u0072\\u0065\\u0065 money', 'free money'],
    ['fr\\x65e', 'free'],
    ['\\u{66}ree \\ud83d\\ude00', 'free 😀'],
    ['&#102;&#x72;ee', 'free'],
    ['&amp;#102;ree &amp;amp; more', 'free & more'],
    ['you owe &lt;#&gt; dollars', 'you owe <#> dollars'],
    ['caf&eacute;&nbsp;now', 'cafe now'],
    ['%66%72%65%65 money', 'free money'],
    ['Hello%20free%20money', 'Hello free money'],
    ['=66=72=65=65 =49 win', 'free I win'],
    ['fr=65e', 'free'],
  ])('escaped characters are decoded: %s', (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it.each([
    '50%off, 100%20',
    'a=66, b=72',
    'C:\\users\\x',
    'Q&A with R&B; ok',
    'https://a.example/x%20y?id=66',
    'nur 20%ab heute',
    'AT&T; me',
  ])('escaped characters stay in prices, formulas, paths and links: %s', (text) => {
    expect(read(text)).toBe(text);
  });
});

describe('markup', () => {
  it.each([
    ['fr**ee** pri**ze**', 'free prize'],
    ['gi~~rls~~ ca||sh||', 'girls cash'],
    ['**w**in __c__ash', 'win cash'],
    ['fr<b></b>ee m<i>on</i>ey', 'free money'],
    ['fr<!-- x -->ee', 'free'],
    ['fr[b]ee[/b] [color=red]cash[/color]', 'free cash'],
    ['**free** ||cash||', 'free cash'],
    ['win<br>free<p>cash', 'win\nfree\ncash'],
    ['fr**ee', 'free'],
  ])('markup is removed: %s', (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it.each([
    'a<b and c>d',
    'x**2 + y**2',
    'i <3 you :*',
    '> quoted text',
    '```\na**b** <b>x</b>\n```',
    'f**k this',
    'a[i] = b[j]',
    'read <!-- a comment --> this',
    'a || b',
    'snake_case_name',
  ])('markup stays in code, formulas and emoticons: %s', (text) => {
    expect(read(text)).toBe(text);
  });
});

describe('direction', () => {
  it.each([
    ['\u202eezirp eerf a niw\u202c', 'win a free prize'],
    ['\u202eezirp eerf a niw', 'win a free prize'],
    ['\u202eniw\u202c a \u202eeerf\u202c prize', 'win a free prize'],
  ])('text under an override of direction is put into reading order: %j', (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it('text that is genuinely written from right to left stays', () => {
    expect(read('\u202eשלום לכולם\u202c')).toBe('שלום לכולם');
    expect(read('مرحبا \u202eكيف\u202c')).toBe('مرحبا كيف');
  });
});

describe('letters below one another', () => {
  it.each([
    ['w\ni\nn\n\nc\na\ns\nh', 'win cash'],
    ['w\ni\nn\nc\na\ns\nh', 'win cash'],
    ['f\nr\ne\ne\n!', 'free!'],
  ])('letters below one another are read as words: %j', (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it.each(['a\nb\nc\nd\ne\nf\ng\nh', '1\n2\n3\n4\n5\n6\n7\n8', 'roses\nare\nred', 'x\n\ny\n\nz\n\nx'])(
    'lines below one another stay if they are a list: %j',
    (text) => {
      expect(read(text)).toBe(text);
    },
  );
});

describe('links', () => {
  it.each([
    ['funsite·com', 'funsite.com'],
    ['funsite•net now', 'funsite.net now'],
    ['funsite🔵com', 'funsite.com'],
    ['funsite punkt de', 'funsite.de'],
    ['funsite (punkt) com', 'funsite.com'],
    ['http:\\\\funsite.com', 'http://funsite.com'],
    ['h t t p s : / / funsite.com', 'https://funsite.com'],
    ['https://funsite,co/x', 'https://funsite.co/x'],
    ['funsite. c o m', 'funsite.com'],
    ['http://3232235777/x', 'http://192.168.1.1/x'],
    ['http://0xc0a80101/x', 'http://192.168.1.1/x'],
    ['http://0300.0250.1.1/x', 'http://192.168.1.1/x'],
    ['http://[::ffff:192.168.1.1]/x', 'http://192.168.1.1/x'],
    ['http://[2001:db8::1]/x', 'http://0.0.0.1/x'],
    ['coolplace 21 ...c,,,0...m...', 'coolplace21.com'],
    ['funsite 18++n++e+++t+++', 'funsite18.net'],
  ])('a hidden link %s is restored as %s', (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it.each([
    'ein Punkt, der zählt',
    'der punkt de gaulle',
    'a·b and Anna·Lena',
    'http://5/x',
    'http://192.168.1.1/x',
    'red, white,co-op',
    'I love ❤ cooking',
  ])('a text that is not a hidden link stays: %s', (text) => {
    expect(read(text)).toBe(text);
  });
});

describe('properties', () => {
  const pieces = fc.constantFrom(
    ...[
      'free',
      'cash',
      'Привет',
      'ᖴᖇEE',
      'ꓚꓮꓡꓡ',
      'ƒɾɛɛ',
      'ǝǝɹɟ',
      '千尺乇乇',
      '¢αѕн',
      '🇼',
      '🇩🇪',
      'ł',
      '₳',
      '˙',
    ],
    ...[
      '\u3164',
      '\u001f',
      '\u202e',
      '\u202c',
      '\\u0066',
      '&#102;',
      '&amp;',
      '&lt;',
      'b',
      '&gt;',
      '%66',
      '=66',
    ],
    ...[
      '**',
      '~~',
      '<b>',
      '</b>',
      '[b]',
      '[/b]',
      '<!--',
      '-->',
      '```',
      '\n',
      ' ',
      '·',
      '🔵',
      'com',
      'de',
      ' punkt ',
    ],
    ...['http:\\\\', 'http://', '3232235777', '0x7f.1', '[::1]', ' : / / ', 'ﷺ', '.', 'a', 'é'],
  );
  const texts = fc.array(pieces, { maxLength: 20 }).map((list) => list.join(''));

  it('reading obfuscated characters a second time changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { text: once, isExhausted } = featurizer.prepare(text);
        fc.pre(!isExhausted);
        expect(read(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('each code unit of a deobfuscated text has a position in the message', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { prepared, trace } = featurizer.prepareTraced(text);
        expect(trace.starts).toHaveLength(prepared.text.length);
        for (const [at, start] of trace.starts.entries()) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(trace.ends[at]).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
