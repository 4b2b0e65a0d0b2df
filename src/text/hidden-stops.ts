import { isWordKind, kindOf, PAIR, SYMBOL } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { entryOf, STOP } from './look-alike-table.ts';
import { isCommonEnding } from './top-level-domains.ts';

const LONGEST_ENDING = 5;
/** As HINT_HIDDEN_LINK has them. */
const countries: ReadonlySet<string> = new Set(['de', 'co', 'io', 'eu']);
/** Round pictographs, which are read as a full stop: 🔴 🔵 🟠 … 🟤. */
const ROUND = /^(?:\ud83d[\udd34\udd35\udfe0-\udfe4]|\u26ab|\u26aa)$/;

/** A sign or a pictograph at `i` that stands for the full stop between a word and the ending of a domain: `funsite·com`, `funsite🔵com`. */
export function readHiddenStop(text: string, i: number, edits: Edits): void {
  const code = text.charCodeAt(i);
  const kind = kindOf(code);
  const isStop = (entryOf(code) & STOP) !== 0;
  if ((!isStop && kind !== PAIR && kind !== SYMBOL) || i < 1 || i < edits.end || !isWordAt(text, i - 1))
    return;
  const end = kind === PAIR ? i + 2 : i + 1;
  const ending = endingAt(text, end);
  if (ending === '') return;
  // Between words of a sentence people put hearts, and between names a dot.
  const isRound = isStop || ROUND.test(text.slice(i, end));
  if (isCommonEnding(ending) || (isRound && countries.has(ending))) edits.replace(i, end, '.');
}

/** The letters of a to z at `start`, the empty string where there are more than an ending has. */
function endingAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && isWordAt(text, end)) {
    if (++end - start > LONGEST_ENDING) return '';
  }
  const ending = text.slice(start, end);
  return /^[a-z]+$/.test(ending) ? ending : '';
}

function isWordAt(text: string, i: number): boolean {
  return isWordKind(kindOf(text.charCodeAt(i)));
}
