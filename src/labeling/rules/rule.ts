/** UTF-16 code units of a message as it was sent. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a rule found in a message. */
export interface RuleMatch {
  /** In words, for people: `link to funsite.example`. */
  readonly what: string;
  /** Where; computed when it is asked for, since most matches are counted only. */
  span(): Span;
}

export const ruleNames = ['links', 'domains', 'numbered-domains', 'pattern'] as const;
export type RuleName = (typeof ruleNames)[number];

/** A rule on the text of a message alone. Its time is linear in the length of the message. */
export interface Rule {
  readonly name: RuleName;
  /** What it looks for, in words. */
  readonly about: string;
  /** The first match, or nothing; never throws. */
  match(message: string): RuleMatch | null;
}
