import type { StubMessage } from './stub-desk.ts';

/** Messages of a dating community as they may wait there, for the screenshots. */
export const sampleMessages: readonly StubMessage[] = [
  {
    message:
      'Hey du, ich bin neu hier 🙂 meine Bilder findest du auf heisse\u200Bdates69 punkt net, melde dich bitte zuerst da an, dann schreiben wir.',
    sender: 'user 88213',
    community: 'dating-de',
    probability: 0.616,
  },
  {
    message:
      'Hi, I saw your profile and I really like your garden pictures. Do you grow the tomatoes yourself?',
    probability: 0.52,
  },
  {
    message:
      'Earn 300 € a day from home, no experience needed, write me on my private channel https://example.com/go',
    probability: 0.69,
  },
  {
    message: 'Wer kommt am Samstag mit zum Flohmarkt? Wir treffen uns um neun am Brunnen.',
    probability: 0.51,
    origin: 'audit',
  },
  {
    message: 'р\u0430yp\u0430l refund waiting, confirm at pay-check.example.com before midnight',
    probability: 0.66,
  },
  { message: 'مرحبا، هل ما زالت الدراجة متاحة؟ أستطيع أن آتي غداً.', probability: 0.55, sender: 'ليلى' },
  { message: 'can u send me the address again pls', probability: null, origin: 'unscorable' },
  {
    message: 'Selling two tickets for tonight, same price as I paid. Message me here.',
    probability: 0.58,
    origin: 'report',
  },
  ...Array.from({ length: 60 }, (_, index) => ({
    message: `Offer number ${index + 1}: visit our new shop today and take two for one.`,
  })),
];
