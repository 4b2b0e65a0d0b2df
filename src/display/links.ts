/** Endings that make a word with a full stop in it an address, even without a scheme or a path. */
const endings = new Set(
  (
    'com net org info biz io co me tv cc to ly gg app dev xyz top site online shop store club live link click icu vip win bid loan date ' +
    'sex xxx cam chat de at ch eu uk us ru cn fr it es nl pl in br'
  ).split(' '),
);

export interface LinkSpan {
  readonly start: number;
  readonly end: number;
}

/** Addresses in a text, as UTF-16 code units. What looks like one is only struck through: nothing in the page is ever a link. */
export function linksIn(text: string): LinkSpan[] {
  const found: LinkSpan[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const raw = match[0];
    const word = raw.replace(/^[("'“„<[]{1,8}/, '');
    const start = match.index + raw.length - word.length;
    const kept = trimmedLength(word);
    if (kept > 0 && isLink(word.slice(0, kept))) found.push({ start, end: start + kept });
  }
  return found;
}

/** Without the punctuation of the sentence around it; a loop, since a pattern would try each start. */
function trimmedLength(word: string): number {
  let end = word.length;
  while (end > 0 && `.,;:!?)"'”“>]…`.includes(word[end - 1]!)) end--;
  return end;
}

function isLink(written: string): boolean {
  // Hidden characters within an address do not keep a program from reading it.
  const word = written.replace(/[\p{Cf}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '');
  if (/[a-z][a-z0-9+.-]{1,20}:\/\/\S/i.test(word) || /(?:^|[^\p{L}\p{N}])www\.\S/iu.test(word)) return true;
  const host = /^[^/?#]*/.exec(word)![0].replace(/:\d{1,5}$/, '');
  const dot = host.lastIndexOf('.');
  if (dot < 1 || !/^[\p{L}\p{N}@._-]+$/u.test(host)) return false;
  const ending = host.slice(dot + 1);
  return endings.has(ending.toLowerCase()) || (host.length < word.length && /^\p{L}{2,24}$/u.test(ending));
}

/** A line of text with every address in it defanged. */
export function withoutLinks(text: string): string {
  let line = '';
  let at = 0;
  for (const { start, end } of linksIn(text)) {
    line += text.slice(at, start) + defanged(text.slice(start, end));
    at = end;
  }
  return line + text.slice(at);
}

/** An address that no program takes for one: `hxxps://example[.]com`. */
export function defanged(link: string): string {
  return link
    .replace(/http(?=s?:\/\/)/gi, (scheme) => (scheme[0] === 'H' ? 'HXXP' : 'hxxp'))
    .replaceAll('.', '[.]');
}
