import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownWords } from '../../../../src/text/known-words.ts';
import { SeededRandom } from '../../../../src/training/seeded-random.ts';

/** Templates of spam, written for these tests. */
export const templates = [
  'Congratulations dear member, your account was selected for our winter reward of 900 dollars, send the word CLAIM with your full name and birthday to our agent before Friday evening',
  'We are hiring remote assistants for simple rating tasks, two hours every day, salary paid weekly in crypto, no experience needed, write to Linda on the messenger below and start tomorrow',
  'Security notice from your bank: a new device signed in from Vilnius last night, confirm your identity within twelve hours under the address below or the card will be blocked permanently',
  'My uncle trades gold signals since years and lets twenty people copy his positions for free this month, minimum deposit 250, I doubled mine twice, ask me privately how joining works',
  'Ihr Paket konnte wegen fehlender Hausnummer nicht zugestellt werden, bitte ergänzen Sie die Anschrift und zahlen Sie die Lagergebühr von 1,99 Euro bis morgen Mittag auf unserer Seite',
  'Hallo Mama, mein Handy ist ins Wasser gefallen, das hier ist vorübergehend meine neue Nummer, kannst du mir schnell eine Rechnung überweisen, ich gebe dir das Geld am Montag zurück',
  'Verdienen Sie von zuhause 3000 Euro im Monat mit unserem automatischen Handelsroboter, über achtzig Prozent unserer Kunden berichten von Gewinnen schon nach einer Woche, jetzt kostenlos anmelden',
  'Exklusive Einladung zum Online Casino, hundert Freispiele ohne Einzahlung warten auf dich, nur heute mit dem Code WINTER, Auszahlung sofort auf dein Konto, einfach registrieren und losspielen',
] as const;

const replacements = [...knownWords].sort();

export interface TestMessage {
  readonly text: string;
  /** Place of the template; null for an honest message. */
  readonly template: number | null;
}

/** `changed`: share of words that are replaced by other words, each time others. */
export function variantOf(template: string, changed: number, random: SeededRandom): string {
  const words = template.split(' ');
  const places = words.map((_, at) => at);
  for (let i = places.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  for (const at of places.slice(0, Math.round(changed * words.length))) words[at] = random.pick(replacements);
  return words.join(' ');
}

/** Honest English and German messages that were written for this project. */
export function honestMessages(): readonly string[] {
  const folder = join(import.meta.dirname, '../../../../native-models/messages');
  return readdirSync(folder)
    .filter((name) => /^(en|de)-ham\.jsonl$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => (JSON.parse(line) as { readonly text: string }).text);
}

/** Variants of all templates among honest messages, in a random order. */
export function waitingMessages(variants: number, honest: number, seed = 1): readonly TestMessage[] {
  const random = new SeededRandom(seed);
  const shuffled = <T>(list: readonly T[]): readonly T[] =>
    list
      .map((item) => [random.next(), item] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item);
  const spam = Array.from({ length: variants }, (_, i) => ({
    text: variantOf(templates[i % templates.length]!, 0.3, random),
    template: i % templates.length,
  }));
  const ham = shuffled(honestMessages())
    .slice(0, honest)
    .map((text) => ({ text, template: null }));
  return shuffled([...spam, ...ham]);
}
