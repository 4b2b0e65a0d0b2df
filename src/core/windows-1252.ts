/**
 * Characters of the bytes 0x80 to 0x9F in Windows-1252, by the Encoding Standard; five bytes have none and stay control
 * characters.
 */
const CHARACTERS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Replaces the control characters U+0080 to U+009F by the characters that their bytes mean in Windows-1252. Node 20 decodes
 * Windows-1252 as ISO-8859-1, which leaves them; later versions do not, and the same file must give the same text.
 */
export function withoutC1Controls(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (control) => CHARACTERS[control.charCodeAt(0) - 0x80]!);
}

export function decodeWindows1252(bytes: Uint8Array): string {
  return withoutC1Controls(new TextDecoder('windows-1252').decode(bytes));
}
