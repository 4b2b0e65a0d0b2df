/** Obfuscation of characters, markup and direction: see obfuscate-characters.ts. */
export const characterKinds = [
  'lisu',
  'canadian-syllabics',
  'cherokee',
  'hooked-letters',
  'currency-letters',
  'east-asian-letters',
  'upside-down',
  'regional-indicators',
  'hangul-blanks',
  'unicode-escapes',
  'html-entities',
  'percent-encoding',
  'quoted-printable',
  'markdown',
  'html-tags',
  'right-to-left',
  'right-to-left-words',
  'vertical',
  'sign-stops',
  'long-front',
] as const;
export type CharacterKind = (typeof characterKinds)[number];

/** Kinds of obfuscation that change whole words. What they leave may be read as other words, or not at all. */
export const wordObfuscationKinds = [
  'parted-words',
  'parted-pairs',
  'signed-letters',
  'stretched-letters',
  'doubled-letters',
  'joined-words',
  'dropped-vowels',
  'starred-letters',
  'typos',
  'reversed-words',
  'cyrillic-spelling',
] as const;
export type WordObfuscationKind = (typeof wordObfuscationKinds)[number];

/** The ways in which senders hide words from a filter, as `sluice evaluate --obfuscation` and synthetic messages have them. */
export const obfuscationKinds = [
  'zero-width',
  'nul',
  'bidi',
  'combining-marks',
  'full-width',
  'look-alikes',
  'spaced-letters',
  'dotted-letters',
  'leet',
  'filled-domains',
  ...wordObfuscationKinds,
  ...characterKinds,
] as const;
export type ObfuscationKind = (typeof obfuscationKinds)[number];

const ofCharacters: ReadonlySet<string> = new Set(characterKinds);

export function isCharacterKind(kind: ObfuscationKind): kind is CharacterKind {
  return ofCharacters.has(kind);
}

/** Harmless words appended to a message, so many: nothing of it is obfuscated, and nothing can be undone. */
export const paddingKinds = ['padding-50', 'padding-200'] as const;
export type PaddingKind = (typeof paddingKinds)[number];
