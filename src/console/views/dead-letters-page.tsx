import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { LetterAnswer, LetterRestAnswer, LettersPage, ReplayAnswer } from '../../http/letter-schemas.ts';
import { type LetterFilterText, letterFilterBody, lettersOf, outcomeCounts } from '../logic/letter-view.ts';
import { address } from '../state/address.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { randomId } from '../state/decision-sender.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Letter, LetterRest } from './letter-card.tsx';
import { LetterFilters } from './letter-filters.tsx';
import { Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

type Item = LetterAnswer | LetterRestAnswer;
type Wanted = { readonly ids: readonly string[] } | { readonly filter: Record<string, string | number> };

interface Loaded {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly since: number | null;
  readonly isComplete: boolean;
  readonly problem?: ApiProblem;
}

const nothing: Loaded = { phase: 'loading', items: [], next: null, since: null, isComplete: true };

/** The letters of a filter, page after page. */
function useLetters(api: Api, search: string) {
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const asked = useRef(0);
  const load = useCallback(
    async (before: readonly Item[], after: string | null) => {
      const turn = ++asked.current;
      setLoaded((now) => ({ ...now, phase: 'loading', items: before }));
      try {
        const params = new URLSearchParams({ ...lettersOf(search), ...(after === null ? {} : { after }) });
        const page = await api.call<LettersPage>(`/api/v1/dead-letters?${params}`);
        // The filter has changed meanwhile.
        if (turn !== asked.current) return;
        const { items, next, since, complete } = page;
        setLoaded({ phase: 'ready', items: [...before, ...items], next, since, isComplete: complete });
      } catch (error) {
        if (turn === asked.current)
          setLoaded((now) => ({ ...now, phase: 'failed', next: after, problem: problemOf(error) }));
      }
    },
    [api, search],
  );
  const markReplayed = (ids: ReadonlySet<string>) =>
    setLoaded((now) => ({
      ...now,
      items: now.items.map((item) =>
        item.kind === 'letter' && ids.has(item.id) ? { ...item, replayed: true } : item,
      ),
    }));
  return { loaded, load, markReplayed };
}

/** Messages that could not be read; leads replay those that can be read by now. */
export function DeadLettersPage({ api }: { api: Api }) {
  const texts = useTexts();
  const { letters } = texts;
  const { search } = useValue(address);
  const { loaded, load, markReplayed } = useLetters(api, search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    setSelected(new Set());
    void load([], null);
  }, [load]);
  const replay = useReplay(api, (answer) => {
    setSelected(new Set());
    markReplayed(
      new Set(answer.letters.flatMap(({ id, outcome }) => (/replayed$/.test(outcome) ? [id] : []))),
    );
  });
  const { phase, items, next } = loaded;
  const filter = lettersOf(search);
  const toggle = (id: string, isOn: boolean) => {
    const ids = new Set(selected);
    if (isOn) ids.add(id);
    else ids.delete(id);
    setSelected(ids);
  };
  return (
    <main id="main" class="wide" tabIndex={-1}>
      <h1>{letters.title}</h1>
      <p class="hint">{letters.hint}</p>
      <LetterFilters filter={filter} />
      <ul class="letters" aria-label={letters.title}>
        {items.map((item) =>
          item.kind === 'letter' ? (
            <Letter
              key={item.id}
              letter={item}
              isSelected={selected.has(item.id)}
              onSelect={(isOn) => toggle(item.id, isOn)}
            />
          ) : (
            <LetterRest key={item.id} rest={item} />
          ),
        )}
      </ul>
      <Rest
        loaded={loaded}
        filter={filter}
        onLoad={() => void load(items, next)}
        onAgain={() => void load([], null)}
      />
      {(items.length > 0 || replay.answer !== undefined) && (
        <ReplayBar
          replay={replay}
          selected={selected}
          filter={letterFilterBody(filter)}
          isLoading={phase === 'loading'}
        />
      )}
    </main>
  );
}

interface Replay {
  readonly isSending: boolean;
  readonly answer: ReplayAnswer | undefined;
  readonly problem: ApiProblem | undefined;
  readonly send: (wanted: Wanted) => Promise<void>;
}

/** Sends one replay at a time. A request without an answer is sent again under its key, so that nothing is replayed twice. */
function useReplay(api: Api, onAnswer: (answer: ReplayAnswer) => void): Replay {
  const [state, setState] = useState<Omit<Replay, 'send'>>({
    ...{ isSending: false, answer: undefined, problem: undefined },
  });
  const open = useRef<{ readonly body: string; readonly key: string } | undefined>(undefined);
  const isSending = useRef(false);
  const send = async (wanted: Wanted) => {
    // Of a double click the second is before the next rendering.
    if (isSending.current) return;
    isSending.current = true;
    setState({ isSending: true, answer: undefined, problem: undefined });
    const body = JSON.stringify(wanted);
    const key = open.current?.body === body ? open.current.key : randomId();
    open.current = { body, key };
    try {
      const answer = await api.call<ReplayAnswer>('/api/v1/dead-letters/replay', {
        ...{ method: 'POST', body: wanted, key },
      });
      open.current = undefined;
      onAnswer(answer);
      setState({ isSending: false, answer, problem: undefined });
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status !== 0 && problem.status < 500) open.current = undefined;
      setState({ isSending: false, answer: undefined, problem });
    } finally {
      isSending.current = false;
    }
  };
  return { ...state, send };
}

/** What can be done with the letters, and what was done. */
function ReplayBar({
  replay,
  selected,
  filter,
  isLoading,
}: {
  replay: Replay;
  selected: ReadonlySet<string>;
  filter: Record<string, string | number>;
  isLoading: boolean;
}) {
  const { letters, models } = useTexts();
  const [isAsking, setAsking] = useState(false);
  return (
    <div class="card letter-bar">
      <button
        type="button"
        class="b-main"
        disabled={selected.size === 0 || replay.isSending}
        onClick={() => void replay.send({ ids: [...selected] })}
      >
        {letters.replaySelected(selected.size)}
      </button>
      <button type="button" disabled={replay.isSending || isLoading} onClick={() => setAsking(true)}>
        {letters.replayAll}
      </button>
      <ReplayStatus replay={replay} />
      {isAsking && (
        <ConfirmDialog
          title={letters.replayAll}
          text={letters.replayAllHint}
          yes={letters.replayAllYes}
          no={models.dialog.cancel}
          onYes={() => {
            setAsking(false);
            void replay.send({ filter });
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function ReplayStatus({ replay: { isSending, answer, problem } }: { replay: Replay }) {
  const { letters } = useTexts();
  return (
    <div role="status" class={problem === undefined ? 'replayed' : 'replayed problem'}>
      {isSending && letters.sending}
      {answer !== undefined && (
        <>
          {answer.letters.length === 0 && letters.nothingToReplay}
          {outcomeCounts(answer)
            .map(([outcome, count]) => letters.outcomes[outcome](count))
            .join(' · ')}
          {answer.more && ` · ${letters.moreToReplay}`}
        </>
      )}
      {problem !== undefined &&
        (problem.status === 0 ? letters.unreachable : `${letters.notReplayed} ${problem.detail}`)}
    </div>
  );
}

/** What is below the letters: whether there are older ones, or why there are none. */
function Rest({
  loaded: { phase, items, next, since, isComplete, problem },
  filter,
  onLoad,
  onAgain,
}: {
  loaded: Loaded;
  filter: LetterFilterText;
  onLoad: () => void;
  onAgain: () => void;
}) {
  const texts = useTexts();
  const { letters } = texts;
  const isFiltered = Object.keys(filter).length > 0;
  if (phase === 'failed')
    return (
      <div class="card">
        <Notice title={letters.failed} kind="problem">
          <p>{problem?.status === 0 ? letters.unreachable : problem?.detail}</p>
          <p>{letters.failedHint}</p>
          <button type="button" onClick={items.length === 0 ? onAgain : onLoad}>
            {texts.states.retry}
          </button>
        </Notice>
      </div>
    );
  if (phase === 'loading')
    return (
      <div class="card notice">
        <p>{letters.loading}</p>
      </div>
    );
  return (
    <>
      {items.length === 0 && next === null && (
        <div class="card notice">
          <p>{isFiltered ? letters.noneMatch : letters.empty}</p>
        </div>
      )}
      {items.length === 0 && next !== null && (
        <div class="card notice">
          <p>{letters.noneYet}</p>
        </div>
      )}
      {!isComplete && <p class="problem">{letters.notComplete}</p>}
      {since !== null && <p class="hint">{letters.since(timeText(since))}</p>}
      {next !== null && (
        <p>
          <button type="button" onClick={onLoad}>
            {letters.older}
          </button>
        </p>
      )}
    </>
  );
}

function timeText(at: number): string {
  return new Date(at).toLocaleString(preferences.value.language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
}
