import { useEffect, useRef, useState } from 'preact/hooks';
import { reviewOrders, reviewOrigins, reviewStates } from '../logic/names.ts';
import { secondsToFinish } from '../logic/progress.ts';
import { type FilterField, filterFields, isFilterValue, type ViewState } from '../logic/view-state.ts';
import { preferences } from '../state/preferences.ts';
import type { ReviewPage } from '../state/review-page.ts';
import { amountText, numberText, useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { Key, Name } from './small-parts.tsx';
import { useValue } from './use-value.ts';

export interface FilterProps {
  readonly view: ViewState;
  readonly change: (changes: Partial<ViewState>) => void;
}

export const SEARCH_ID = 'search';

/** The bar above the queue: search, order, filters, progress. */
export function TopBar({ page, view, change }: FilterProps & { readonly page: ReviewPage }) {
  const texts = useTexts();
  const { filters } = texts;
  const { keys, keysOn } = useValue(preferences);
  const set = (field: FilterField, value: string) => {
    const { [field]: _, ...others } = view.filter;
    change({ filter: isFilterValue(field, value) ? { ...others, [field]: value } : others });
  };
  return (
    <header>
      <h1 class="away">{texts.pages.review}</h1>
      <Search value={view.filter.q ?? ''} onChange={(value) => set('q', value)} label={filters.search}>
        {keysOn ? keys.search : ''}
      </Search>
      <div class="chips">
        <label class="chip chip-order">
          {filters.order}
          <select
            value={view.order}
            onChange={(event) => change({ order: event.currentTarget.value as ViewState['order'] })}
          >
            {reviewOrders.map((order) => (
              <option key={order} value={order}>
                {filters.orders[order]}
              </option>
            ))}
          </select>
        </label>
        <MoreFilters view={view} change={change} set={set} />
        <ActionButton
          action="bulk"
          className="chip"
          label={view.view === 'one' ? filters.table : filters.one}
          onClick={() => change({ view: view.view === 'one' ? 'table' : 'one' })}
        />
        {filterFields.map((field) => {
          const value = view.filter[field];
          if (value === undefined || field === 'q') return null;
          return (
            <button
              type="button"
              class="chip chip-set"
              key={field}
              aria-label={filters.remove(filters.fields[field])}
              onClick={() => set(field, '')}
            >
              {filters.fields[field]} <Name most={24}>{value}</Name> <span aria-hidden="true">×</span>
            </button>
          );
        })}
      </div>
      <Progress page={page} />
    </header>
  );
}

export function Search({
  value,
  onChange,
  label,
  children,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  children: string;
}) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(value), [value]);
  const later = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), 400);
  };
  return (
    <search class="search">
      <input
        id={SEARCH_ID}
        type="search"
        placeholder={label}
        aria-label={label}
        maxLength={200}
        value={text}
        onInput={(event) => later(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      {children !== '' && <Key>{children}</Key>}
    </search>
  );
}

/** Fields that are seldom needed, behind one button. */
function MoreFilters({
  view,
  change,
  set,
}: FilterProps & { set: (field: FilterField, value: string) => void }) {
  const texts = useTexts();
  const { filters } = texts;
  const field = (name: FilterField, type: 'text' | 'number' = 'text') => (
    <label>
      {filters.fields[name]}
      <input
        maxLength={200}
        inputMode={type === 'number' ? 'decimal' : 'text'}
        value={view.filter[name] ?? ''}
        onChange={(event) => set(name, event.currentTarget.value.trim())}
      />
    </label>
  );
  return (
    <details class="more">
      <summary class="chip">{filters.more}</summary>
      <div class="more-fields card">
        {view.view === 'table' && (
          <label>
            {filters.state}
            <select
              value={view.state}
              onChange={(event) => change({ state: event.currentTarget.value as ViewState['state'] })}
            >
              {reviewStates.map((state) => (
                <option key={state} value={state}>
                  {filters.states[state]}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {filters.fields.origin}
          <select
            value={view.filter.origin ?? ''}
            onChange={(event) => set('origin', event.currentTarget.value)}
          >
            <option value="">{filters.any}</option>
            {reviewOrigins.map((origin) => (
              <option key={origin} value={origin}>
                {filters.origins[origin]}
              </option>
            ))}
          </select>
        </label>
        {field('community')}
        {field('sender')}
        {field('min', 'number')}
        {field('max', 'number')}
        {field('reporters', 'number')}
        {field('model')}
        <DateField name="from" value={view.filter.from} set={set} />
        <DateField name="to" value={view.filter.to} set={set} />
        <button type="button" onClick={() => change({ filter: {} })}>
          {filters.clear}
        </button>
      </div>
    </details>
  );
}

/** A day, stored as the epoch milliseconds of its beginning here. */
export function DateField({
  name,
  value,
  set,
}: {
  name: 'from' | 'to';
  value: string | undefined;
  set: (field: 'from' | 'to', value: string) => void;
}) {
  const { filters } = useTexts();
  const day = value === undefined ? '' : dayOf(new Date(Number(value)));
  return (
    <label>
      {filters.fields[name]}
      <input
        type="date"
        value={day}
        onChange={(event) => {
          const at = Date.parse(`${event.currentTarget.value}T00:00:00`);
          set(name, Number.isNaN(at) ? '' : String(at));
        }}
      />
    </label>
  );
}

function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The numbers that people steer by. */
function Progress({ page }: { page: ReviewPage }) {
  const texts = useTexts();
  const { progress } = texts;
  const stats = useValue(page.figures.stats);
  const { waiting } = useValue(page.sender.queue);
  if (stats === undefined) return <div class="live" />;
  const unsent = waiting.length;
  const open = Math.max(0, stats.open - unsent);
  const seconds = secondsToFinish(open, stats.team.last_hour);
  return (
    <section class="live" aria-label={progress.label}>
      <span>
        {progress.today} <b>{numberText(stats.mine.today + unsent)}</b>
      </span>
      <span>
        {progress.perHour} <b>{numberText(stats.mine.last_hour + unsent)}</b>
      </span>
      <span>
        {progress.left} <b>{numberText(open)}</b>
        {seconds !== undefined && seconds > 0 && ` · ${progress.about(amountText(texts, seconds))}`}
      </span>
    </section>
  );
}
