import { useCallback, useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../logic/characters.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { Name, Notice } from './small-parts.tsx';

interface Entry {
  readonly id: number;
  readonly who: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly when: number;
}

interface Loaded {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly entries: readonly Entry[];
  readonly next: string | null;
  readonly problem?: ApiProblem;
}

/** Who did what, from the append-only table. */
export function ActivityPage({ api }: { api: Api }) {
  const texts = useTexts();
  const { activity } = texts;
  const [loaded, setLoaded] = useState<Loaded>({ phase: 'loading', entries: [], next: null });
  const load = useCallback(
    async (before: readonly Entry[], after: string | null) => {
      try {
        const params = new URLSearchParams({ limit: '50', ...(after === null ? {} : { after }) });
        const page = await api.call<{ items: Entry[]; next: string | null }>(`/api/v1/activity?${params}`);
        setLoaded({ phase: 'ready', entries: [...before, ...page.items], next: page.next });
      } catch (error) {
        setLoaded({ phase: 'failed', entries: before, next: after, problem: problemOf(error) });
      }
    },
    [api],
  );
  useEffect(() => void load([], null), [load]);
  const { phase, entries, next } = loaded;
  return (
    <main id="main" class="wide" tabIndex={-1}>
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
          <p>{activity.empty}</p>
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
      <p class="row-of-buttons">
        {phase === 'ready' && next !== null && (
          <button type="button" onClick={() => void load(entries, next)}>
            {activity.more}
          </button>
        )}
        {entries.length > 0 && (
          <button type="button" onClick={() => save(entries)}>
            {activity.export}
          </button>
        )}
      </p>
    </main>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  const { activity } = useTexts();
  const { language } = preferences.value;
  const time = (when: number) =>
    new Date(when).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <div class="card table-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={activity.title}>
        <table>
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
                <td>{time(when)}</td>
                <td>
                  <Name most={40}>{who}</Name>
                </td>
                <td>{visibleLine(what, 60)}</td>
                <td class="cell-json">{shown(before)}</td>
                <td class="cell-json">{shown(after)}</td>
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

function save(entries: readonly Entry[]): void {
  const link = document.createElement('a');
  link.download = 'activity.json';
  link.href = URL.createObjectURL(new Blob([JSON.stringify(entries, null, 1)], { type: 'application/json' }));
  link.click();
  URL.revokeObjectURL(link.href);
}
