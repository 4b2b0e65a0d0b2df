import { useEffect, useState } from 'preact/hooks';
import { noEvidence } from '../../display/segments.ts';
import type { LabelNextAnswer } from '../../http/label-next-schemas.ts';
import type { Action } from '../logic/keys.ts';
import { nearLabels } from '../logic/label-next.ts';
import { go } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { LabelAsking } from '../state/label-asking.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { LabelQuality } from './label-quality.tsx';
import { MessageText } from './message-text.tsx';
import { settingsOpen } from './shell.tsx';
import { Name, Notice } from './small-parts.tsx';
import { TrainingRefusal } from './training-refusal-notice.tsx';
import { useKeys } from './use-keys.ts';
import { TOAST_SECONDS, useShownFor, useValue } from './use-value.ts';

/** Which message to label next: one at a time, the one whose label teaches a model most. */
export function LabelNextView({ api }: { api: Api }) {
  const texts = useTexts();
  const [asking] = useState(() => new LabelAsking(api));
  useEffect(() => liveWith(asking), []);
  useKeys(
    (action) => perform(action, asking),
    () => false,
  );
  return (
    <>
      <header>
        <h1>{texts.labelNext.title}</h1>
        <div class="chips">
          <ActionButton
            action="bulk"
            className="chip"
            label={texts.labelNext.table}
            onClick={() => go('/training')}
          />
        </div>
      </header>
      <TrainingRefusal refusal={asking.refusal} />
      <main id="main" class="one label-next" tabIndex={-1}>
        <Card asking={asking} />
        <aside class="side">
          <LabelQuality asking={asking} />
        </aside>
      </main>
      <Toast asking={asking} />
    </>
  );
}

function liveWith(asking: LabelAsking): () => void {
  asking.start();
  const hide = () => asking.stop();
  // Back from the browser's cache of pages: the message was given back.
  const show = (event: PageTransitionEvent) => {
    if (event.persisted) asking.start();
  };
  addEventListener('pagehide', hide);
  addEventListener('pageshow', show);
  return () => {
    asking.stop();
    removeEventListener('pagehide', hide);
    removeEventListener('pageshow', show);
  };
}

function perform(action: Action, asking: LabelAsking): void {
  switch (action) {
    case 'spam':
    case 'ham':
    case 'skip':
      void asking.answer(action);
      break;
    // Here it is nobody else who is asked.
    case 'unsure':
      void asking.answer('skip');
      break;
    case 'undo':
      void asking.undo();
      break;
    case 'bulk':
      go('/training');
      break;
    case 'help':
      settingsOpen.value = true;
  }
}

const keys = ['spam', 'ham', 'skip'] as const;

function Card({ asking }: { asking: LabelAsking }) {
  const view = useValue(asking.view);
  const isSending = useValue(asking.isSending);
  const question = view?.question ?? undefined;
  const canUndo = (view?.undoable ?? 0) > 0;
  return (
    <div class="card message-card" data-row={question?.row} aria-busy={isSending}>
      {question === undefined ? <NoQuestion asking={asking} /> : <Shown question={question} />}
      <div class="act act-4">
        {keys.map((action) => (
          <ActionButton
            key={action}
            action={action}
            disabled={question === undefined}
            onClick={() => void asking.answer(action)}
          />
        ))}
        <ActionButton action="undo" disabled={!canUndo} onClick={() => void asking.undo()} />
      </div>
    </div>
  );
}

function Shown({ question }: { question: NonNullable<LabelNextAnswer['question']> }) {
  const texts = useTexts();
  const { labelNext, message } = texts;
  const { row, community, source, reason, probability, rows, labeled } = question;
  const near = nearLabels(labeled);
  return (
    <>
      <div class="meta">
        <h2 id="message-title" class="away">
          {message.label}
        </h2>
        <span>
          {message.community} <Name>{community}</Name>
        </span>
        <span>
          {texts.training.fields.source}: <Name most={24}>{source}</Name>
        </span>
        <span>{texts.training.row(row)}</span>
      </div>
      <p class="why-asked">
        {labelNext.reasons[reason]} {labelNext.soFar(Math.round(100 * probability))}
        {rows > 1 && ` ${labelNext.covers(numberText(rows))}`}
      </p>
      {near !== undefined && (
        <p class={near === 'both' ? 'why-here' : 'why-asked'}>
          {near === 'both' ? labelNext.both(labeled.spam, labeled.ham) : labelNext.near(texts.labels[near])}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long message is scrolled with the keyboard */}
      <section class="msg-body" tabIndex={0} aria-labelledby="message-title">
        <MessageText key={row} message={question.message} evidence={noEvidence} />
      </section>
    </>
  );
}

function NoQuestion({ asking }: { asking: LabelAsking }) {
  const { labelNext, states } = useTexts();
  const view = useValue(asking.view);
  const failure = useValue(asking.failure);
  if (failure !== undefined)
    return (
      <Notice title={labelNext.failed} kind="problem">
        <p>{labelNext.failedHint}</p>
        {failure.status !== 0 && <p>{failure.detail}</p>}
        <button type="button" onClick={() => void asking.ask()}>
          {states.retry}
        </button>
      </Notice>
    );
  if (view?.phase !== 'finished')
    return (
      <div class="notice" role="status">
        <p>{labelNext.loading}</p>
        {view !== undefined && view.rows_read > 0 && (
          <p class="hint">{labelNext.read(numberText(view.rows_read))}</p>
        )}
      </div>
    );
  return (
    <Notice title={view.texts === 0 ? labelNext.empty : labelNext.finished}>
      <p>{view.texts === 0 ? labelNext.emptyHint : labelNext.finishedHint}</p>
      <button type="button" onClick={() => void asking.ask(true)}>
        {labelNext.again}
      </button>
    </Notice>
  );
}

/** What the last action did, for eyes (with undo) and, in the live region, for ears. */
function Toast({ asking }: { asking: LabelAsking }) {
  const { labelNext, sending } = useTexts();
  const effect = useValue(asking.effect);
  const isShown = useShownFor(TOAST_SECONDS, effect?.number ?? 0);
  const text = effect === undefined ? '' : labelNext.effects[effect.kind](effect.count);
  return (
    <>
      <p class="away" role="status">
        {text}
      </p>
      {effect !== undefined && isShown && (
        <aside class="toast" aria-label={sending.label}>
          <span>{text}</span>
          {effect.kind !== 'undone' && (
            <ActionButton action="undo" className="b-toast" onClick={() => void asking.undo()} />
          )}
        </aside>
      )}
    </>
  );
}
