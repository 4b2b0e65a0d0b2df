/** Characters and lines of a message that are shown before somebody asks for more, and how many more each time. */
export const FOLD_CHARACTERS = 2000;
const FOLD_LINES = 24;
export const UNFOLD_CHARACTERS = 20_000;

/**
 * Where a long message is cut: after at most `most` code units and as many lines as fit, never within a surrogate pair or between a letter and its
 * marks, preferably at a space. The length of the message if it is short enough.
 */
export function foldAt(message: string, most = FOLD_CHARACTERS, lines = FOLD_LINES): number {
  let end = Math.min(most, message.length);
  let line = -1;
  for (let count = 0; count < lines; count++) {
    line = message.indexOf('\n', line + 1);
    if (line === -1 || line >= end) break;
    if (count === lines - 1) return line + 1;
  }
  if (end === message.length) return end;
  const space = message.lastIndexOf(' ', end);
  if (space > end * 0.9) return space + 1;
  // A letter with a thousand marks is cut in any case.
  for (let steps = 0; steps < 32 && end > 1 && !isBorder(message, end); steps++) end--;
  return isLow(message, end) && end > 1 ? end - 1 : end;
}

function isLow(message: string, at: number): boolean {
  const unit = message.charCodeAt(at);
  const before = message.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}

function isBorder(message: string, at: number): boolean {
  return !isLow(message, at) && !/^(?:\p{M}|\u200D|\uFE0F)/u.test(message.slice(at, at + 2));
}
