/**
 * What a terminal or an editor obeys instead of showing it: control characters but for tab and newline, the C1 controls that some
 * terminals read as escape sequences, and the characters that turn the direction of what follows.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * A text as it may be shown to a person: an id, a name or a header that somebody has sent must not drive the terminal of who
 * reads it. Such characters are written as `\u001b`, so that a JSON document stays the same document.
 */
export function printable(text: string): string {
  return text.replace(COMMANDS, (command) => `\\u${command.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
