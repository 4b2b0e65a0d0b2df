/** What RE2 does not have, since no linear time is known for it. */
export interface Unsupported {
  readonly what: string;
  /** UTF-16 code units before it. */
  readonly at: number;
  /** What to do, in words. */
  readonly instead: string;
}

const groups: readonly (readonly [string, string, string])[] = [
  ['(?=', 'a lookahead', 'match what follows as a part of the pattern'],
  ['(?!', 'a negative lookahead', 'name what may follow, such as (?:[^a-z]|$)'],
  ['(?<=', 'a lookbehind', 'match what is before as a part of the pattern'],
  ['(?<!', 'a negative lookbehind', 'name what may be before, such as (?:^|[^a-z])'],
  ['(?>', 'an atomic group', 'write (?: in its place; without backtracking it is the same'],
  ['(?(', 'a condition', 'write both alternatives'],
  ['(?R', 'a recursion', 'write a pattern without one'],
  ['(?#', 'a comment', 'leave it out'],
];

/** The first of these in a pattern, outside of classes and of what is escaped. */
export function unsupportedIn(source: string): Unsupported | undefined {
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') {
      const next = source[at + 1] ?? '';
      if (next === 'Q' && !inClass) {
        const end = source.indexOf('\\E', at + 2);
        if (end < 0) return undefined;
        at = end + 1;
        continue;
      }
      if (!inClass && (/[1-9]/.test(next) || /^\\[kg][<{'\d]/.test(source.slice(at, at + 3))))
        return { what: 'a backreference', at, instead: 'write out what may be repeated' };
      at++;
    } else if (inClass) {
      if (character === '[' && source[at + 1] === ':') {
        const end = source.indexOf(':]', at + 2);
        if (end > 0) at = end + 1;
      } else if (character === ']') inClass = false;
    } else if (character === '[') {
      inClass = true;
      // The first one belongs to the class.
      if (source[at + 1] === '^') at++;
      if (source[at + 1] === ']') at++;
    } else if (character === '(') {
      const found = groups.find(([begin]) => source.startsWith(begin, at));
      if (found !== undefined) return { what: found[1], at, instead: found[2] };
    } else if (character === '+' && at > 1 && /[*+?}]/.test(source[at - 1]!) && source[at - 2] !== '\\') {
      return {
        what: 'a possessive quantifier',
        at,
        instead: 'leave the second sign out; it changes nothing here',
      };
    }
  }
  return undefined;
}
