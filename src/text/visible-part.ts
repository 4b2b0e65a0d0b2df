/** So many line breaks in a row put what follows out of sight. */
export const OUT_OF_SIGHT = 30;

/** A sign without which none of what hides text can be written, besides line breaks: `<`, `|`, `]`. */
export function isHidingSign(code: number): boolean {
  return code === 60 || code === 124 || code === 93;
}

/**
 * The text without what its reader does not see at first: HTML comments, titles of Markdown links, spoilers `||…||`, and what follows
 * thirty line breaks or more. Null if it has none of these. Time is proportional to the length.
 */
export function visiblePart(text: string): string | null {
  let visible = beforeGap(text);
  if (visible.includes('<!--')) visible = withoutBetween(visible, '<!--', '-->');
  if (visible.includes('||')) visible = withoutBetween(visible, '||', '||');
  if (visible.includes(']('))
    visible = visible.replace(/(\]\([^\s()"]{0,300})\s+(?:"[^"]*"|'[^']*')\s*\)/g, '$1)');
  return visible === text ? null : visible;
}

/** Up to the first gap; what is before it may be nothing, so that something else than white space has to be there. */
function beforeGap(text: string): string {
  let breaks = 0;
  let gap = -1;
  let seen = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) {
      if (breaks++ === 0) gap = i;
    } else if (code !== 32 && code !== 13 && code !== 9) {
      if (breaks >= OUT_OF_SIGHT && seen) return text.slice(0, gap);
      breaks = 0;
      seen = true;
    }
  }
  return text;
}

function withoutBetween(text: string, open: string, close: string): string {
  let kept = '';
  let from = 0;
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, from)) {
    const end = text.indexOf(close, at + open.length);
    if (end < 0) break;
    kept += `${text.slice(from, at)} `;
    from = end + close.length;
  }
  return kept + text.slice(from);
}
