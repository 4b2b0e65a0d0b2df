import { isWordKind, kindOf, PAIR, SYMBOL } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { entryOf, STOP } from './look-alike-table.ts';
import { isCommonEnding, isPlainEnding } from './top-level-domains.ts';
import { type Work, workOf } from './work.ts';

const HIDDEN_LINK = disguiseBit('hidden-link');
const LONGEST_ENDING = 5;
/** Round pictographs, which are read as a full stop: 🔴 🔵 🟠 … 🟤. */
const ROUND = /^(?:\ud83d[\udd34\udd35\udfe0-\udfe4]|\u26ab|\u26aa)$/;

/** Writes signs and pictographs that stand between a word and the ending of a domain as a full stop: `funsite·com`, `funsite🔵com`. */
export function readHiddenStops(text: string, edits: Edits, work: Work): number {
  const before = edits.size;
  for (let i = 1; i + 2 < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 || !isWordAt(text, i - 1)) continue;
    const isStop = (entryOf(code) & STOP) !== 0;
    const kind = kindOf(code);
    if (!isStop && kind !== PAIR && kind !== SYMBOL) continue;
    if (!work.spend(workOf.hiddenStop)) break;
    const end = kind === PAIR ? i + 2 : i + 1;
    const ending = endingAt(text, end);
    const round = isStop || ROUND.test(text.slice(i, end));
    // Between words of a sentence people put hearts, and `·` between names; the ending is written small.
    if (round ? isCommonEnding(ending) || isCountry(ending) : isCommonEnding(ending))
      edits.replace(i, end, '.');
  }
  return edits.size > before ? HIDDEN_LINK : 0;
}

function isCountry(ending: string): boolean {
  return ending.length === 2 && isPlainEnding(ending);
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
