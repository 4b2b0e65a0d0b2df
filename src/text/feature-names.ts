import type { FeatureFamily } from '../core/model-manifest.ts';

/**
 * Names of the features, by set. Obfuscation is undone before any of them is made.
 *
 * Set `reference-1`: `w:free`, a word's stem as below, without stop words and numbers. Set `bag-of-words-1`: `t:dont`, what
 * stands between spaces, in lower case, letters and digits only. Both have no family but `words`.
 *
 * Set `sluice-2`. All are read after obfuscation was undone, in lower case; names are part of the
 * set: the caller who changes what one means makes another set.
 *
 * Family `words`
 * - `w:free`        a word's stem (Snowball where the language has one here), up to 32 characters; also short numbers
 *                   (`w:18`) and words with digits in them (`w:gr8`)
 * - `f:you`         a stop word's stem; so a profile can leave all stop words out by their prefix
 * - `b:free money`  two neighbours. Besides stems: `#11d` a number by its shape, `@link`, `@mail`
 * - `n:11d`         a number's shape: digits in a row (15d: or more) with what stands between them, currency and percent,
 *                   `n:£4d`, `n:+12d`, `n:2d.2d`, `n:50%` as `n:2d%`; of a word with digits, letters as one a: `n:3da`
 * - `c:£`           a currency sign
 * - `e:😀`          a pictograph or another symbol
 * - `d:example.com` a link's registrable domain by the public suffix list; `d:known`, `d:local`, `d:shortener`, `d:messenger`,
 *                   `d:hosting` what is known of it, see site-kinds.ts. Of a link to a well-known site, or within a local network, that
 *                   is all. Of others `d:http`, `d:https`, `d:www`; `d:path` something after the host; `d:redirect` another address in
 *                   it; `d:user-info` something before the host; `d:other-target` it says that it leads elsewhere. Of unknown
 *                   hosts also `d:*.com` the public suffix; `d:ip` an address in numbers; `d:punycode`; `d:odd-name` consonants or
 *                   digits as in no name; `d:brand-in-name` a well-known site's name within it; `d:/login` words of the path.
 *                   `d:@gmail.com` a mail address's domain. A link to a site's own domain gives none.
 * - `d:?`           what may be a link, or a full stop without its space (`sorry.in`)
 * - `s:KIND:RANGE`  the message's shape, see message-shape.ts
 * - `x:KIND`        that an obfuscation was undone, see obfuscation.ts
 *
 * Family `grams`
 * - `g:che`         two to five characters in a row, spaces as one `_`, also before and after the text, a pictograph as ☺, a digit as
 *                   0, a link to a well-known site as ⌂; a profile may want fewer lengths
 */
export const contentPrefixes: readonly string[] = ['w', 'f', 'b', 'n', 'c', 'e', 'd', 'g', 't'];

export function familyOfName(name: string): FeatureFamily {
  return name.startsWith('g:') ? 'grams' : 'words';
}

/** Whether the feature says that an obfuscation was undone. */
export function isObfuscationName(name: string): boolean {
  return name.startsWith('x:');
}

/** Whether the feature is two neighbours. */
export function isPairName(name: string): boolean {
  return name.startsWith('b:');
}

/** Whether the feature stands for something that was written, rather than for the message's shape or its obfuscation. */
export function isContentName(name: string): boolean {
  const prefix = name.charCodeAt(0);
  return prefix !== 115 && prefix !== 120;
}

/**
 * Whether the feature is of how a message looks rather than of what it says: its shape, numbers, currency signs, symbols, what a link has
 * besides its domain, neighbours and grams without a letter. Such features support a verdict, and a model bounds what they add.
 */
export function isFormName(name: string): boolean {
  if (name.startsWith('g:')) return !/\p{L}/u.test(name.slice(2));
  if (name.startsWith('b:'))
    return name
      .slice(2)
      .split(' ')
      .every((part) => /^[#@]|^\P{L}*$/u.test(part));
  if (name.startsWith('w:') || name.startsWith('f:')) return !/\p{L}/u.test(name.slice(2));
  if (name.startsWith('d:')) return !/^d:(?:@|[^*/].*\.)|^d:\//.test(name);
  return true;
}

/** Whether the feature is a word with a letter in it, rather than a number, a sign, a link or the message's shape. */
export function isWordName(name: string): boolean {
  return /^[wft]:.*\P{Nd}/su.test(name);
}
