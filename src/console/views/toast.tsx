import type { ReviewPage } from '../state/review-page.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { TOAST_SECONDS, useShownFor, useValue } from './use-value.ts';

/** What the last action did, for eyes (with undo) and, in the live region, for ears. */
export function Toast({ page }: { page: ReviewPage }) {
  const texts = useTexts();
  const effect = useValue(page.effect);
  const { waiting } = useValue(page.sender.queue);
  const canUndo = useValue(page.undoList.size) > 0;
  const isShown = useShownFor(TOAST_SECONDS, effect?.number ?? 0);
  const text = effect === undefined ? '' : texts.effects[effect.kind](effect.count);
  const isDecision = effect?.kind === 'spam' || effect?.kind === 'ham' || effect?.kind === 'unsure';
  return (
    <>
      <p class="away" role="status">
        {text}
      </p>
      {effect !== undefined && isShown && (
        <aside class="toast" aria-label={texts.sending.label}>
          <span>
            {text}
            {(isDecision || effect.kind === 'undone') && (
              <span class="toast-state">
                {' · '}
                {waiting.length === 0 ? texts.sending.saved : texts.sending.waits(waiting.length)}
              </span>
            )}
          </span>
          {canUndo && isDecision && (
            <ActionButton action="undo" className="b-toast" onClick={() => page.undo()} />
          )}
        </aside>
      )}
    </>
  );
}

/** What needs attention: decisions that wait or were refused. */
export function Notices({ page }: { page: ReviewPage }) {
  const texts = useTexts();
  const connection = useValue(page.sender.connection);
  const { waiting, refused } = useValue(page.sender.queue);
  return (
    <div class="notices" role="status">
      {connection === 'waiting' && waiting.length > 0 && (
        <div class="banner">
          <span>
            <b>{texts.sending.waits(waiting.length)}.</b>{' '}
            {page.sender.isDurable ? texts.sending.stored : texts.sending.notStored}
          </span>
          <button type="button" onClick={() => page.sender.send()}>
            {texts.sending.retry}
          </button>
        </div>
      )}
      {refused.slice(-3).map(({ entry, problem, detail }) => (
        <div class="banner banner-problem" key={entry.key}>
          <span>
            <b>{texts.refused.title}:</b>{' '}
            {entry.kind === 'decide' ? `“${texts.labels[entry.label]}”` : texts.refused.undo} ·{' '}
            <bdi>“{entry.about}”</bdi>: {refusalText(texts, problem, detail)}
          </span>
          <button type="button" onClick={() => page.sender.dismiss(entry.key)}>
            {texts.refused.dismiss}
          </button>
        </div>
      ))}
    </div>
  );
}

function refusalText({ refused }: Texts, problem: string, detail: string): string {
  const known = (refused.reasons as Readonly<Record<string, string>>)[problem];
  return known ?? `${refused.reasons.other} ${detail}`;
}
