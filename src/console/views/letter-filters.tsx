import {
  isLetterValue,
  type LetterField,
  type LetterFilterText,
  letterReasons,
  searchOfLetters,
} from '../logic/letter-view.ts';
import { go } from '../state/address.ts';
import { useTexts } from '../texts/texts.ts';

/** Which letters; the address has it. */
export function LetterFilters({ filter }: { filter: LetterFilterText }) {
  const { letters, filters } = useTexts();
  const set = (field: LetterField, value: string) => {
    const { [field]: _, ...others } = filter;
    const next = isLetterValue(field, value) ? { ...others, [field]: value } : others;
    go('/dead-letters', searchOfLetters(next));
  };
  // Those behind a click are shown where one of them is set.
  const hasMore = Object.keys(filter).some((field) => field !== 'reason');
  const text = (field: 'topic' | 'partition' | 'offset') => (
    <label>
      {letters.fields[field]}
      <input
        maxLength={200}
        inputMode={field === 'topic' ? 'text' : 'numeric'}
        value={filter[field] ?? ''}
        onChange={(event) => set(field, event.currentTarget.value.trim())}
      />
    </label>
  );
  const time = (field: 'from' | 'to') => (
    <label>
      {letters.fields[field]}
      <input
        type="datetime-local"
        value={filter[field] === undefined ? '' : localTime(Number(filter[field]))}
        onChange={(event) => {
          const at = Date.parse(event.currentTarget.value);
          set(field, Number.isNaN(at) ? '' : String(at));
        }}
      />
    </label>
  );
  return (
    <search class="card letter-filter" aria-label={filters.label}>
      <label>
        {letters.fields.reason}
        <select value={filter.reason ?? ''} onChange={(event) => set('reason', event.currentTarget.value)}>
          <option value="">{filters.any}</option>
          {letterReasons.map((reason) => (
            <option key={reason} value={reason}>
              {letters.reasons[reason]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={Object.keys(filter).length === 0} onClick={() => go('/dead-letters')}>
        {filters.clear}
      </button>
      <details open={hasMore}>
        <summary>{letters.moreFilters}</summary>
        <div class="letter-filter-fields">
          {time('from')}
          {time('to')}
          {text('topic')}
          {text('partition')}
          {text('offset')}
        </div>
      </details>
    </search>
  );
}

/** As the field takes it, in the time zone of the browser. */
function localTime(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
