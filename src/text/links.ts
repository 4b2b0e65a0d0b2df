import { parse } from 'tldts';
import { codeAt, isLetterKind, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import { isLocalHost, namesKnownSite, type SiteKind, siteKindOf } from './site-kinds.ts';
import { hashTerm, type TermHash } from './term-hash.ts';
import { isPlainEnding } from './top-level-domains.ts';

export interface LinkFeature extends TermHash {
  readonly name: string;
}

/** A link or a mail address in the text, or what may be one. */
export interface Link {
  /** `site`: a link to a site that is well known, or within a local network. */
  readonly kind: 'link' | 'site' | 'mail' | 'maybe';
  /** UTF-16 offsets in the text without obfuscation. */
  readonly start: number;
  readonly end: number;
  readonly features: readonly LinkFeature[];
}

/** One class, and so one shape for the compiler. */
class FoundLink implements Link {
  readonly kind: Link['kind'];
  readonly start: number;
  readonly end: number;
  readonly features: readonly LinkFeature[];

  constructor(kind: Link['kind'], start: number, end: number, features: readonly LinkFeature[]) {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.features = features;
  }
}

/** The same link in a part of the text that begins at `offset`. */
export function linkFrom(link: Link, offset: number): Link {
  return new FoundLink(link.kind, link.start - offset, link.end - offset, link.features);
}

/** RFC 1035: no host is longer. What goes on for longer is skipped as a whole. */
const MAX_HOST = 253;
const none: readonly Link[] = [];

const features = new Map(
  [
    ...[
      'http',
      'https',
      'www',
      'path',
      'ip',
      'punycode',
      '?',
      'known',
      'local',
      'shortener',
      'messenger',
      'hosting',
    ],
    ...['odd-name', 'brand-in-name', 'redirect', 'user-info', 'other-target'],
  ].map((name) => [name, feature(`d:${name}`)]),
);

function fixed(name: string): LinkFeature {
  return features.get(name)!;
}

/** Of the words in a path only the first few are features. */
const MAX_PATH_WORDS = 4;
const SHORTEST_PATH_WORD = 3;
const LONGEST_PATH_WORD = 20;
/** More consonants in a row, or digits between letters: hardly anybody names a site so. */
const oddName = /[bcdfghjklmnpqrstvwxz]{5}|[a-z]\d+[a-z]|\d[a-z]+\d|\d{3}/;
/** An address within an address. */
const addressInside = /:\/\/|%3a%2f%2f|[?&/=]www\./;

function feature(name: string): LinkFeature {
  const { high, low } = hashTerm(name);
  return { name, high, low };
}

/** Links of a text in lower case, in order, none overlapping. Those to a domain of `ownDomains`, or below it, are left out. */
export function findLinks(text: string, ownDomains: ReadonlySet<string>): readonly Link[] {
  const links: Link[] = [];
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    let hostStart: number;
    let start: number;
    let scheme = '';
    if (code === 58 && text.startsWith('://', i)) {
      start = i;
      while (start > done && i - start < 8 && isLatinLetter(codeAt(text, start - 1))) start--;
      scheme = text.slice(start, i);
      if (scheme !== 'http' && scheme !== 'https') continue;
      hostStart = afterUserInfo(text, i + 3);
    } else if (code === 46 && i > done && isBareDot(text, i)) {
      hostStart = i;
      while (hostStart > done && i - hostStart <= MAX_HOST && isHostUnit(text, hostStart - 1)) hostStart--;
      while (hostStart < i && !isWordKind(kindOf(codeAt(text, hostStart)))) hostStart++;
      start = hostStart;
    } else {
      continue;
    }
    let hostEnd = hostStart;
    while (hostEnd < text.length && isHostUnit(text, hostEnd)) hostEnd++;
    const end = hostEnd;
    while (hostEnd > hostStart && !isWordKind(kindOf(codeAt(text, hostEnd - 1)))) hostEnd--;
    let link: Link | null = null;
    if (hostEnd > hostStart && hostEnd - hostStart <= MAX_HOST) {
      const host = text.slice(hostStart, hostEnd);
      if (scheme === '' && codeAt(text, hostStart - 1) === 64 && hostStart - 1 > done)
        link = mailAddress(text, done, hostStart, hostEnd, host, ownDomains);
      else link = webLink(text, scheme, start, hostEnd, host, scheme !== '' && hostStart > i + 3, ownDomains);
    }
    if (link !== null && link.features.length > 0) links.push(leadsElsewhere(text, links.at(-1), link));
    done = link === null || link.kind === 'maybe' ? end : Math.max(link.end, end);
    i = Math.max(i, done - 1);
  }
  return links.length === 0 ? none : links;
}

function webLink(
  text: string,
  scheme: string,
  start: number,
  hostEnd: number,
  host: string,
  hasUserInfo: boolean,
  ownDomains: ReadonlySet<string>,
): Link | null {
  const { domain, publicSuffix, isIcann, isPrivate, isIp } = parse(host, {
    extractHostname: false,
    allowPrivateDomains: true,
  });
  const isPublic = domain !== null && publicSuffix !== null && (isIcann === true || isPrivate === true);
  if (!isIp && !isPublic && !(scheme !== '' && isLocalHost(host))) return null;
  if (isIp === true && scheme === '') return null;
  let end = hostEnd;
  if (codeAt(text, end) === 58) while (end + 1 < text.length && isDigit(codeAt(text, end + 1))) end++;
  if (end > hostEnd) end++;
  const next = codeAt(text, end);
  const path = (next === 47 || next === 63 || next === 35) && isPathUnit(text, end + 1);
  if (path) while (end < text.length && isPathUnit(text, end)) end++;
  if (isOwn(host, domain, ownDomains)) return new FoundLink('link', start, end, []);
  const www = host.startsWith('www.');
  const suffix = publicSuffix ?? '';
  if (scheme === '' && !www && !path && !isPlainEnding(suffix) && !/[\d-]/.test(domain ?? ''))
    return new FoundLink('maybe', start, hostEnd, [fixed('?')]);
  const pathText = path ? text.slice(hostEnd, end) : '';
  const site = siteKindOf(host, domain, suffix);
  const found: LinkFeature[] = [];
  if (addressInside.test(pathText)) found.push(fixed('redirect'));
  if (hasUserInfo) found.push(fixed('user-info'));
  const isSite = found.length === 0 && (site === 'known' || site === 'local');
  found.push(...siteFeatures(site, host, domain, suffix));
  if (isSite) return new FoundLink('site', start, end, found);
  if (scheme !== '') found.push(fixed(scheme));
  if (www) found.push(fixed('www'));
  if (path) found.push(fixed('path'));
  if (site === 'unknown') found.push(...pathWords(pathText));
  return new FoundLink('link', start, end, found);
}

/** Features of the host. The ending of a well-known site, of an office or of a known service adds nothing. */
function siteFeatures(site: SiteKind, host: string, domain: string | null, suffix: string): LinkFeature[] {
  if (site === 'local') return [fixed('local')];
  if (domain === null) return [fixed('ip')];
  const found = [feature(`d:${domain}`)];
  if (site !== 'unknown') return [...found, fixed(site)];
  found.push(feature(`d:*.${suffix}`));
  if (host.includes('xn--')) found.push(fixed('punycode'));
  const name = domain.slice(0, domain.indexOf('.'));
  if (oddName.test(name)) found.push(fixed('odd-name'));
  if (namesKnownSite(name)) found.push(fixed('brand-in-name'));
  return found;
}

/** Words of letters, each once. */
function pathWords(path: string): LinkFeature[] {
  const words = new Set<string>();
  for (let i = 0; i < path.length && words.size < MAX_PATH_WORDS; i++) {
    const start = i;
    let isWord = true;
    for (; i < path.length; i++) {
      const code = path.charCodeAt(i);
      if (code >= 97 && code <= 122) continue;
      if (!isDigit(code)) break;
      isWord = false;
    }
    if (isWord && i - start >= SHORTEST_PATH_WORD && i - start <= LONGEST_PATH_WORD)
      words.add(path.slice(start, i));
  }
  return [...words].map((word) => feature(`d:/${word}`));
}

function mailAddress(
  text: string,
  done: number,
  hostStart: number,
  hostEnd: number,
  host: string,
  ownDomains: ReadonlySet<string>,
): Link | null {
  let start = hostStart - 1;
  while (start > done && hostStart - start <= 65 && isLocalUnit(text, start - 1)) start--;
  if (start === hostStart - 1) return null;
  const { domain, isIcann, isPrivate } = parse(host, { extractHostname: false, allowPrivateDomains: true });
  if (domain === null || (isIcann !== true && isPrivate !== true)) return null;
  const own = isOwn(host, domain, ownDomains);
  return new FoundLink('mail', start, hostEnd, own ? [] : [feature(`d:@${domain}`)]);
}

/** `[paypal.com](https://evil.example)`: shows one domain and leads to another. */
function leadsElsewhere(text: string, shown: Link | undefined, link: Link): Link {
  if (shown === undefined || link.start - shown.end > 2 || text.slice(shown.end, link.start) !== '](')
    return link;
  const isSame = shown.features[0]!.name === link.features[0]!.name;
  return isSame
    ? link
    : new FoundLink('link', link.start, link.end, [...link.features, fixed('other-target')]);
}

function isOwn(host: string, domain: string | null, ownDomains: ReadonlySet<string>): boolean {
  if (ownDomains.size === 0) return false;
  if (domain !== null && ownDomains.has(domain)) return true;
  for (const own of ownDomains) if (host === own || host.endsWith(`.${own}`)) return true;
  return false;
}

/** `https://paypal.com@evil.example/` goes to what stands after the last @ before the path. */
function afterUserInfo(text: string, from: number): number {
  let host = from;
  for (let i = from; i < text.length && i - from <= MAX_HOST; i++) {
    const code = text.charCodeAt(i);
    if (code === 64) host = i + 1;
    else if (code === 47 || code === 63 || code === 35 || kindOf(code) === SPACE) break;
  }
  return host;
}

function isLatinLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHostUnit(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return isWordKind(kindOf(code)) || code === 45 || code === 46 || code === 95;
}

/** A full stop between a word and a letter, as HINT_LINK has it. */
function isBareDot(text: string, i: number): boolean {
  return (
    isWordKind(kindOf(codeAt(text, i - 1))) &&
    i + 1 < text.length &&
    isLetterKind(kindOf(codeAt(text, i + 1)))
  );
}

function isLocalUnit(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return isHostUnit(text, i) || code === 43 || code === 37;
}

function isPathUnit(text: string, i: number): boolean {
  if (i >= text.length) return false;
  const code = text.charCodeAt(i);
  return kindOf(code) !== SPACE && code !== 60 && code !== 62 && code !== 34;
}
