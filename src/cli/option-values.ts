import { InvalidArgumentError } from 'commander';

/** Description of `--data`. */
export const dataHelp =
  'a CSV or TSV file, corpus:own, corpus:spam-assassin or corpus:chitchat[:MESSAGES]; may be repeated';

/** Collects the values of an option that may be repeated. Without a default for the option, which would satisfy one that is required. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be from 0 to 1.');
  return value;
}
