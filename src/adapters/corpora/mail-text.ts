import { Parser } from 'htmlparser2';
import PostalMime from 'postal-mime';
import { decodeWindows1252, withoutC1Controls } from '../../core/windows-1252.ts';

/** A mail is cut to this many UTF-16 code units: more than a message between users has, and enough to score. */
const LONGEST = 2_000;
/** Raw bytes looked at; the rest of a mail with attachments cannot reach the text. */
const RAW_LIMIT = 256 * 1024;

/** Subject and body of a raw mail as one text. Never throws: what cannot be parsed is read as it stands. */
export async function mailText(raw: Uint8Array): Promise<string> {
  const bytes = raw.subarray(0, RAW_LIMIT);
  try {
    const { subject = '', text = '', html = '' } = await PostalMime.parse(bytes);
    const body = text.trim() === '' ? htmlText(html) : text;
    // The parser decodes the charsets of mails with Node's decoder.
    const whole = withoutC1Controls(`${subject}\n${body}`).trim();
    if (whole !== '') return cut(whole);
  } catch {
    // Fall through: broken headers are as telling as whole ones.
  }
  const plain = decodeWindows1252(bytes);
  const bodyAt = plain.search(/\r?\n\r?\n/);
  return cut(plain.slice(Math.max(0, bodyAt)).trim());
}

/** What a reader of the page would see: text without scripts and styles, blocks on their own lines. */
export function htmlText(html: string): string {
  const parts: string[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (name === 'script' || name === 'style') hidden++;
      else if (BLOCKS.has(name)) parts.push('\n');
    },
    ontext(text) {
      if (hidden === 0) parts.push(text);
    },
    onclosetag(name) {
      if ((name === 'script' || name === 'style') && hidden > 0) hidden--;
    },
  });
  parser.end(html);
  return parts
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

const BLOCKS = new Set([
  'p',
  'br',
  'div',
  'tr',
  'td',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'table',
  'ul',
  'ol',
  'hr',
  'title',
]);

function cut(text: string): string {
  // Not between the halves of a pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
  return text.slice(0, end);
}
