import { obfuscationKinds } from '../core/obfuscation-kinds.ts';
import type { SampleTemplates } from '../text/languages/language.ts';
import { type LanguageTag, languages, languageTags } from '../text/languages/languages.ts';
import { obfuscate } from '../text/obfuscate.ts';
import { SeededRandom } from './seeded-random.ts';

/** Without the one that only makes messages long. */
const sampleKinds = obfuscationKinds.filter((kind) => kind !== 'long-front');

export const sampleLanguages = languageTags;
export type SampleLanguage = LanguageTag;

export interface SampleOptions {
  readonly count: number;
  /** Share of spam, 0 … 1. */
  readonly spam: number;
  readonly seed: number;
  /** All, by turns of chance, where left out. */
  readonly language?: SampleLanguage;
  /** Share of messages that are obfuscated, of either class alike; 0.05 where left out. */
  readonly obfuscated?: number;
}

/** A synthetic message; as a line of JSON it can be scored as well as trained on. */
export interface SampleMessage {
  readonly message: string;
  readonly message_id: string;
  readonly label: 'spam' | 'ham';
  readonly language: SampleLanguage;
}

const SYLLABLES = [
  'lo',
  'ma',
  'ri',
  'ta',
  'ne',
  'vo',
  'ki',
  'su',
  'pe',
  'do',
  'za',
  'fi',
  'be',
  'hu',
  'gra',
  'sto',
];
const SPAM_ENDINGS = ['com', 'net', 'xyz', 'top', 'info', 'site', 'club', 'online', 'biz', 'ru'];
const HAM_SITES = [
  'kitchen.example.org',
  'news.example.com',
  'maps.example.net',
  'club.example.org',
  'shop.example.com',
];

/**
 * Synthetic messages, the same for the same options. They show what a message can look like; they are no measure of how well a model
 * scores real ones.
 */
export function* sampleMessages(options: SampleOptions): Generator<SampleMessage> {
  const random = new SeededRandom(options.seed);
  const obfuscated = options.obfuscated ?? 0.05;
  for (let at = 0; at < options.count; at++) {
    const label = random.next() < options.spam ? 'spam' : 'ham';
    const language = options.language ?? random.pick(sampleLanguages);
    const templates = languages[language].samples;
    let message = writeOne(random.pick(templates[label]), templates, random);
    if (random.next() < obfuscated) message = obfuscate(message, random.pick(sampleKinds), random);
    yield { message, message_id: `sample-${options.seed}-${at}`, label, language };
  }
}

function writeOne(template: string, templates: SampleTemplates, random: SeededRandom): string {
  const filled = choose(template, random).replace(/<(\w+)>/g, (_, slot: string) =>
    fill(slot, templates, random),
  );
  return habits(filled.replace(/ {2,}/g, ' ').trim(), random);
}

/** Resolves `{a|b{c|d}}` from the inside out. */
function choose(template: string, random: SeededRandom): string {
  let text = template;
  for (let next = text; ; text = next) {
    next = text.replace(/\{([^{}]*)\}/g, (_, options: string) => random.pick(options.split('|')));
    if (next === text) return text;
  }
}

function fill(slot: string, templates: SampleTemplates, random: SeededRandom): string {
  const word = () => SYLLABLES[random.below(SYLLABLES.length)]! + SYLLABLES[random.below(SYLLABLES.length)]!;
  const site = () => `${word()}${random.next() < 0.5 ? word() : ''}.${random.pick(SPAM_ENDINGS)}`;
  const money = (amount: number) => {
    const sign = random.pick(['$', '€', '£', 'EUR ', ' euro', '€', '$']);
    return sign.startsWith(' ') || random.next() < 0.3 ? `${amount}${sign.trimEnd()}` : `${sign}${amount}`;
  };
  switch (slot) {
    case 'name':
      return random.pick(templates.names);
    case 'thing':
      return random.pick(templates.things);
    case 'place':
      return random.pick(templates.places);
    case 'day':
      return random.pick(templates.days);
    case 'small':
      return String(2 + random.below(58));
    case 'hour':
      return random.next() < 0.5
        ? String(1 + random.below(12))
        : `${8 + random.below(14)}:${random.pick(['00', '15', '30', '45'])}`;
    case 'smallmoney':
      return money(3 + random.below(90));
    case 'bigmoney':
      return money(random.pick([500, 900, 1000, 1500, 2000, 3000, 5000, 7500, 10000, 50000]));
    case 'cents':
      return money(Number((0.5 + random.below(35) / 10).toFixed(2)));
    case 'short':
      return String(60000 + random.below(29999));
    case 'phone':
      return (
        random.pick(['07700 900', '0151 2', '+44 7700 90', '+49 151 0', '0900 1', '555 01']) +
        String(1000 + random.below(9000))
      );
    case 'site':
      return site();
    case 'link':
      return `${random.pick(['http://', 'https://', 'www.', ''])}${site()}${random.next() < 0.5 ? `/${word()}` : ''}`;
    case 'hamsite':
      return random.pick(HAM_SITES);
    case 'mail':
      return `${word()}.${word()}${random.below(100)}@${random.pick(['mail.example', 'post.example', site()])}`;
    case 'nick':
      return `${random.next() < 0.5 ? '@' : ''}${word()}_${word()}${random.below(100)}`;
    default:
      throw new RangeError(`no filling for <${slot}>`);
  }
}

/** How people type: case, missing or repeated signs, a pictograph; of either class alike. */
function habits(text: string, random: SeededRandom): string {
  let typed = text;
  if (random.next() < 0.3) typed = typed.toLowerCase();
  else if (random.next() < 0.5) typed = typed.charAt(0).toUpperCase() + typed.slice(1);
  else if (random.next() < 0.06) typed = typed.toUpperCase();
  if (random.next() < 0.15) typed += random.pick(['!', '!!', '...', '?', '.', ' ;)', ' xx']);
  if (random.next() < 0.1) typed += ` ${random.pick(['😀', '😂', '❤️', '🔥', '😘', '👍', '🎉', '💰'])}`;
  return typed;
}
