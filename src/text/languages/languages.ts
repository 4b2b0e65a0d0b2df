import { german } from './de.ts';
import { english } from './en.ts';
import type { Language } from './language.ts';

/** The languages that models can learn, by primary language subtag. The first is the default. */
export const languages = { en: english, de: german } as const satisfies Readonly<Record<string, Language>>;

export type LanguageTag = keyof typeof languages;

export const languageTags = Object.keys(languages) as readonly LanguageTag[];

/** The language with this primary subtag; undefined if it is not among those above. */
export function languageOf(tag: string): Language | undefined {
  return Object.hasOwn(languages, tag) ? languages[tag as LanguageTag] : undefined;
}
