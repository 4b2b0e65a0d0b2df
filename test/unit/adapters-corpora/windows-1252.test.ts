import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/adapters/corpora/decode-text.ts';
import { mailText } from '../../../src/adapters/corpora/mail-text.ts';
import { decodeWindows1252 } from '../../../src/core/windows-1252.ts';

describe('Windows-1252 is decoded alike by every version of Node', () => {
  it('Windows-1252 is decoded alike by every version of Node: each byte from 0x80 to 0x9F as in the Encoding Standard', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
    const codes = [...decodeWindows1252(bytes)].map((character) => character.charCodeAt(0).toString(16));
    expect(codes.join(' ')).toBe(
      '20ac 81 201a 192 201e 2026 2020 2021 2c6 2030 160 2039 152 8d 17d 8f ' +
        '90 2018 2019 201c 201d 2022 2013 2014 2dc 2122 161 203a 153 9d 17e 178',
    );
  });

  it('Windows-1252 is decoded alike by every version of Node in a data file that is not UTF-8', () => {
    expect(decodeText(Buffer.from('9366726565943b20e4', 'hex'), 'a.csv')).toBe('“free”; ä');
  });

  it('Windows-1252 is decoded alike by every version of Node in a mail that names it as its charset', async () => {
    const mail = Buffer.concat([
      Buffer.from('Subject: a\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\n'),
      Buffer.from('9366726565942e', 'hex'),
    ]);
    expect(await mailText(mail)).toBe('a\n“free”.');
  });
});
