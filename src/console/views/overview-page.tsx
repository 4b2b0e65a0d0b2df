import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Point } from '../logic/overview-history.ts';
import type { Api } from '../state/api.ts';
import { LiveOverview, type LiveState } from '../state/live-overview.ts';
import { amountText, useTexts } from '../texts/texts.ts';
import { AuditCard } from './audit-card.tsx';
import { OverviewCards } from './overview-cards.tsx';
import { Notice } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

/** Who asked for less motion sees the charts move so often. */
const REDUCED_SECONDS = 10;

/** How the server is at this moment, and over the last five minutes. */
export function OverviewPage({ api }: { api: Api }) {
  const { overview } = useTexts();
  const live = useMemo(() => new LiveOverview(), []);
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  const state = useValue(live.state);
  const { latest } = state;
  const drawn = useDrawn(state.history);
  return (
    <main id="main" class="wide" tabIndex={-1}>
      <div class="overview-head">
        <div>
          <h1>{overview.title}</h1>
          <p class="hint">{overview.hint}</p>
        </div>
        <LiveStatus state={state} live={live} />
      </div>
      {latest === undefined ? (
        <Empty state={state} live={live} />
      ) : (
        <OverviewCards event={latest} history={drawn} isOld={state.phase !== 'live'} />
      )}
      <AuditCard api={api} />
    </main>
  );
}

/** The history, or what it was up to ten seconds ago for a person who asked for less motion. */
function useDrawn(history: readonly Point[]): readonly Point[] {
  const drawn = useRef(history);
  const isReduced = useMemo(() => matchMedia('(prefers-reduced-motion: reduce)').matches, []);
  const last = drawn.current.at(-1)?.at ?? 0;
  if (!isReduced || (history.at(-1)?.at ?? 0) - last >= REDUCED_SECONDS * 1000 || drawn.current.length < 3)
    drawn.current = history;
  return drawn.current;
}

function LiveStatus({ state, live }: { state: LiveState; live: LiveOverview }) {
  const texts = useTexts();
  const { overview } = texts;
  const now = useNow(1);
  const { phase, receivedAt, retryAt } = state;
  const seconds = (until: number) => amountText(texts, Math.max(0, Math.round(until / 1000)));
  return (
    <div class="live-status">
      <span class={`tag ${phase === 'live' ? 'tag-ham' : 'tag-warn'}`} role="status">
        {overview.phases[phase]}
      </span>
      <span class="hint live-age">
        {receivedAt !== undefined && overview.age(seconds(now - receivedAt))}
        {retryAt !== undefined && ` · ${overview.again(seconds(retryAt - now))}`}
      </span>
      {phase === 'waits' && (
        <button type="button" onClick={live.retry}>
          {overview.retryNow}
        </button>
      )}
      {phase === 'refused' ? (
        <a class="button" href={location.pathname} onClick={() => location.reload()}>
          {overview.logIn}
        </a>
      ) : (
        <button
          type="button"
          aria-pressed={phase === 'paused'}
          onClick={() => live.pause(phase !== 'paused')}
        >
          {phase === 'paused' ? overview.goOn : overview.pause}
        </button>
      )}
    </div>
  );
}

/** Before the first event. */
function Empty({ state: { phase, problem }, live }: { state: LiveState; live: LiveOverview }) {
  const { overview, states } = useTexts();
  if (phase === 'waits' || phase === 'refused')
    return (
      <div class="card">
        <Notice title={overview.failed} kind="problem">
          <p>{problem?.status === 0 ? '' : problem?.detail}</p>
          <p>{phase === 'waits' ? overview.failedHint : overview.refusedHint}</p>
          <button type="button" onClick={live.retry}>
            {states.retry}
          </button>
        </Notice>
      </div>
    );
  return (
    <div class="card notice">
      <p>{phase === 'connecting' ? overview.loading : overview.phases[phase]}</p>
    </div>
  );
}
