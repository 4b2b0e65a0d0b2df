import type { DeadLetterReason } from '../../core/dead-letter.ts';
import type { ReplayAnswer } from '../../http/letter-schemas.ts';

/** Codes of dead letters, in the order in which they are offered. */
export const letterReasons = [
  'not-json',
  'not-an-object',
  'missing-message',
  'missing-message-id',
  'wrong-type',
  'invalid-utf8',
  'too-large',
  'empty',
  'kills-scorer',
] as const satisfies readonly DeadLetterReason[];

export const letterFields = ['reason', 'topic', 'partition', 'offset', 'from', 'to'] as const;
export type LetterField = (typeof letterFields)[number];
/** As the address has them. */
export type LetterFilterText = Readonly<Partial<Record<LetterField, string>>>;

/** Whether the server would take it. */
export function isLetterValue(field: LetterField, value: string): boolean {
  if (value === '' || value.length > 500) return false;
  if (field === 'reason') return (letterReasons as readonly string[]).includes(value);
  return field === 'topic' || /^\d{1,15}$/.test(value);
}

/** Anything in an address that this page does not know is left out. */
export function lettersOf(search: string): LetterFilterText {
  const params = new URLSearchParams(search);
  const filter: Partial<Record<LetterField, string>> = {};
  for (const field of letterFields) {
    const value = params.get(field);
    if (value !== null && isLetterValue(field, value)) filter[field] = value;
  }
  return filter;
}

/** `?reason=…`; empty for no filter. */
export function searchOfLetters(filter: LetterFilterText): string {
  const params = new URLSearchParams(filter);
  return params.size === 0 ? '' : `?${params}`;
}

/** With numbers where the request has numbers. */
export function letterFilterBody(filter: LetterFilterText): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(filter).map(([field, value]) => [
      field,
      field === 'reason' || field === 'topic' ? value : Number(value),
    ]),
  );
}

export type LetterOutcome = ReplayAnswer['letters'][number]['outcome'];

/** How many letters had which outcome, in the order in which they are shown. */
export function outcomeCounts({ letters }: ReplayAnswer): readonly (readonly [LetterOutcome, number])[] {
  const order: readonly LetterOutcome[] = ['replayed', 'already-replayed', 'cannot-be-sent', 'gone', 'left'];
  return order.flatMap((outcome) => {
    const count = letters.filter((letter) => letter.outcome === outcome).length;
    return count === 0 ? [] : [[outcome, count] as const];
  });
}
