import {
  type AddressFilter,
  type FilterKind,
  type FilterKinds,
  isValueOf,
  withField,
} from '../logic/address-filter.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { DateField } from './filters.tsx';
import { Name } from './small-parts.tsx';

interface Props<Field extends string> {
  readonly kinds: FilterKinds<Field>;
  readonly names: Readonly<Record<Field, string>>;
  /** What values of a list are called. */
  readonly values: Readonly<Record<string, string>>;
  readonly filter: AddressFilter<Field>;
  readonly change: (filter: AddressFilter<Field>) => void;
}

/** The filters of a page behind one button, and each that is set as a chip that removes it. Words of a text have a field of their own. */
export function AddressFilters<Field extends string>({ kinds, names, values, filter, change }: Props<Field>) {
  const { filters } = useTexts();
  const fields = (Object.keys(kinds) as Field[]).filter((field) => field !== 'q');
  const set = (field: Field, value: string) => change(withField(kinds, filter, field, value));
  return (
    <div class="chips">
      <details class="more">
        <summary class="chip">{filters.more}</summary>
        <div class="more-fields card">
          {fields.map((field) => (
            <Field
              key={field}
              name={field}
              label={names[field]}
              kind={kinds[field]}
              values={values}
              value={filter[field] ?? ''}
              set={(value) => set(field, value)}
            />
          ))}
          <button type="button" onClick={() => change({} as AddressFilter<Field>)}>
            {filters.clear}
          </button>
        </div>
      </details>
      {fields.map((field) => {
        const value = filter[field];
        if (value === undefined) return null;
        return (
          <button
            type="button"
            class="chip chip-set"
            key={field}
            aria-label={filters.remove(names[field])}
            onClick={() => set(field, '')}
          >
            {names[field]} <Name most={24}>{shownValue(kinds[field], value, values)}</Name>{' '}
            <span aria-hidden="true">×</span>
          </button>
        );
      })}
    </div>
  );
}

function Field({
  name,
  label,
  kind,
  values,
  value,
  set,
}: {
  name: string;
  label: string;
  kind: FilterKind;
  values: Readonly<Record<string, string>>;
  value: string;
  set: (value: string) => void;
}) {
  const { filters } = useTexts();
  if (kind === 'time')
    return (
      <DateField
        name={name === 'to' ? 'to' : 'from'}
        value={isValueOf('time', value) ? value : undefined}
        set={(_, chosen) => set(chosen)}
      />
    );
  if (kind === 'text')
    return (
      <label>
        {label}
        <input maxLength={190} value={value} onChange={(event) => set(event.currentTarget.value.trim())} />
      </label>
    );
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{filters.any}</option>
        {kind.map((each) => (
          <option key={each} value={each}>
            {values[each] ?? each}
          </option>
        ))}
      </select>
    </label>
  );
}

function shownValue(kind: FilterKind, value: string, values: Readonly<Record<string, string>>): string {
  if (kind === 'time') return timeText(value);
  return kind === 'text' ? value : (values[value] ?? value);
}

function timeText(value: string): string {
  return new Date(Number(value)).toLocaleString(preferences.value.language, {
    dateStyle: 'short',
    timeStyle: 'short',
  });
}
