import { reviewOrders, reviewOrigins, reviewStates } from './names.ts';

/** What the review page shows, as its address has it. */
export interface ViewState {
  readonly view: 'one' | 'table';
  /** In the table only. */
  readonly state: (typeof reviewStates)[number];
  readonly order: (typeof reviewOrders)[number];
  /** A row that was asked for by its id. */
  readonly id: number | undefined;
  readonly filter: Filter;
}

export type FilterField = (typeof filterFields)[number];
/** As they are sent to the server; those that are left out do not filter. */
export type Filter = Readonly<Partial<Record<FilterField, string>>>;

export const filterFields = [
  'q',
  'community',
  'sender',
  'model',
  'origin',
  'min',
  'max',
  'reporters',
  'from',
  'to',
] as const;

export const startView: ViewState = {
  view: 'one',
  state: 'open',
  order: 'uncertainty',
  id: undefined,
  filter: {},
};

function oneOf<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
  return values.find((each) => each === value) ?? otherwise;
}

/** Anything in an address that this page does not know is left out. */
export function viewOf(search: string): ViewState {
  const params = new URLSearchParams(search);
  const filter: Partial<Record<FilterField, string>> = {};
  for (const field of filterFields) {
    const value = params.get(field);
    if (value !== null && isFilterValue(field, value)) filter[field] = value;
  }
  const id = Number(params.get('id') ?? Number.NaN);
  return {
    view: oneOf(['one', 'table'], params.get('view'), startView.view),
    state: oneOf(reviewStates, params.get('state'), startView.state),
    order: oneOf(reviewOrders, params.get('order'), startView.order),
    id: Number.isSafeInteger(id) && id > 0 ? id : undefined,
    filter,
  };
}

/** Whether the server would take it. */
export function isFilterValue(field: FilterField, value: string): boolean {
  if (value === '' || value.length > 200) return false;
  if (field === 'min' || field === 'max') return Number(value) >= 0 && Number(value) <= 1;
  if (field === 'reporters') return /^[1-9]\d{0,8}$/.test(value);
  if (field === 'from' || field === 'to') return /^\d{1,15}$/.test(value);
  if (field === 'origin') return (reviewOrigins as readonly string[]).includes(value);
  return true;
}

/** `?view=table&q=…`; empty for the page as it starts. */
export function searchOf({ view, state, order, id, filter }: ViewState): string {
  const params = new URLSearchParams();
  if (view !== startView.view) params.set('view', view);
  if (state !== startView.state) params.set('state', state);
  if (order !== startView.order) params.set('order', order);
  if (id !== undefined) params.set('id', String(id));
  for (const field of filterFields) {
    const value = filter[field];
    if (value !== undefined) params.set(field, value);
  }
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

/** With numbers where a lease request has numbers. */
export function filterBody(filter: Filter): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(filter).map(([field, value]) => [
      field,
      ['min', 'max', 'reporters', 'from', 'to'].includes(field) ? Number(value) : value,
    ]),
  );
}
