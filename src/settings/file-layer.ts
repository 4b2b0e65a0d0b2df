import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { describeError, SluiceError } from '../core/errors.ts';

/** A settings file's text as nested settings. Throws `SETTINGS_UNREADABLE` with line and column. */
function parseSettings(text: string, path: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(text);
  const [error] = document.errors;
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

/** Without the parser's own sentence and without its error as the cause: both may quote the file, and so a secret. */
function unreadable(path: string, what: string): SluiceError {
  return new SluiceError('SETTINGS_UNREADABLE', `${path} is not valid YAML: ${what}. Correct the file.`);
}

/** Reads a settings file. Throws `SETTINGS_UNREADABLE`. */
export async function readSettingsFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SluiceError(
      'SETTINGS_UNREADABLE',
      `The settings file cannot be read: ${describeError(cause)}. Check the path given with --config.`,
      { cause },
    );
  }
  return parseSettings(text, path);
}
