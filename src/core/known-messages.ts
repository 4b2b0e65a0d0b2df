/** A message whose class leaves no doubt to a person, written for this list. */
export interface KnownMessage {
  readonly message: string;
  readonly language: 'en' | 'de';
}

/**
 * Messages that no model has chosen. An admission check scores them with each new model, and the dispatcher scores them with the
 * active one to see whether scoring works at all. They say what anyone's spam says, so that any model that has learned spam
 * in one of the languages knows some of them.
 */
export const clearSpam: readonly KnownMessage[] = [
  {
    message: 'WINNER!! You have won a £1000 cash prize! To claim call 09061701461 now. Claim code KL341.',
    language: 'en',
  },
  {
    message:
      'FREE entry in our weekly competition, win tickets! Text WIN to 87121 now. 18+, £1.50 per msg, reply STOP to end',
    language: 'en',
  },
  {
    message:
      'URGENT! Your mobile number was awarded a guaranteed £2000 prize. Call 0900 123 4567 from a land line. Offer ends today',
    language: 'en',
  },
  {
    message:
      'Make $5000 a week from home!!! Click here http://cash-now.example/win and subscribe to get your FREE bonus',
    language: 'en',
  },
  {
    message:
      'Hot singles want to chat with you tonight, visit www.hot-singles.example now!! sexy pics free $$$',
    language: 'en',
  },
  { message: 'W I N  a  F R E E  p r i z e  n o w !!!  c a l l  0 9 0 0 1 2 3 4 5 6 7', language: 'en' },
  {
    message:
      'Herzlichen Glückwunsch! Sie haben 1.000 € gewonnen! Jetzt kostenlos anrufen: 0900 123456, nur 1,99 €/Min.',
    language: 'de',
  },
  {
    message:
      'Verdiene 3000 € im Monat von zu Hause!!! Klick jetzt auf www.geld-sofort.example und sichere dir deinen Bonus GRATIS',
    language: 'de',
  },
  {
    message:
      'Heiße Frauen aus deiner Stadt wollen dich kennenlernen, kostenlos anmelden: http://flirt.example/jetzt !!!',
    language: 'de',
  },
];

/** The same of everyday messages. */
export const clearHam: readonly KnownMessage[] = [
  { message: 'Hey, are we still on for dinner tonight? I could bring dessert.', language: 'en' },
  { message: 'ok see you there', language: 'en' },
  { message: 'I left the keys under the mat, I will be home around eight.', language: 'en' },
  { message: 'Sorry, I was asleep. Did you get home all right last night?', language: 'en' },
  { message: 'Thanks for your help yesterday, I think I understand it now.', language: 'en' },
  {
    message:
      'I talked to my sister about the weekend and she says that the house is ours from Friday evening on. We should leave right after work, since there is always so much traffic, and pick up some food on the way. I do not know yet whether her friends come along, but there is room for all of us, and if the weather is good we can go down to the lake in the morning. Tell me what you think, and ask your brother as well.',
    language: 'en',
  },
  { message: 'Hallo, hast du am Samstag Zeit? Wir wollten zusammen kochen.', language: 'de' },
  { message: 'Bin gleich da, der Bus steht noch im Stau. Fangt schon mal an.', language: 'de' },
  { message: 'Danke dir, das war ein schöner Abend. Grüße an deine Eltern!', language: 'de' },
];

/** Texts that say nothing, or are written to confuse; a model may think of them what it likes, but must answer. */
export const oddMessages: readonly string[] = [
  '',
  ' ',
  'k',
  '?!',
  '7',
  '😀😀🎉',
  '\ud83d',
  'free\u0000prize\u0000now',
  'fr\u200bee pri\u200bze, cl\u00adick h\u200dere',
  '\u202ewon evah uoy\u202c you have won',
  'Ｆｒｅｅ　ｃａｓｈ Frее mоnеу V1AGR4 ch3ap',
  'Привет, как дела? 你好 مرحبا',
  'a'.repeat(2_000),
  'very '.repeat(2_000),
  'call 0900 now http://a.example/b $1000 '.repeat(200),
];
