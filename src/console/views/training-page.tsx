import { useEffect, useState } from 'preact/hooks';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import {
  addressOfFilter,
  filterOfAddress,
  type TrainingFilter,
  trainingFilters,
  withField,
} from '../logic/address-filter.ts';
import type { Action } from '../logic/keys.ts';
import { isLabelNext, LABEL_NEXT } from '../logic/label-next.ts';
import { address, go } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { TrainingRows } from '../state/training-rows.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { AddressFilters } from './address-filters.tsx';
import { SEARCH_ID, Search } from './filters.tsx';
import { LabelNextView } from './label-next-view.tsx';
import { settingsOpen } from './shell.tsx';
import { Notice } from './small-parts.tsx';
import { TrainingQuestion } from './training-question.tsx';
import { TrainingRefusal } from './training-refusal-notice.tsx';
import { TrainingTable } from './training-table.tsx';
import { TrainingToast } from './training-toast.tsx';
import { useKeys } from './use-keys.ts';
import { useValue } from './use-value.ts';

/** What models are trained on: the table, or which message to label next. */
export function TrainingPage({ api, session }: { api: Api; session: SessionAnswer }) {
  const { search } = useValue(address);
  return isLabelNext(search) ? (
    <LabelNextView api={api} />
  ) : (
    <Table api={api} session={session} search={search} />
  );
}

/** The labeled messages: searched, relabeled many at once, and taken back. */
function Table({ api, session, search }: { api: Api; session: SessionAnswer; search: string }) {
  const filter = filterOfAddress(trainingFilters, search);
  const [rows] = useState(() => new TrainingRows(api, session));
  useEffect(() => void rows.restore(), []);
  useEffect(() => void rows.load(filter), [search]);
  const change = (next: TrainingFilter) =>
    go('/training', addressOfFilter(trainingFilters, next), next.q !== undefined && next.q !== filter.q);
  useKeys(
    (action, isShifted) => perform(action, isShifted, rows),
    () => rows.question.value !== undefined,
  );
  return (
    <>
      <Header rows={rows} filter={filter} change={change} />
      <TrainingRefusal refusal={rows.refusal} />
      <main id="main" class="wide training" tabIndex={-1}>
        <Content rows={rows} filter={filter} change={change} />
        <Actions rows={rows} />
      </main>
      <TrainingToast rows={rows} />
      <TrainingQuestion rows={rows} />
    </>
  );
}

function perform(action: Action, isShifted: boolean, rows: TrainingRows): void {
  switch (action) {
    case 'spam':
    case 'ham':
      rows.relabel(action);
      break;
    case 'undo':
      void rows.undo();
      break;
    case 'next':
    case 'previous':
      rows.move(action === 'next' ? 1 : -1, isShifted);
      break;
    case 'select':
      rows.select(isShifted);
      break;
    case 'bulk':
      go('/training', LABEL_NEXT);
      break;
    case 'search':
      document.getElementById(SEARCH_ID)?.focus();
      break;
    case 'help':
      settingsOpen.value = true;
  }
}

interface FilteredProps {
  readonly rows: TrainingRows;
  readonly filter: TrainingFilter;
  readonly change: (filter: TrainingFilter) => void;
}

function Header({ rows, filter, change }: FilteredProps) {
  const texts = useTexts();
  const { training, labels, filters } = texts;
  const { keys, keysOn } = useValue(preferences);
  return (
    <header>
      <h1 class="away">{texts.pages.training}</h1>
      <Search
        value={filter.q ?? ''}
        label={filters.search}
        onChange={(value) => change(withField(trainingFilters, filter, 'q', value))}
      >
        {keysOn ? keys.search : ''}
      </Search>
      <AddressFilters
        kinds={trainingFilters}
        names={training.fields}
        values={{ spam: labels.spam, ham: labels.ham }}
        filter={filter}
        change={change}
      />
      <ActionButton
        action="bulk"
        className="chip"
        label={texts.labelNext.title}
        onClick={() => go('/training', LABEL_NEXT)}
      />
      <Count rows={rows} />
    </header>
  );
}

function Count({ rows }: { rows: TrainingRows }) {
  const { training } = useTexts();
  const { phase, count, isExact } = useValue(rows.shown);
  if (phase !== 'ready' || count === null) return <p class="live" role="status" />;
  const text = numberText(count);
  return (
    <p class="live" role="status">
      {isExact ? training.found(count, text) : training.foundMore(text)}
    </p>
  );
}

function Content({ rows, filter, change }: FilteredProps) {
  const texts = useTexts();
  const { training, states, filters } = texts;
  const { phase, items, next, problem } = useValue(rows.shown);
  const isFiltered = Object.keys(filter).length > 0;
  if (phase === 'loading')
    return (
      <div class="card notice">
        <p>{training.loading}</p>
      </div>
    );
  if (phase === 'failed')
    return (
      <div class="card">
        <Notice title={training.failed} kind="problem">
          <p>{problem === undefined || problem.status === 0 ? '' : problem.detail}</p>
          <p>{training.failedHint}</p>
          <button type="button" onClick={() => void rows.load(filter)}>
            {states.retry}
          </button>
        </Notice>
      </div>
    );
  if (items.length > 0) return <TrainingTable rows={rows} />;
  if (next !== null)
    return (
      <div class="card">
        <Notice title={training.notYet}>
          <p>{training.notYetHint}</p>
          <button type="button" onClick={() => void rows.more()}>
            {training.further}
          </button>
        </Notice>
      </div>
    );
  return (
    <div class="card">
      <Notice title={isFiltered ? training.filtered : training.empty}>
        <p>{isFiltered ? training.filteredHint : training.emptyHint}</p>
        {isFiltered && (
          <button type="button" onClick={() => change({})}>
            {filters.clear}
          </button>
        )}
      </Notice>
    </div>
  );
}

function Actions({ rows }: { rows: TrainingRows }) {
  const { training } = useTexts();
  const { items } = useValue(rows.shown);
  const { chosen } = useValue(rows.selection);
  const isSending = useValue(rows.isSending);
  const canUndo = useValue(rows.undoable).length > 0;
  if (items.length === 0 && !canUndo) return null;
  return (
    <div class="table-act" aria-busy={isSending}>
      <span role="status">
        {isSending ? training.sending : chosen.size > 0 ? training.selected(chosen.size) : training.none}
      </span>
      <div class="act act-3">
        {(['spam', 'ham'] as const).map((label) => (
          <ActionButton
            key={label}
            action={label}
            disabled={items.length === 0}
            onClick={() => rows.relabel(label)}
          />
        ))}
        <ActionButton action="undo" disabled={!canUndo} onClick={() => void rows.undo()} />
      </div>
    </div>
  );
}
