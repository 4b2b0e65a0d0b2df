/** U+FDD0: Unicode keeps it for the inside of programs, so that texts which people exchange have none. */
const MARK = '\u{fdd0}';
/** With the flag `u` a surrogate matches only where it is no half of a pair. */
const unstorable = /[\u{fdd0}\ud800-\udfff]/gu;
const stored = /\u{fdd0}(\u{fdd0}|d[89a-f][0-9a-f]{2})/gu;

/**
 * A text that a database stores as it is: databases hold UTF-8, which has no half of a surrogate pair, and drivers replace one
 * by U+FFFD. Two ids that were cut in the middle of different emojis would be one. Such a half becomes a mark and its four
 * hexadecimal digits, the mark itself becomes two; any other text stays the same. {@link restoredText} is the way back.
 */
export function storableText(text: string): string {
  return text.replace(unstorable, (unit) => (unit === MARK ? MARK + MARK : MARK + hexOf(unit)));
}

/** The text of which {@link storableText} made this one. */
export function restoredText(text: string): string {
  return text.replace(stored, (_, code: string) =>
    code === MARK ? MARK : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function hexOf(unit: string): string {
  return unit.charCodeAt(0).toString(16);
}
