import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { SluiceError } from '../../core/errors.ts';
import { read, spanAsSent } from './read-message.ts';
import type { Rule, RuleMatch } from './rule.ts';
import { unsupportedIn } from './unsupported-syntax.ts';

/** A pattern in the syntax of RE2, with the letters of its flags. */
export interface OwnPattern {
  readonly source: string;
  /** `i`: ignore case; `m`: `^` and `$` match at each line; `s`: `.` matches a line break, too. */
  readonly flags: string;
}

export interface PatternRuleOptions {
  readonly patterns: readonly OwnPattern[];
  /** Whether messages are searched with their obfuscation undone, too. */
  readonly deobfuscated: boolean;
}

const MOST_PATTERNS = 1000;
const LONGEST_PATTERN = 5000;
const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** One of each kind of character; and texts that have nothing in common but their length. */
const characters = ['a', 'Z', '7', '?', 'é', 'ж', '漢', '😀'];
const longer = characters.map((character) => character.repeat(200));

/**
 * Own patterns by re2js, whose time is linear in the text whatever the pattern is. Throws `DATA_INVALID`, as {@link compilePattern}, for
 * the first that cannot be used.
 */
export function patternRule({ patterns, deobfuscated }: PatternRuleOptions): Rule {
  const compiled = patterns.map((pattern) => ({ pattern, regex: compilePattern(pattern) }));
  const findIn = (text: string) => {
    for (const { pattern, regex } of compiled) {
      const matcher = regex.matcher(text);
      if (matcher.find()) return { pattern, start: matcher.start(), end: matcher.end() };
    }
    return undefined;
  };
  const match = (message: string): RuleMatch | null => {
    const written = findIn(message);
    if (written !== undefined) {
      const { pattern, start, end } = written;
      return { what: `pattern ${pattern.source}`, span: () => ({ start, end }) };
    }
    if (!deobfuscated) return null;
    const { text } = read(message);
    const found = text === message ? undefined : findIn(text);
    if (found === undefined) return null;
    const span = () => spanAsSent(message, found.start, found.end);
    return { what: `pattern ${found.pattern.source}, in the text without obfuscation`, span };
  };
  const [first] = patterns;
  const about = patterns.length === 1 ? `pattern ${first!.source}` : `${patterns.length} patterns`;
  return { name: 'pattern', about, match };
}

/**
 * Patterns of a file, one a line, all with the same flags; blank lines and those that begin with `#` are left out. Throws `DATA_INVALID`
 * with file and line.
 */
export function readPatterns(lines: readonly string[], file: string, flags: string): readonly OwnPattern[] {
  const patterns: OwnPattern[] = [];
  for (const [at, line] of lines.entries()) {
    const source = at === 0 ? line.replace(/^\ufeff/, '') : line;
    if (source.trim() === '' || source.startsWith('#')) continue;
    const pattern = { source, flags };
    compilePattern(pattern, `${file}:${at + 1}: `);
    patterns.push(pattern);
  }
  if (patterns.length === 0)
    throw new SluiceError('DATA_INVALID', `${file} has no patterns; write one a line`);
  if (patterns.length > MOST_PATTERNS)
    throw new SluiceError(
      'DATA_INVALID',
      `${file} has more than ${MOST_PATTERNS} patterns; names of sites are found faster by "sluice label rules domains"`,
    );
  return patterns;
}

/**
 * Throws `DATA_INVALID` for what does not compile, with its position and what to write instead; and for a pattern that matches the empty
 * text, or every text. `where`: begins the message.
 */
export function compilePattern({ source, flags }: OwnPattern, where = ''): RE2JS {
  const fail = (why: string, cause?: unknown): SluiceError =>
    new SluiceError('DATA_INVALID', `${where}the pattern ${shown(source)} ${why}`, { cause });
  if (source.length > LONGEST_PATTERN)
    throw fail(`has more than ${LONGEST_PATTERN} characters; divide it into several`);
  let bits = 0;
  for (const flag of flags) {
    const bit = flagBits[flag];
    if (bit === undefined)
      throw fail(`has the flag "${flag}"; there are i (any case), m (lines) and s (line breaks)`);
    bits |= bit;
  }
  const unsupported = unsupportedIn(source);
  if (unsupported !== undefined)
    throw fail(
      `has ${unsupported.what} at position ${unsupported.at + 1}, which takes more than linear time; ${unsupported.instead}`,
    );
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(source, bits);
  } catch (error) {
    throw fail(faultOf(source, error), error);
  }
  const matches = (text: string) => regex.matcher(text).find();
  if (matches('')) throw fail('matches the empty text, and so every message; make a part of it necessary');
  if (characters.every(matches) || longer.every(matches))
    throw fail('matches every message of some length; name characters that only some messages have');
  return regex;
}

function faultOf(source: string, error: unknown): string {
  if (error instanceof RE2JSSyntaxException) {
    const part = error.getPattern() ?? '';
    const at = part === '' ? -1 : source.indexOf(part);
    const position = at < 0 ? '' : ` at position ${at + 1}`;
    return `cannot be read: ${error.getDescription()}${position}${at <= 0 ? '' : `, at ${shown(part)}`}; put a backslash before a sign that means itself`;
  }
  // A stack that overflows is one of the ways in which a pattern is too deep.
  if (error instanceof RE2JSException || error instanceof RangeError)
    return `cannot be used: ${error.message}; divide it into several`;
  throw error;
}

function shown(source: string): string {
  const part = source.length > 60 ? `${source.slice(0, 60)}…` : source;
  return `"${part}"`;
}
