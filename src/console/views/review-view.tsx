import { useEffect, useState } from 'preact/hooks';
import { isScoreHidden } from '../../core/hidden-score.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import type { Action } from '../logic/keys.ts';
import { searchOf, type ViewState, viewOf } from '../logic/view-state.ts';
import { address, go } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { Campaigns } from '../state/campaigns.ts';
import { ReviewPage } from '../state/review-page.ts';
import { TableRows } from '../state/table-rows.ts';
import { useTexts } from '../texts/texts.ts';
import { ActionBar, type DecisionAction } from './action-bar.tsx';
import { AgreementCard } from './agreement-card.tsx';
import { CampaignCard } from './campaign-card.tsx';
import { CampaignDialog } from './campaign-dialog.tsx';
import { SEARCH_ID, TopBar } from './filters.tsx';
import { LogIn } from './log-in.tsx';
import { MessageCard } from './message-card.tsx';
import { NearestCard } from './nearest-card.tsx';
import { QueueTable } from './queue-table.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { openRows, settingsOpen } from './shell.tsx';
import { Notice } from './small-parts.tsx';
import { Notices, Toast } from './toast.tsx';
import { useKeys } from './use-keys.ts';
import { useValue } from './use-value.ts';

interface ReviewProps {
  readonly api: Api;
  readonly session: SessionAnswer;
  readonly onLogIn: (session: SessionAnswer) => void;
}

/** The review queue: one message at a time, or a table. */
export function ReviewView({ api, session, onLogIn }: ReviewProps) {
  const { search } = useValue(address);
  const view = viewOf(search);
  const [page] = useState(() => new ReviewPage(api, session, view, localStorage));
  const [rows] = useState(() => new TableRows(api, page.sender));
  const [campaigns] = useState(() => new Campaigns(api, page));
  const change = (changes: Partial<ViewState>) =>
    go('/review', searchOf({ ...view, id: undefined, ...changes }), changes.filter?.q !== undefined);
  useEffect(() => liveWith(page), []);
  useEffect(() => {
    page.show(view);
    if (view.view === 'table') void rows.load(view);
  }, [search]);
  const stats = useValue(page.figures.stats);
  useEffect(() => {
    openRows.value = stats?.open;
  }, [stats]);
  const isTable = view.view === 'table';
  const act = (action: Action) => perform(action, { page, rows, campaigns, isTable, change });
  useKeys(act, () => campaigns.preview.value !== undefined);
  const connection = useValue(page.sender.connection);
  if (connection === 'logged-out')
    return (
      <LogIn
        api={api}
        again={session.name}
        onEnter={(again) => {
          onLogIn(again);
          page.sender.connection.value = 'good';
          page.sender.send();
        }}
      />
    );
  return (
    <>
      <TopBar page={page} view={view} change={change} />
      <Notices page={page} />
      {isTable ? (
        <Table page={page} rows={rows} view={view} act={act} />
      ) : (
        <One api={api} page={page} campaigns={campaigns} view={view} act={act} change={change} />
      )}
      <Toast page={page} />
      <CampaignDialog campaigns={campaigns} />
    </>
  );
}

interface Context {
  readonly page: ReviewPage;
  readonly rows: TableRows;
  readonly campaigns: Campaigns;
  readonly isTable: boolean;
  readonly change: (changes: Partial<ViewState>) => void;
}

function perform(action: Action, { page, rows, campaigns, isTable, change }: Context): void {
  switch (action) {
    case 'spam':
    case 'ham':
    case 'unsure':
      if (page.mayDecide) page.decide(action, isTable ? rows.take() : undefined);
      break;
    case 'skip':
      if (isTable) rows.move(1);
      else page.skip();
      break;
    case 'undo':
      page.undo();
      break;
    case 'next':
    case 'previous':
      (isTable ? rows : page).move(action === 'next' ? 1 : -1);
      break;
    case 'bulk':
      change({ view: isTable ? 'one' : 'table' });
      break;
    case 'campaign':
      if (!isTable && page.current !== undefined) campaigns.open(page.current);
      break;
    case 'search':
      document.getElementById(SEARCH_ID)?.focus();
      break;
    case 'help':
      settingsOpen.value = true;
  }
}

/** From the first rendering to the last: begins, follows the connection, gives leases back when the page is left. */
function liveWith(page: ReviewPage): () => void {
  page.start();
  const online = () => page.sender.send();
  const hide = () => page.leave();
  // Back from the browser's cache of pages: the leases were given back.
  const show = (event: PageTransitionEvent) => {
    if (event.persisted) page.reload();
  };
  const unload = (event: BeforeUnloadEvent) => {
    if (!page.sender.isDurable && page.sender.queue.value.waiting.length > 0) event.preventDefault();
  };
  addEventListener('online', online);
  addEventListener('pagehide', hide);
  addEventListener('pageshow', show);
  addEventListener('beforeunload', unload);
  return () => {
    page.stop();
    removeEventListener('online', online);
    removeEventListener('pagehide', hide);
    removeEventListener('pageshow', show);
    removeEventListener('beforeunload', unload);
  };
}

const answers: readonly DecisionAction[] = ['spam', 'ham', 'unsure', 'skip'];

function One({
  api,
  page,
  campaigns,
  view,
  act,
  change,
}: {
  api: Api;
  page: ReviewPage;
  campaigns: Campaigns;
  view: ViewState;
  act: (action: Action) => void;
  change: (changes: Partial<ViewState>) => void;
}) {
  const texts = useTexts();
  const { items, at } = useValue(page.desk);
  const all = useValue(page.reasons.all);
  const item = items[at];
  return (
    <main id="main" class="one" tabIndex={-1}>
      <div class="card message-card" data-row={item?.id}>
        {item === undefined ? (
          <NoMessage page={page} view={view} change={change} />
        ) : (
          <MessageCard page={page} />
        )}
        {page.mayDecide ? (
          <ActionBar act={act} actions={answers} disabled={item === undefined} />
        ) : (
          <p class="act hint">{texts.states.viewer}</p>
        )}
      </div>
      <aside class="side">
        <CampaignCard campaigns={campaigns} page={page} />
        {item !== undefined && (
          <ReasonsCard
            message={item.message}
            reasons={all.get(item.id)}
            isHidden={isScoreHidden(item)}
            onRetry={() => page.reasons.load(item.id)}
          />
        )}
        {item !== undefined && <NearestCard api={api} id={item.id} />}
        <AgreementCard api={api} />
        <p class="hint position">{items.length > 0 && texts.message.position(at + 1, items.length)}</p>
      </aside>
    </main>
  );
}

/** Rows that wait for somebody, without those that were decided here. */
function useOpenRows(page: ReviewPage): number {
  const stats = useValue(page.figures.stats);
  const { waiting } = useValue(page.sender.queue);
  return Math.max(0, (stats?.open ?? 0) - waiting.length);
}

function NoMessage({
  page,
  view,
  change,
}: {
  page: ReviewPage;
  view: ViewState;
  change: (changes: Partial<ViewState>) => void;
}) {
  const { states, filters } = useTexts();
  const { phase, skipped, problem } = useValue(page.desk);
  const taken = useOpenRows(page);
  if (phase === 'loading' || phase === 'ready')
    return (
      <div class="notice">
        <p>{states.loading}</p>
      </div>
    );
  if (phase === 'failed')
    return (
      <Notice title={states.failed} kind="problem">
        <p>{states.failedHint}</p>
        {problem !== undefined && problem.status !== 0 && <p>{problem.detail}</p>}
        <button type="button" onClick={() => page.reload()}>
          {states.retry}
        </button>
      </Notice>
    );
  const isFiltered = Object.keys(view.filter).length > 0;
  return (
    <Notice title={isFiltered ? states.filtered : taken > 0 ? states.taken : states.empty}>
      <p>
        {skipped > 0
          ? states.skippedHint(skipped)
          : isFiltered
            ? states.filteredHint
            : taken > 0
              ? states.takenHint(taken)
              : states.emptyHint}
      </p>
      {skipped > 0 && (
        <button type="button" onClick={() => page.showSkipped()}>
          {states.showSkipped}
        </button>
      )}
      {isFiltered && (
        <button type="button" onClick={() => change({ filter: {} })}>
          {filters.clear}
        </button>
      )}
    </Notice>
  );
}

function Table({
  page,
  rows,
  view,
  act,
}: {
  page: ReviewPage;
  rows: TableRows;
  view: ViewState;
  act: (action: Action) => void;
}) {
  const { states, table } = useTexts();
  const { phase, items, selected } = useValue(rows.shown);
  const taken = useOpenRows(page);
  const isFiltered = Object.keys(view.filter).length > 0;
  return (
    <main id="main" class="wide" tabIndex={-1}>
      {phase === 'loading' ? (
        <div class="card notice">
          <p>{states.loading}</p>
        </div>
      ) : phase === 'failed' ? (
        <div class="card">
          <Notice title={states.failed} kind="problem">
            <p>{states.failedHint}</p>
            <button type="button" onClick={() => void rows.load(view)}>
              {states.retry}
            </button>
          </Notice>
        </div>
      ) : items.length === 0 ? (
        <div class="card">
          <Notice title={isFiltered ? states.filtered : taken > 0 ? states.taken : states.empty}>
            <p>{isFiltered ? states.filteredHint : taken > 0 ? states.takenHint(taken) : states.emptyHint}</p>
          </Notice>
        </div>
      ) : (
        <QueueTable rows={rows} view={view} />
      )}
      {page.mayDecide && items.length > 0 && (
        <div class="table-act">
          <span role="status">{selected.size > 0 ? table.selected(selected.size) : table.none}</span>
          <ActionBar act={act} actions={['spam', 'ham', 'unsure']} disabled={false} />
        </div>
      )}
    </main>
  );
}
