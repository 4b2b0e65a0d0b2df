import { useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { ActivityEntryAnswer, ActivityPageAnswer } from '../../http/activity-schemas.ts';
import {
  type ActivityFilter,
  activityFilters,
  addressOfFilter,
  filterOfAddress,
} from '../logic/address-filter.ts';
import { address, go } from '../state/address.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { filledPage } from '../state/filled-page.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { AddressFilters } from './address-filters.tsx';
import { Name, Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

interface Loaded {
  /** What it was loaded for. */
  readonly search: string;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly entries: readonly ActivityEntryAnswer[];
  readonly next: string | null;
  readonly problem?: ApiProblem;
}

const ROUTE = '/api/v1/activity';

/** Who did what, from the append-only table. */
export function ActivityPage({ api }: { api: Api }) {
  const texts = useTexts();
  const { activity } = texts;
  const { search } = useValue(address);
  const filter = filterOfAddress(activityFilters, search);
  const query = addressOfFilter(activityFilters, filter);
  const [loaded, setLoaded] = useState<Loaded>(nothing(query));
  const load = async (before: readonly ActivityEntryAnswer[], after: string | null) => {
    const got = await fetched(api, query, before, after);
    // The filters may be others by now.
    setLoaded((now) => (now.search === got.search ? got : now));
  };
  useEffect(() => {
    setLoaded(nothing(query));
    void load([], null);
  }, [query]);
  const { phase, entries, next } = loaded;
  const change = (changed: ActivityFilter) => go('/activity', addressOfFilter(activityFilters, changed));
  return (
    <>
      <header>
        <AddressFilters
          kinds={activityFilters}
          names={activity.fields}
          values={activity.kinds}
          filter={filter}
          change={change}
        />
        <p class="live">
          <a class="as-button" href={exportAddress(query)} download="activity.jsonl">
            {activity.export}
          </a>
        </p>
      </header>
      <main id="main" class="wide activity" tabIndex={-1}>
        <h1>{activity.title}</h1>
        <p class="hint">{activity.hint}</p>
        {entries.length > 0 && <Entries entries={entries} />}
        {phase === 'loading' && (
          <div class="card notice">
            <p>{activity.loading}</p>
          </div>
        )}
        {phase === 'ready' && entries.length === 0 && (
          <div class="card notice">
            <p>{query === '' ? activity.empty : activity.filtered}</p>
          </div>
        )}
        {phase === 'failed' && (
          <div class="card">
            <Notice title={activity.failed} kind="problem">
              <p>{loaded.problem?.status === 0 ? '' : loaded.problem?.detail}</p>
              <p>{activity.failedHint}</p>
              <button type="button" onClick={() => void load(entries, next)}>
                {texts.states.retry}
              </button>
            </Notice>
          </div>
        )}
        {phase === 'ready' && next !== null && (
          <p class="row-of-buttons">
            <button type="button" onClick={() => void load(entries, next)}>
              {activity.more}
            </button>
          </p>
        )}
      </main>
    </>
  );
}

function nothing(search: string): Loaded {
  return { search, phase: 'loading', entries: [], next: null };
}

/** All entries that the filters find, not only those that are shown. */
function exportAddress(query: string): string {
  return `${ROUTE}${query === '' ? '?' : `${query}&`}format=jsonl`;
}

async function fetched(
  api: Api,
  search: string,
  before: readonly ActivityEntryAnswer[],
  after: string | null,
): Promise<Loaded> {
  try {
    const page = await filledPage((from) => {
      const params = new URLSearchParams(search);
      params.set('limit', '50');
      if (from !== null) params.set('after', from);
      return api.call<ActivityPageAnswer>(`${ROUTE}?${params}`);
    }, after);
    return { search, phase: 'ready', entries: [...before, ...page.items], next: page.next };
  } catch (error) {
    return { search, phase: 'failed', entries: before, next: after, problem: problemOf(error) };
  }
}

function Entries({ entries }: { entries: readonly ActivityEntryAnswer[] }) {
  const { activity } = useTexts();
  const kindNames: Readonly<Record<string, string | undefined>> = activity.kinds;
  const { language } = preferences.value;
  const time = (when: number) =>
    new Date(when).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <div class="card table-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={activity.title}>
        <table class="stacked">
          <thead>
            <tr>
              <th>{activity.when}</th>
              <th>{activity.who}</th>
              <th>{activity.what}</th>
              <th>{activity.before}</th>
              <th>{activity.after}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ id, when, who, what, before, after }) => (
              <tr key={id}>
                <td data-name={activity.when}>{time(when)}</td>
                <td data-name={activity.who}>
                  <Name most={40}>{who}</Name>
                </td>
                <td data-name={activity.what}>{kindNames[what] ?? visibleLine(what, 60)}</td>
                <td class="cell-json" data-name={activity.before}>
                  {shown(before)}
                </td>
                <td class="cell-json" data-name={activity.after}>
                  {shown(after)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function shown(value: unknown): string {
  return value === null || value === undefined ? '–' : visibleLine(JSON.stringify(value), 200);
}
