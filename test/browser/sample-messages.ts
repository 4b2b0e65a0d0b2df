import type { StubMessage } from './stub-desk.ts';

/** Messages of a dating community as they may wait there, for the screenshots. */
export const sampleMessages: readonly StubMessage[] = [
  {
    message:
      'Hey du, ich bin neu hier 🙂 meine Bilder findest du auf heisse\u200Bdates69 punkt net, melde dich bitte zuerst da an, dann schreiben wir.',
    sender: 'user 88213',
    community: 'dating-de',
    probability: 0.616,
    campaign: 1,
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
    probability: null,
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
  {
    message: 'f\u0336r\u0336e\u0336e c o i n s for everybody who writes first, see my profile',
    probability: 0.21,
    reasons: ['text:deobfuscation-limit'],
  },
  ...[
    'Hallo du, ich bin ganz neu hier, meine Fotos findest du auf heisse-dates77 punkt net, melde dich zuerst da an.',
    'Na du, bin neu hier 🙂 neue Bilder von mir auf h e i s s e dates12 . net, erst anmelden, dann schreiben wir.',
    'Hey du, ich bin neu hier und suche eine Laufgruppe am Stadtpark, schreibt mir gern, wenn noch jemand dazukommen darf.',
    'Hey ihr, ich bin neu hier, meine Bilder sind auf heissedates31 punkt net, bitte zuerst da anmelden.',
    'Hey du, bin neu hier, meine Bilder findest du auf heissedates44 punkt net, melde dich da an, dann schreiben wir.',
  ].map((message, index) => ({
    ...{ message, sender: `user ${90_211 + index * 37}`, community: 'dating-de', campaign: 1 },
    probability: [0.66, 0.63, 0.51, 0.64, 0.62][index]!,
  })),
  ...Array.from({ length: 60 }, (_, index) => ({
    message: `Offer number ${index + 1}: visit our new shop today and take two for one.`,
  })),
];
