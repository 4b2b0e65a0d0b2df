import { useCallback, useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import type { ModelChangeAnswer, ModelVersionAnswer, ModelVersionsAnswer } from '../../http/model-schemas.ts';
import { activeOf, figureName, moreFigures, usedBy } from '../logic/model-view.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { GuardCard } from './guard-card.tsx';
import { ModelDialog, type ModelIntent } from './model-dialog.tsx';
import { ShadowCard } from './shadow-card.tsx';
import { Notice } from './small-parts.tsx';

/** How often it is asked whether a daemon has switched, and for how long. */
const LOOK_SECONDS = 2;
const LOOKS = 60;

/** The list, and what was done here; asked again while a daemon switches to the version that was activated. */
function useModels(api: Api) {
  const [list, setList] = useState<ModelVersionsAnswer | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [done, setDone] = useState<ModelChangeAnswer | undefined>(undefined);
  const load = useCallback(async () => {
    try {
      setList(await api.call<ModelVersionsAnswer>('/api/v1/models/versions'));
      setProblem(undefined);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, [api]);
  useEffect(() => void load(), [load]);
  const isSwitching = list !== undefined && usedBy(list) === 'other' && done !== undefined;
  useEffect(() => {
    if (!isSwitching) return;
    let looks = 0;
    const timer = setInterval(() => {
      looks++;
      if (looks > LOOKS) clearInterval(timer);
      else void load();
    }, LOOK_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [isSwitching, load]);
  return { list, problem, done, setDone, load };
}

/** All versions of the model; leads choose the active one. */
export function ModelsPage({ api, session }: { api: Api; session: SessionAnswer }) {
  const texts = useTexts();
  const { models } = texts;
  const { list, problem, done, setDone, load } = useModels(api);
  const [intent, setIntent] = useState<ModelIntent | undefined>(undefined);
  const canAct = session.role === 'lead' || session.role === 'admin';
  return (
    <main id="main" class="wide" tabIndex={-1}>
      <h1>{models.title}</h1>
      <p class="hint">{models.hint}</p>
      {list === undefined && problem === undefined && (
        <div class="card notice">
          <p>{models.loading}</p>
        </div>
      )}
      {problem !== undefined && (
        <div class="card">
          <Notice title={models.failed} kind="problem">
            <p>{problem.status === 0 ? models.problems.unreachable : problem.detail}</p>
            <p>{models.failedHint}</p>
            <button type="button" onClick={() => void load()}>
              {texts.states.retry}
            </button>
          </Notice>
        </div>
      )}
      {list !== undefined && (
        <>
          <Standing list={list} done={done} canAct={canAct} onIntent={setIntent} />
          <GuardCard api={api} list={list} canAct={canAct} onIntent={setIntent} />
          {list.versions.length === 0 ? (
            <div class="card notice">
              <p>{models.empty}</p>
            </div>
          ) : (
            <ul class="versions">
              {list.versions.map((model) => (
                <Version key={model.version} model={model} list={list} canAct={canAct} onIntent={setIntent} />
              ))}
            </ul>
          )}
          <ShadowCard api={api} />
        </>
      )}
      {intent !== undefined && (
        <ModelDialog
          api={api}
          intent={intent}
          onDone={(answer) => {
            if (answer !== undefined) setDone(answer);
            setIntent(undefined);
            void load();
          }}
          onClose={() => {
            setIntent(undefined);
            // What was refused may have changed the list.
            void load();
          }}
        />
      )}
    </main>
  );
}

interface ActProps {
  readonly list: ModelVersionsAnswer;
  readonly canAct: boolean;
  readonly onIntent: (intent: ModelIntent) => void;
}

/** What is active, and whether daemons score with it. */
function Standing({ list, done, canAct, onIntent }: ActProps & { done: ModelChangeAnswer | undefined }) {
  const { models } = useTexts();
  const active = activeOf(list);
  const { previous, activated, pinned } = list;
  const use = usedBy(list);
  return (
    <section class="card standing" aria-label={models.active}>
      <div role="status">
        <p>
          {models.active}:{' '}
          {active === undefined ? models.none : <code class="version">{active.version}</code>}
        </p>
        <p class="hint">
          {use === 'used' && models.used}
          {use === 'unknown' && models.unknownUse}
          {use === 'other' &&
            (list.scores_with === null
              ? models.noneUsed
              : done === undefined
                ? models.otherUsed(list.scores_with)
                : models.switching(list.scores_with))}
        </p>
        {done !== undefined && !done.recorded && <p class="problem">{models.notRecorded}</p>}
      </div>
      {pinned !== null && <p class="problem">{models.pinned(pinned)}</p>}
      {!list.is_record_read && <p class="problem">{models.recordNotRead}</p>}
      {canAct && previous !== null && pinned === null && (
        <p>
          <button type="button" onClick={() => onIntent({ kind: 'rollback', version: previous, activated })}>
            {models.rollback}
          </button>{' '}
          <span class="hint">{models.rollbackTo(previous)}</span>
        </p>
      )}
      {!canAct && <p class="hint">{models.readOnly}</p>}
    </section>
  );
}

const tags = {
  active: 'tag-ham',
  inactive: 'tag-plain',
  candidate: 'tag-review',
  refused: 'tag-spam',
} as const;

function Version({ model, list, canAct, onIntent }: ActProps & { model: ModelVersionAnswer }) {
  const { models } = useTexts();
  const { version, status, facts, decided } = model;
  const more = moreFigures(model);
  return (
    <li class={`card version-card${status === 'active' ? ' is-active' : ''}`}>
      <div class="version-head">
        <h2>
          <code class="version">{version}</code>
        </h2>
        <span class={`tag ${tags[status]}`}>{models.statuses[status]}</span>
        {!model.is_stored && <span class="tag tag-warn">{models.notStored}</span>}
        {canAct && status !== 'active' && model.is_stored && list.pinned === null && (
          <button
            type="button"
            aria-label={`${models.activate}: ${version}`}
            onClick={() => onIntent({ kind: 'activate', version, activated: list.activated })}
          >
            {models.activate}
          </button>
        )}
      </div>
      <dl class="version-facts">
        <Fact name={models.tpr}>{percentText(model.true_positive_rate)}</Fact>
        <Fact name={models.fpr}>{percentText(model.false_positive_rate)}</Fact>
        <Fact name={models.trained}>{timeText(model.trained_at)}</Fact>
        <Fact name={models.since}>{timeText(model.activated_at)}</Fact>
        <Fact name={models.languages}>
          {facts === null ? '–' : visibleLine(facts.languages.join(', '), 60)}
        </Fact>
        <Fact name={models.size}>{facts === null ? '–' : sizeText(facts.bytes)}</Fact>
        <Fact name={models.data}>
          {facts === null ? '–' : models.dataText(numberText(facts.spam), numberText(facts.ham))}
        </Fact>
      </dl>
      {decided !== null && (
        <p class="decided" dir="auto">
          {visibleLine(decided, 700)}
        </p>
      )}
      {more.length > 0 && (
        <details>
          <summary>{models.figures}</summary>
          <dl class="version-facts">
            {more.map(([name, value]) => (
              <Fact key={name} name={visibleLine(figureName(name), 60)}>
                {value.toLocaleString(preferences.value.language, { maximumSignificantDigits: 4 })}
              </Fact>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function percentText(share: number | null): string {
  if (share === null) return '–';
  return share.toLocaleString(preferences.value.language, { style: 'percent', maximumFractionDigits: 2 });
}

function timeText(at: number | null): string {
  if (at === null) return '–';
  return new Date(at).toLocaleString(preferences.value.language, { dateStyle: 'short', timeStyle: 'short' });
}

function sizeText(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString(preferences.value.language, { maximumFractionDigits: 1 })} MB`;
}
