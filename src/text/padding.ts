import type { PaddingKind } from '../core/obfuscation-kinds.ts';

/** What people write in chats, written for this list: harmless words that spam is hidden among. */
const sentences: readonly string[] = [
  'I think we left the blue umbrella in the hall after the concert.',
  'My sister is painting her kitchen this weekend and wants some help with the ceiling.',
  'Did you ever finish the book about the lighthouse?',
  'The soup needs a bit more salt but it is really good.',
  'We took the slow train and looked at the hills for two hours.',
  'He said the dog is fine and sleeps on the sofa all day.',
  'Remember to bring a warm jacket, it gets cold near the lake.',
  'I was so tired after the match that I fell asleep with my shoes on.',
  'The neighbors have a new cat, it sits on our wall every morning.',
  'Maybe we can play cards on Thursday when Anna is back.',
  'My grandmother bakes the same cake every autumn and nobody else gets it right.',
  'It rained all night, so the garden looks happy again.',
  'The teacher moved the exam because half of the class was ill.',
  'I still have your screwdriver, remind me when we meet.',
  'They are repairing the bridge, so the bus takes the long way round.',
  'Wir haben gestern lange im Garten gesessen und Karten gespielt.',
  'Der Zug hatte wieder Verspätung, aber ich habe noch einen Platz bekommen.',
  'Meine Mutter fragt, ob du am Sonntag zum Essen kommst.',
  'Ich habe die Schlüssel in die Schale neben der Tür gelegt.',
  'Der Hund von nebenan bellt jeden Morgen um sechs.',
  'Kannst du bitte Brot mitbringen, wir haben keins mehr?',
  'Das Wetter soll besser werden, dann fahren wir an den See.',
  'Er lernt gerade Gitarre und übt immer dasselbe Lied.',
  'Danke noch mal für den schönen Abend bei euch.',
];

const words: Readonly<Record<PaddingKind, number>> = { 'padding-50': 50, 'padding-200': 200 };

/** `text` with harmless words after it. `chance`: the next number in [0, 1). */
export function pad(text: string, kind: PaddingKind, chance: { next(): number }): string {
  const more: string[] = [];
  while (more.length < words[kind])
    more.push(...sentences[Math.floor(chance.next() * sentences.length)]!.split(' '));
  return `${text} ${more.slice(0, words[kind]).join(' ')}`;
}
