import type { RowLabel } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import type { Dump, DumpRecord, DumpRefusal } from '../ports/dump.ts';
import type { NewLabelRow } from '../ports/label-store.ts';

/** What becomes of the columns of a dump; also among the parameters of an import. */
export interface ColumnChoice {
  readonly text?: string;
  readonly label?: string;
  readonly spamValues?: readonly string[];
  readonly hamValues?: readonly string[];
  readonly communityColumn?: string;
  /** Of all rows. */
  readonly community?: string;
  readonly sourceColumn?: string;
  readonly source?: string;
}

export interface RowReader {
  readonly columns: readonly string[];
  /** The row to import, or why it is not imported. */
  read(record: DumpRecord): NewLabelRow | DumpRefusal;
}

const TEXT_COLUMNS = ['message', 'text', 'body', 'content', 'v2'];
const LABEL_COLUMNS = ['label', 'class', 'spam', 'v1'];
const SPAM_VALUES = ['spam', '1', 'true'];
const HAM_VALUES = ['ham', '0', 'false'];
const DEFAULT_SOURCE = 'import';
/** Rows that people decide in the review queue. */
const RESERVED_SOURCE = 'review';
/** Of a community or a source; what a database can index. UTF-16 code units. */
const LONGEST_NAME = 191;

/**
 * Reads the rows of a dump. `needsLabel`: for a file of labels, where a column of labels is looked for. Throws `DATA_INVALID` for a column that
 * is missing, with those that exist, and `USAGE`.
 */
export function rowReader(
  dump: Pick<Dump, 'name' | 'columns'>,
  choice: ColumnChoice,
  { maxBytes, needsLabel = false }: { readonly maxBytes: number; readonly needsLabel?: boolean },
): RowReader {
  const { community = '', source = DEFAULT_SOURCE } = choice;
  if (!isSource(source))
    throw new SluiceError(
      'USAGE',
      `the source must have 1 to ${LONGEST_NAME} characters and not be "${RESERVED_SOURCE}"`,
    );
  if (!isName(community))
    throw new SluiceError('USAGE', `a community has at most ${LONGEST_NAME} characters`);
  const text = columnOf(dump, '--text-column', choice.text, TEXT_COLUMNS);
  const label =
    choice.label !== undefined || needsLabel
      ? columnOf(dump, '--label-column', choice.label, LABEL_COLUMNS)
      : undefined;
  const optional = (option: string, name: string | undefined) =>
    name === undefined ? undefined : columnOf(dump, option, name, []);
  const communityColumn = optional('--community-column', choice.communityColumn);
  const sourceColumn = optional('--source-column', choice.sourceColumn);
  const columns = [text, label, communityColumn, sourceColumn].filter((name) => name !== undefined);
  const at = (name: string | undefined) => (name === undefined ? -1 : columns.indexOf(name));
  const [labelAt, communityAt, sourceAt] = [at(label), at(communityColumn), at(sourceColumn)];
  const labelOf = labelReader(choice);
  return {
    columns,
    read: ({ values, refused }) => {
      if (refused !== undefined) return refused;
      const message = values[0];
      if (typeof message !== 'string' || message.trim() === '') return 'no-text';
      if (message.includes('\0')) return 'nul';
      if (isLonger(message, maxBytes)) return 'too-long';
      const known = labelAt < 0 ? undefined : labelOf(values[labelAt]);
      if (known === null) return 'label';
      const from = sourceAt < 0 ? source : textOf(values[sourceAt]).trim() || source;
      const where = communityAt < 0 ? community : textOf(values[communityAt]).trim();
      if (!isSource(from) || !isName(where)) return 'name';
      return { message, community: where, source: from, ...(known === undefined ? {} : { label: known }) };
    },
  };
}

function columnOf(
  { name, columns }: Pick<Dump, 'name' | 'columns'>,
  option: string,
  wanted: string | undefined,
  usual: readonly string[],
): string {
  const among = (one: string) =>
    columns.find((column) => column === one) ??
    columns.find((column) => column.toLowerCase() === one.toLowerCase());
  for (const one of wanted === undefined ? usual : [wanted]) {
    const found = among(one);
    if (found !== undefined) return found;
  }
  const missing = wanted === undefined ? `no column ${usual.join(', ')}` : `no column "${wanted}"`;
  const there = columns.map((column) => `"${column}"`).join(', ');
  throw new SluiceError(
    'DATA_INVALID',
    `${name}, row 1: there is ${missing}. Its columns are ${there}; name one with ${option}.`,
  );
}

/** Undefined for a cell without a label, null for one that is neither spam nor ham. */
function labelReader({
  spamValues,
  hamValues,
}: ColumnChoice): (value: unknown) => RowLabel | undefined | null {
  const fold = (text: string) => text.trim().toLowerCase();
  const spam = new Set((spamValues ?? SPAM_VALUES).map(fold));
  // With values for spam alone, all others are ham.
  const ham = new Set((hamValues ?? (spamValues === undefined ? HAM_VALUES : [])).map(fold));
  const areOthersHam = spamValues !== undefined && hamValues === undefined;
  const areOthersSpam = hamValues !== undefined && spamValues === undefined;
  return (value) => {
    const text = fold(textOf(value));
    if (ham.has(text)) return 'ham';
    if (spam.has(text) && !areOthersSpam) return 'spam';
    if (text === '') return undefined;
    if (areOthersHam) return 'ham';
    return areOthersSpam ? 'spam' : null;
  };
}

function textOf(value: unknown): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && !name.includes('\0');
}

function isSource(name: string): boolean {
  return name !== '' && name !== RESERVED_SOURCE && isName(name);
}

const encoder = new TextEncoder();

/** Whether a text has more bytes of UTF-8. */
function isLonger(text: string, maxBytes: number): boolean {
  // A code unit has one to three bytes.
  if (text.length * 3 <= maxBytes) return false;
  return text.length > maxBytes || encoder.encode(text).length > maxBytes;
}
