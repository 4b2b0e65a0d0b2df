import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TrainingRows } from '../state/training-rows.ts';
import { useTexts } from '../texts/texts.ts';
import { useValue } from './use-value.ts';

/** Asks before many rows are changed. */
export function TrainingQuestion({ rows }: { rows: TrainingRows }) {
  const question = useValue(rows.question);
  return question === undefined ? null : <Question rows={rows} {...question} />;
}

function Question({
  rows,
  label,
  ids,
}: {
  rows: TrainingRows;
  label: 'spam' | 'ham';
  ids: readonly number[];
}) {
  const { training, campaign, labels } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const { current } = dialog;
    current?.showModal();
    yes.current?.focus();
    return () => {
      current?.close();
      const back = before instanceof HTMLElement && before.isConnected && before !== document.body;
      (back ? before : document.getElementById('main'))?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby="question-title"
      onCancel={(event) => {
        event.preventDefault();
        rows.answer(false);
      }}
      onClose={() => rows.answer(false)}
    >
      <h2 id="question-title">{training.question(ids.length, labels[label])}</h2>
      <p class="hint">{training.questionHint}</p>
      <p class="row-of-buttons">
        <button ref={yes} type="button" class="b-main" onClick={() => rows.answer(true)}>
          {training.confirm(ids.length)}
        </button>
        <button type="button" onClick={() => rows.answer(false)}>
          {campaign.cancel}
        </button>
      </p>
    </dialog>
  );
}
