import { languageOf, languageTags } from '../text/languages/languages.ts';
import type { Probe } from './feature-matrix.ts';

/**
 * Messages written for the purpose, that every model answers for the record: whoever loads a model compares. They touch what can go
 * wrong between training and serving, not what is hard to score: both languages, obfuscation, links, odd Unicode, long and nearly
 * empty texts.
 */
export const goldenMessages: readonly Probe[] = [
  { message: 'Hey, are we still on for climbing on Thursday? I could bring the spare rope.' },
  { message: 'ok' },
  { message: 'lol yes!! see u there' },
  { message: 'Could you send me the address again? I deleted our chat by mistake, sorry.' },
  { message: 'Thanks for the photos, the one with the dog on the sledge is wonderful.' },
  { message: 'I read your profile and I like that you bake your own bread. Rye or wheat?', language: 'en' },
  { message: 'My train is 20 minutes late, order something for me please, the usual :)' },
  { message: 'The meeting moved to 14:30, room 204. Bring the numbers of Q3, 12.5% is not what I had.' },
  {
    message:
      'WINNER!! You have been chosen for a £900 prize, call 09061234567 now. Claim code KL341, valid 12hrs only',
  },
  { message: 'FREE entry in our weekly draw, text WIN to 80085 now! 18+ only, £1.50 per msg' },
  { message: 'Earn $5000 a week from home, no experience needed, write to me on WhatsApp +44 7700 900123' },
  {
    message:
      'Hi dear, i saw your profile and fell in love, please write me at lovely.rose@example.com so I send pictures',
  },
  { message: 'Check out my channel and subscribe, new video every day http://example.com/channel?ref=123' },
  {
    message:
      'Your parcel is held at customs. Pay the fee of 1.99 at https://parcel-fee.example.net/pay within 24 hours.',
  },
  { message: 'Buy followers, likes and views. Cheap & fast. www.example.org' },
  {
    message:
      'Invest in bitcoin with our expert and double your money in 3 days, guaranteed!!! Join t.me/examplegroup',
  },
  { message: 'f r e e  m o n e y  click here  w w w . e x a m p l e . c o m' },
  { message: 'F\u02d4 u\u02d4 n\u02d4 s\u02d4 i\u02d4 t\u02d4 e. c\u02d4 o\u02d4 m is where we talk' },
  { message: 'visit coolplace 21 ...c,,,0...m... tonight' },
  { message: 'hxxps://example [dot] com has all my pictures' },
  { message: 'fr\u200bee pri\u200bze, cla\u00adim n\u200dow' },
  { message: '\u202ewon evah uoy\u202c you have won' },
  { message: 'Ｆｒｅｅ　ｃａｓｈ　ｎｏｗ' },
  { message: 'Frее mоnеу fоr уоu' },
  { message: 'c\u0335l\u0335i\u0335c\u0335k\u0335 my profile' },
  { message: 'V1AGR4 ch3ap, d1sc0unt 80%' },
  { message: 'free\u0000prize\u0000now' },
  { message: 'Привет, как дела? Давно не виделись.' },
  { message: 'Заработок от 500$ в день, пишите в личку, без вложений' },
  { message: '你好，今天天气不错' },
  { message: 'مرحبا كيف حالك اليوم' },
  { message: '😀😀😀🎉' },
  { message: '👩‍👩‍👧 ❤️ 🇩🇪' },
  { message: '\ud83d lone half' },
  { message: '...' },
  { message: ' ' },
  { message: '?!' },
  { message: '7' },
  { message: 'a\nb\tc\r\nd' },
  { message: 'ﬁne ﬂat ½ Ⅷ ㍿ ﷺ' },
  { message: `${'very '.repeat(300)}long` },
  { message: '<script>alert("free")</script> & <b>bold</b>' },
  { message: 'https://a.example/b https://c.example/d https://e.example/f https://g.example/h' },
  { message: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
  ...languageTags.flatMap((language) =>
    (languageOf(language)?.goldenMessages ?? []).map((message) => ({ message, language })),
  ),
];
