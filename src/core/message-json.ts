const BYTE_ORDER_MARK = '\ufeff';
/** Fields that may be written as a number. */
const identifiers: ReadonlySet<string> = new Set(['message_id', 'sender']);

/**
 * Parses JSON in which messages are: one of them, or a list of them as `messages`. A byte order mark before it is skipped
 * (RFC 8259, section 8.1), and a whole number as `message_id` or `sender` becomes the string of its digits as they are written:
 * as a number, 123456789012345678 would be another one. Throws `SyntaxError`.
 */
export function parseMessageJson(json: string): unknown {
  const text = json.startsWith(BYTE_ORDER_MARK) ? json.slice(1) : json;
  const value = JSON.parse(text) as unknown;
  return hasNumbers(value) ? JSON.parse(quoteIdentifiers(text)) : value;
}

function hasNumbers(value: unknown): boolean {
  if (isNumbered(value)) return true;
  const messages = (value as { readonly messages?: unknown } | null)?.messages;
  return Array.isArray(messages) && messages.some(isNumbered);
}

function isNumbered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { message_id, sender } = value as Readonly<Record<string, unknown>>;
  return typeof message_id === 'number' || typeof sender === 'number';
}

/**
 * Valid JSON, with quotes around each whole number that is the value of an identifier, at whatever depth. Goes from string to
 * string, as everything else is either between two of them or is what is looked for.
 */
function quoteIdentifiers(json: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (let start = json.indexOf('"'); start !== -1; ) {
    const end = endOfString(json, start);
    const number = numberAfterKey(json, end);
    if (number !== undefined && identifiers.has(JSON.parse(json.slice(start, end)) as string)) {
      pieces.push(json.slice(done, number.start), '"', json.slice(number.start, number.end), '"');
      done = number.end;
    }
    start = json.indexOf('"', end);
  }
  pieces.push(json.slice(done));
  return pieces.join('');
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  for (;;) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
    end = json.indexOf('"', end + 1);
  }
}

const wholeNumber = /\s*:\s*(-?\d+)(?![\d.eE])/y;

/** The whole number that is the value of the key that ends at `end`; undefined where something else follows. */
function numberAfterKey(
  json: string,
  end: number,
): { readonly start: number; readonly end: number } | undefined {
  wholeNumber.lastIndex = end;
  const digits = wholeNumber.exec(json)?.[1];
  if (digits === undefined) return undefined;
  return { start: wholeNumber.lastIndex - digits.length, end: wholeNumber.lastIndex };
}
