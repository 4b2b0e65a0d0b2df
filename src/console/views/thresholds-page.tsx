import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type {
  SavedThresholdsAnswer,
  ScoreSourceAnswer,
  ThresholdsAnswer,
  ThresholdViewAnswer,
} from '../../http/threshold-schemas.ts';
import { movedThreshold, type TriedThresholds, triedThresholds } from '../logic/threshold-bands.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { numberText, thresholdText, useTexts } from '../texts/texts.ts';
import { ChangedVerdicts } from './changed-verdicts.tsx';
import { Notice } from './small-parts.tsx';

const names = ['reject_min', 'reject_max'] as const;
const STEP = 0.001;

/** The two thresholds, tried on decided messages before they are saved. */
export function ThresholdsPage({ api }: { api: Api }) {
  const { thresholds: texts, states } = useTexts();
  const [view, setView] = useState<ThresholdViewAnswer | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [saved, setSaved] = useState<SavedThresholdsAnswer | undefined>(undefined);
  const load = useCallback(async () => {
    setProblem(undefined);
    try {
      setView(await api.call<ThresholdViewAnswer>('/api/v1/thresholds'));
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, [api]);
  useEffect(() => void load(), [load]);
  return (
    <main id="main" class="wide" tabIndex={-1}>
      <div>
        <h1>{texts.title}</h1>
        <p class="hint">{texts.hint}</p>
      </div>
      <div role="status">
        {saved !== undefined && (
          <p class={saved.recorded ? 'band-saved' : 'problem'}>
            {saved.recorded ? texts.saved : texts.notRecorded}
          </p>
        )}
      </div>
      {view === undefined && problem === undefined && (
        <div class="card notice">
          <p>{texts.loading}</p>
        </div>
      )}
      {problem !== undefined && (
        <div class="card">
          <Notice title={texts.failed} kind="problem">
            <p>{problem.status === 0 ? '' : problem.detail}</p>
            <button type="button" onClick={() => void load()}>
              {states.retry}
            </button>
          </Notice>
        </div>
      )}
      {view !== undefined && (
        <Bands
          key={`${view.current.reject_min} ${view.current.reject_max}`}
          {...{ api, view }}
          onSaved={(answer) => {
            setSaved(answer);
            void load();
          }}
        />
      )}
    </main>
  );
}

interface BandsProps {
  readonly api: Api;
  readonly view: ThresholdViewAnswer;
  readonly onSaved: (answer: SavedThresholdsAnswer) => void;
}

function Bands({ api, view, onSaved }: BandsProps) {
  const { thresholds: texts } = useTexts();
  const { current } = view;
  const [tried, setTried] = useState<ThresholdsAnswer>(current);
  const [chosen, setChosen] = useState<ScoreSourceAnswer['source'] | undefined>(undefined);
  const hasRows = (each: ScoreSourceAnswer) => each.spam + each.ham > 0;
  const source =
    view.sources.find((each) => each.source === chosen) ?? view.sources.find(hasRows) ?? view.sources[0]!;
  const isSame = tried.reject_min === current.reject_min && tried.reject_max === current.reject_max;
  return (
    <>
      <section class="card band-card" aria-labelledby="band-title">
        <h2 id="band-title">{texts.limits}</h2>
        {names.map((name) => (
          <Slider
            key={name}
            {...{ name, value: tried[name], current: current[name] }}
            onMove={(to) => setTried((before) => movedThreshold(before, name, to))}
          />
        ))}
        <p>
          <button type="button" disabled={isSame} onClick={() => setTried(current)}>
            {texts.reset}
          </button>
        </p>
      </section>
      <section class="card band-card" aria-labelledby="tried-title">
        <h2 id="tried-title">{texts.effect}</h2>
        <fieldset class="band-sources">
          <legend>{texts.source}</legend>
          {view.sources.map((each) => (
            <label key={each.source} class="check">
              <input
                type="radio"
                name="source"
                checked={each.source === source.source}
                onChange={() => setChosen(each.source)}
              />
              {texts.sources[each.source](numberText(each.spam), numberText(each.ham))}
            </label>
          ))}
        </fieldset>
        <p class="hint">
          {view.model === null ? texts.noModel : texts.model(view.model)} {!view.complete && texts.incomplete}
        </p>
        {hasRows(source) ? (
          <>
            <p class={source.source === 'review' ? 'band-warning' : 'hint'}>{texts.notes[source.source]}</p>
            <Figures before={triedThresholds(source, current)} after={triedThresholds(source, tried)} />
            <ChangedVerdicts {...{ api, tried, isSame, source: source.source }} />
          </>
        ) : (
          <p>{texts.noRows}</p>
        )}
      </section>
      <Save {...{ api, view, tried, isSame, onSaved }} />
    </>
  );
}

interface SliderProps {
  readonly name: (typeof names)[number];
  readonly value: number;
  readonly current: number;
  readonly onMove: (to: number) => void;
}

/** A slider for coarse moves, and a field for exact ones. */
function Slider({ name, value, current, onMove }: SliderProps) {
  const { thresholds: texts } = useTexts();
  const move = (text: string) => {
    const to = Number(text);
    if (text.trim() !== '' && Number.isFinite(to)) onMove(to);
  };
  return (
    <div class="band-slider">
      <label for={`slide-${name}`}>{texts.names[name]}</label>
      <input
        id={`slide-${name}`}
        type="range"
        min={0}
        max={1}
        step={STEP}
        value={value}
        aria-valuetext={thresholdText(value)}
        aria-describedby={`now-${name}`}
        onInput={(event) => move(event.currentTarget.value)}
      />
      <input
        type="number"
        min={0}
        max={1}
        step={STEP}
        value={value}
        aria-label={texts.exact(texts.names[name])}
        onChange={(event) => move(event.currentTarget.value)}
      />
      <p id={`now-${name}`} class="hint">
        {texts.explained[name]} {texts.now(thresholdText(current))}
      </p>
    </div>
  );
}

function Figures({ before, after }: { before: TriedThresholds; after: TriedThresholds }) {
  const { thresholds: texts } = useTexts();
  return (
    <table class="band-table">
      <thead>
        <tr>
          <td />
          <th scope="col">{texts.before}</th>
          <th scope="col">{texts.after}</th>
        </tr>
      </thead>
      <tbody>
        {(['accused', 'missed', 'found', 'reviewed'] as const).map((figure) => (
          <tr key={figure}>
            <th scope="row">{texts.figures[figure]}</th>
            <td>{percentText(before[figure])}</td>
            <td>{percentText(after[figure])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type SaveState = 'ready' | 'sending' | 'no-reason' | ApiProblem;

/** Asks why, and saves. The reason stays written where the server refuses. */
function Save({
  api,
  view,
  tried,
  isSame,
  onSaved,
}: BandsProps & { tried: ThresholdsAnswer; isSame: boolean }) {
  const { thresholds: texts } = useTexts();
  const [state, setState] = useState<SaveState>('ready');
  const why = useRef<HTMLInputElement>(null);
  if (view.location === null)
    return (
      <section class="card band-card">
        <p>{texts.noLocation}</p>
      </section>
    );
  const submit = async (event: Event) => {
    event.preventDefault();
    const reason = why.current!.value.trim();
    if (state === 'sending' || isSame) return;
    if (reason === '') {
      setState('no-reason');
      why.current!.focus();
      return;
    }
    setState('sending');
    try {
      const body = { ...tried, why: reason, seen: view.current };
      onSaved(await api.call<SavedThresholdsAnswer>('/api/v1/thresholds', { method: 'PUT', body }));
    } catch (error) {
      setState(problemOf(error));
    }
  };
  return (
    <section class="card band-card" aria-labelledby="save-title">
      <h2 id="save-title">{texts.save}</h2>
      <p class="hint">{texts.saveHint(visibleLine(view.location, 200))}</p>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <label>
          {texts.why}
          <input
            ref={why}
            maxLength={500}
            dir="auto"
            required
            aria-invalid={state === 'no-reason'}
            aria-describedby="save-problem"
          />
        </label>
        <div id="save-problem" role="alert" class="problem">
          {state === 'no-reason' && texts.problems.noReason}
          {typeof state === 'object' && problemText(texts.problems, state)}
        </div>
        <p>
          <button type="submit" class="b-main" aria-disabled={isSame || state === 'sending'}>
            {state === 'sending' ? texts.saving : texts.submit}
          </button>{' '}
          {isSame && <span class="hint">{texts.same}</span>}
        </p>
      </form>
    </section>
  );
}

function problemText(
  problems: ReturnType<typeof useTexts>['thresholds']['problems'],
  { status, kind, detail }: ApiProblem,
): string {
  if (status === 0) return problems.unreachable;
  if (kind === 'thresholds-changed') return `${problems.changed} ${detail}`;
  return kind === 'thresholds-refused' ? `${problems.refused} ${detail}` : `${problems.other} ${detail}`;
}

function percentText(share: number | null): string {
  if (share === null) return '–';
  return share.toLocaleString(preferences.value.language, { style: 'percent', maximumFractionDigits: 2 });
}
