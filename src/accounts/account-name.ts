import { SluiceError } from '../core/errors.ts';

const MAX_LENGTH = 100;
/** Letters of any script, digits, and what stands in names and addresses; no colon, which marks names that are no account's. */
const allowed = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+'-]*$/u;
/** What stands for somebody else in the activity log or in a query. */
const reserved: ReadonlySet<string> = new Set(['me', 'sluice', 'model', 'command line']);

/** What of a name is unique: the case of letters and the way they are encoded make no difference. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** The name as it is stored. Throws `USAGE` for one that cannot be an account's; `what`: as in "the name of a token". */
export function checkedName(name: string, what = 'a name', maxLength = MAX_LENGTH): string {
  const read = name.normalize('NFKC').trim();
  const key = nameKeyOf(read);
  if (!allowed.test(read) || Math.max(read.length, key.length) > maxLength)
    throw new SluiceError(
      'USAGE',
      `${what} begins with a letter or digit, goes on with these, spaces and . _ @ + ' -, and has at most ${maxLength} characters`,
    );
  if (reserved.has(key))
    throw new SluiceError('USAGE', `${what} cannot be "${key}", which has a meaning of its own`);
  return read;
}
