import { activityKinds } from '../../core/activity-kinds.ts';
/** What values a filter takes: text, a time in epoch milliseconds, or one of a list. */
export type FilterKind = 'text' | 'time' | readonly string[];

/** The filters of a page, in the order in which they are shown. */
export type FilterKinds<Field extends string> = Readonly<Record<Field, FilterKind>>;

/** As they are sent to the server; those that are left out do not filter. */
export type AddressFilter<Field extends string> = Readonly<Partial<Record<Field, string>>>;

const MOST_CHARACTERS = 190;

/** Whether the server would take it. */
export function isValueOf(kind: FilterKind, value: string): boolean {
  if (value === '' || value.length > MOST_CHARACTERS) return false;
  if (kind === 'time') return /^\d{1,15}$/.test(value);
  return kind === 'text' || kind.includes(value);
}

/** The filters of an address; anything that the page does not know is left out. */
export function filterOfAddress<Field extends string>(
  kinds: FilterKinds<Field>,
  search: string,
): AddressFilter<Field> {
  const params = new URLSearchParams(search);
  const filter: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(kinds) as Field[]) {
    const value = params.get(field);
    if (value !== null && isValueOf(kinds[field], value)) filter[field] = value;
  }
  return filter;
}

/** `?q=…`; empty for no filter. */
export function addressOfFilter<Field extends string>(
  kinds: FilterKinds<Field>,
  filter: AddressFilter<NoInfer<Field>>,
): string {
  const params = new URLSearchParams();
  for (const field of Object.keys(kinds) as Field[]) {
    const value = filter[field];
    if (value !== undefined) params.set(field, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}

/** With another value, or without the field where the value is none that the server would take. */
export function withField<Field extends string>(
  kinds: FilterKinds<Field>,
  filter: AddressFilter<NoInfer<Field>>,
  field: NoInfer<Field>,
  value: string,
): AddressFilter<Field> {
  const { [field]: _, ...others } = filter as Partial<Record<Field, string>>;
  return (isValueOf(kinds[field], value) ? { ...others, [field]: value } : others) as AddressFilter<Field>;
}

export const trainingFilters = {
  q: 'text',
  class: ['spam', 'ham'],
  source: 'text',
  labelled_by: 'text',
  community: 'text',
  from: 'time',
  to: 'time',
} as const satisfies FilterKinds<string>;
export type TrainingField = keyof typeof trainingFilters;
export type TrainingFilter = AddressFilter<TrainingField>;

export const activityFilters = {
  who: 'text',
  what: activityKinds,
  from: 'time',
  to: 'time',
} as const satisfies FilterKinds<string>;
export type ActivityField = keyof typeof activityFilters;
export type ActivityFilter = AddressFilter<ActivityField>;

/** Where the activity page shows what this person did at this time, epoch milliseconds. */
export function activityOf(who: string, at: number): string {
  return `/activity${addressOfFilter(activityFilters, { who, from: String(at), to: String(at + 1) })}`;
}
