import { Edits, type Trace } from '../text/edits.ts';
import { OUT_OF_SIGHT } from '../text/visible-part.ts';

/**
 * What `visiblePart` of src/text returns, and where it comes from. It is written again, with positions, since that one is called for every
 * message that may hide something. `trace`: of the text before.
 */
export function visibleWithTrace(
  text: string,
  trace: Trace,
): { readonly text: string; readonly trace: Trace } {
  let visible = text;
  let traced = trace;
  for (const find of [gap, comments, spoilers, titles]) {
    const edits = new Edits();
    find(visible, edits);
    if (edits.size === 0) continue;
    visible = edits.apply(visible);
    traced = edits.follow(traced);
  }
  return { text: visible, trace: traced };
}

function gap(text: string, edits: Edits): void {
  let breaks = 0;
  let start = -1;
  let seen = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) {
      if (breaks++ === 0) start = i;
    } else if (code !== 32 && code !== 13 && code !== 9) {
      if (breaks >= OUT_OF_SIGHT && seen) {
        edits.replace(start, text.length, '');
        return;
      }
      breaks = 0;
      seen = true;
    }
  }
}

function comments(text: string, edits: Edits): void {
  between(text, '<!--', '-->', edits);
}

function spoilers(text: string, edits: Edits): void {
  between(text, '||', '||', edits);
}

function between(text: string, open: string, close: string, edits: Edits): void {
  let from = 0;
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, from)) {
    const end = text.indexOf(close, at + open.length);
    if (end < 0) return;
    from = end + close.length;
    edits.replace(at, from, ' ');
  }
}

function titles(text: string, edits: Edits): void {
  for (const match of text.matchAll(/(\]\([^\s()"]{0,300})\s+(?:"[^"]*"|'[^']*')\s*\)/g))
    edits.replace(match.index + match[1]!.length, match.index + match[0].length, ')');
}
