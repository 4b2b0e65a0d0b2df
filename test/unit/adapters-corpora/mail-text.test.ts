import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlText, mailText } from '../../../src/adapters/corpora/mail-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the text of a mail', () => {
  test('the text of a mail is its subject and its plain body', async () => {
    const mail = 'From: a@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHello there.\r\n';
    expect(await mailText(bytes(mail))).toBe('Grüße\nHello there.');
  });

  test('the text of a mail with an HTML page only is the visible text of the page', async () => {
    const html = '<style>p{}</style><p>Click&nbsp;here<br>now</p><script>evil()</script>';
    const mail = `Subject: offer\r\nContent-Type: text/html\r\n\r\n${html}`;
    const text = await mailText(bytes(mail));
    expect(text.startsWith('offer\nClick')).toBe(true);
    expect(text).toContain('now');
    expect(text).not.toMatch(/evil|p\{\}/);
  });

  test('the text of a mail is cut to 2,000 code units, never within a surrogate pair', async () => {
    const text = await mailText(bytes(`Subject: x\r\n\r\n${'😀'.repeat(3000)}`));
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  test('the text of a mail can be extracted from any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (raw) => {
        expect((await mailText(raw)).length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 200 },
    );
    for (const odd of [
      '',
      '\r\n\r\n',
      'Content-Type: multipart/mixed\r\n\r\n--x',
      'Subject: =?x?y?z?=\r\n\r\na',
    ])
      expect(typeof (await mailText(bytes(odd)))).toBe('string');
  });
});

test('HTML tags in a mail that are never closed do not hide the rest of the text', () => {
  expect(htmlText('</script>a<div><b>c')).toBe('a\nc');
});
