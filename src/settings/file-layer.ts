import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { describeError, SluiceError } from '../core/errors.ts';
import { readBoundedFile } from './read-bounded-file.ts';

/** Some 100,000 communities; a file that is longer is not one of settings. */
const MAX_BYTES = 8 * 2 ** 20;

/** A settings file's text as nested settings. Throws `SETTINGS_UNREADABLE` with line and column. */
export function parseSettings(text: string, path: string): Readonly<Record<string, unknown>> {
  const lines = new LineCounter();
  // The parser's own search for repeated keys compares each with each.
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines });
  const [error] = document.errors;
  const repeated = error === undefined ? repeatedKeyAt(document) : undefined;
  if (repeated !== undefined)
    throw unreadable(path, `a key occurs twice at line ${lines.linePos(repeated).line}`);
  let value: unknown;
  try {
    value = error === undefined ? document.toJS({ maxAliasCount: 100 }) : undefined;
  } catch {
    throw unreadable(
      path,
      'an alias has no anchor, or there are too many; put a value that begins with "*" in quotes',
    );
  }
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    const where = start === undefined ? '' : ` at line ${start.line}, column ${start.col}`;
    throw unreadable(path, `${error.code.toLowerCase().replaceAll('_', ' ')}${where}`);
  }
  // A file of nothing but comments.
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new SluiceError(
      'SETTINGS_UNREADABLE',
      `${path} does not hold settings: it must be sections of "name: value".`,
    );
  return value as Readonly<Record<string, unknown>>;
}

/** Offset of the first key that its section has already; undefined where no key occurs twice. */
function repeatedKeyAt(document: ReturnType<typeof parseDocument>): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          found = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** Without the parser's own sentence and without its error as the cause: both may quote the file, and so a secret. */
function unreadable(path: string, what: string): SluiceError {
  return new SluiceError('SETTINGS_UNREADABLE', `${path} is not valid YAML: ${what}. Correct the file.`);
}

/** Reads a settings file. Throws `SETTINGS_UNREADABLE`. */
export async function readSettingsFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readBoundedFile(path, MAX_BYTES);
  } catch (cause) {
    throw new SluiceError(
      'SETTINGS_UNREADABLE',
      `The settings file cannot be read: ${describeError(cause)}. Check the path given with --config.`,
      { cause },
    );
  }
  return parseSettings(text, path);
}
