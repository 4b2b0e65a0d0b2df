import { parse } from 'tldts';
import { isLetterKind, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import { hashTerm, type TermHash } from './term-hash.ts';
import { isPlainEnding } from './top-level-domains.ts';

export interface LinkFeature extends TermHash {
  readonly name: string;
}

/** A link or a mail address in the text, or what may be one. */
export interface Link {
  readonly kind: 'link' | 'mail' | 'maybe';
  /** UTF-16 offsets in the text without disguise. */
  readonly start: number;
  readonly end: number;
  readonly features: readonly LinkFeature[];
}

/** RFC 1035: no host is longer. What goes on for longer is skipped as a whole. */
const MAX_HOST = 253;
const none: readonly Link[] = [];

const features = new Map(
  ['d:http', 'd:https', 'd:www', 'd:path', 'd:ip', 'd:punycode', 'd:?'].map((name) => [name, feature(name)]),
);

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
      while (start > done && i - start < 8 && isLatinLetter(text.charCodeAt(start - 1))) start--;
      scheme = text.slice(start, i);
      if (scheme !== 'http' && scheme !== 'https') continue;
      hostStart = afterUserInfo(text, i + 3);
    } else if (code === 46 && i > done && isBareDot(text, i)) {
      hostStart = i;
      while (hostStart > done && i - hostStart <= MAX_HOST && isHostUnit(text, hostStart - 1)) hostStart--;
      while (hostStart < i && !isWordKind(kindOf(text.charCodeAt(hostStart)))) hostStart++;
      start = hostStart;
    } else {
      continue;
    }
    let hostEnd = hostStart;
    while (hostEnd < text.length && isHostUnit(text, hostEnd)) hostEnd++;
    const end = hostEnd;
    while (hostEnd > hostStart && !isWordKind(kindOf(text.charCodeAt(hostEnd - 1)))) hostEnd--;
    let link: Link | null = null;
    if (hostEnd > hostStart && hostEnd - hostStart <= MAX_HOST) {
      const host = text.slice(hostStart, hostEnd);
      if (scheme === '' && text.charCodeAt(hostStart - 1) === 64 && hostStart - 1 > done)
        link = mailAddress(text, done, hostStart, hostEnd, host, ownDomains);
      else link = webLink(text, scheme, start, hostEnd, host, ownDomains);
    }
    if (link !== null && link.features.length > 0) links.push(link);
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
  ownDomains: ReadonlySet<string>,
): Link | null {
  const { domain, publicSuffix, isIcann, isPrivate, isIp } = parse(host, {
    extractHostname: false,
    allowPrivateDomains: true,
  });
  if (!isIp && (domain === null || publicSuffix === null || (isIcann !== true && isPrivate !== true)))
    return null;
  if (isIp === true && scheme === '') return null;
  let end = hostEnd;
  if (text.charCodeAt(end) === 58) while (end + 1 < text.length && isDigit(text.charCodeAt(end + 1))) end++;
  if (end > hostEnd) end++;
  const next = text.charCodeAt(end);
  const path = (next === 47 || next === 63 || next === 35) && isPathUnit(text, end + 1);
  if (path) while (end < text.length && isPathUnit(text, end)) end++;
  if (isOwn(host, domain, ownDomains)) return { kind: 'link', start, end, features: [] };
  const www = host.startsWith('www.');
  const suffix = publicSuffix ?? '';
  if (scheme === '' && !www && !path && !isPlainEnding(suffix) && !/[\d-]/.test(domain ?? ''))
    return { kind: 'maybe', start, end: hostEnd, features: [features.get('d:?')!] };
  const found: LinkFeature[] = [];
  if (isIp === true) {
    found.push(features.get('d:ip')!);
  } else {
    found.push(feature(`d:${domain}`), feature(`d:*.${suffix}`));
    if (host.includes('xn--')) found.push(features.get('d:punycode')!);
  }
  if (scheme !== '') found.push(features.get(`d:${scheme}`)!);
  if (www) found.push(features.get('d:www')!);
  if (path) found.push(features.get('d:path')!);
  return { kind: 'link', start, end, features: found };
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
  return { kind: 'mail', start, end: hostEnd, features: own ? [] : [feature(`d:@${domain}`)] };
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
    isWordKind(kindOf(text.charCodeAt(i - 1))) &&
    i + 1 < text.length &&
    isLetterKind(kindOf(text.charCodeAt(i + 1)))
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
