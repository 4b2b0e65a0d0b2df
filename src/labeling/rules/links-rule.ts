import { isLetterKind, kindOf, UPPER } from '../../text/character-kinds.ts';
import { isKnownWord } from '../../text/known-words.ts';
import type { Link } from '../../text/links.ts';
import { isPlainEnding } from '../../text/top-level-domains.ts';
import { read, spanAsSent } from './read-message.ts';
import type { Rule, RuleMatch } from './rule.ts';

export interface LinksRuleOptions {
  /** In lower case, without the full stop before them: `com`, `co.uk`. */
  readonly topLevelDomains: readonly string[];
  /** Domains that are no hit, and all below them. */
  readonly allowedDomains: readonly string[];
  /** Whether well-known sites are no hit either: see src/text/site-kinds.ts. */
  readonly allowKnownSites: boolean;
}

/** Shorter names before a word-like ending are taken for words of a sentence. */
const SHORTEST_NAME = 5;

/**
 * A link to a domain with one of the top-level domains. What is a link, also where it was hidden, src/text decides; there no letter may
 * follow the ending, whichever it is. Mail addresses, mentions such as `@anna.de`, hosts of a local network
 * and IP addresses are no hit.
 */
export function linksRule(options: LinksRuleOptions): Rule {
  const endings = new Set(options.topLevelDomains);
  const allowed = new Set(options.allowedDomains);
  const match = (message: string): RuleMatch | null => {
    const { text, lower, links } = read(message);
    for (const link of links) {
      if (link.kind === 'mail' || (link.kind === 'site' && options.allowKnownSites)) continue;
      // A person who is mentioned.
      if (text[link.start - 1] === '@') continue;
      const host = hostOf(lower.slice(link.start, link.end).toLowerCase());
      const ending = endingOf(host, endings);
      if (ending === undefined || isBelow(host, allowed) || isSentence(text, link, host, ending)) continue;
      return {
        what: `link to ${host}`,
        span: () => spanAsSent(message, link.start, link.end),
      };
    }
    return null;
  };
  return { name: 'links', about: 'links', match };
}

/** Without scheme, user, port and path. */
function hostOf(link: string): string {
  const scheme = link.indexOf('://');
  const from = scheme < 0 ? 0 : scheme + 3;
  let end = from;
  let start = from;
  for (; end < link.length; end++) {
    const code = link.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35) break;
    if (code === 64) start = end + 1;
  }
  const host = link.slice(start, end);
  const port = host.indexOf(':');
  return port < 0 ? host : host.slice(0, port);
}

/** The longest of `domains` that the host is or is below of. */
function endingOf(host: string, domains: ReadonlySet<string>): string | undefined {
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
    if (domains.has(host.slice(dot + 1))) return host.slice(dot + 1);
  return undefined;
}

function isBelow(host: string, domains: ReadonlySet<string>): boolean {
  return domains.has(host) || endingOf(host, domains) !== undefined;
}

/**
 * Two sentences without a space between: `it was fun.in the end`, `ich war shoppen.Shop war zu`. Only where nothing but the full stop
 * speaks for a link. An ending that is a word needs a name before it that is none; and where it hardly ever ends a bare link, the sentence
 * must not go on behind it.
 */
function isSentence(text: string, link: Link, host: string, ending: string): boolean {
  const written = text.slice(link.start, link.end);
  if (written.length !== host.length || host.startsWith('www.')) return false;
  const name = written.slice(0, written.length - ending.length - 1);
  const last = name.slice(name.lastIndexOf('.') + 1);
  // `the 3.de mai`, `C.de Boer`.
  if (last.length < 2 || !/\p{L}/u.test(last)) return true;
  const isPlain = isPlainEnding(ending);
  const isWord = !isPlain || isKnownWord(ending);
  // A sentence begins with a capital.
  const first = written.length - ending.length;
  const isCapital = kindOf(written.charCodeAt(first)) === UPPER && isSmall(written.slice(first + 1));
  if (isCapital && (isWord || isSmall(last))) return true;
  if (!isWord) return false;
  const isName = /[\d-]/.test(last) || (last.length >= SHORTEST_NAME && !isKnownWord(last.toLowerCase()));
  return !isName || (!isPlain && /^(?:['\u2019]|[ \t]+)\p{L}/u.test(text.slice(link.end, link.end + 4)));
}

function isSmall(text: string): boolean {
  return [...text].every((character) => {
    const kind = kindOf(character.charCodeAt(0));
    return !isLetterKind(kind) || kind !== UPPER;
  });
}
