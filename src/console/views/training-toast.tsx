import type { TrainingRows } from '../state/training-rows.ts';
import { useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { TOAST_SECONDS, useShownFor, useValue } from './use-value.ts';

/** What the last action did, for eyes (with undo) and, in the live region, for ears. */
export function TrainingToast({ rows }: { rows: TrainingRows }) {
  const { training, sending } = useTexts();
  const effect = useValue(rows.effect);
  const canUndo = useValue(rows.undoable).length > 0;
  const isShown = useShownFor(TOAST_SECONDS, effect?.number ?? 0);
  const text = effect === undefined ? '' : training.effects[effect.kind](effect.count);
  const isLabel = effect?.kind === 'spam' || effect?.kind === 'ham';
  return (
    <>
      <p class="away" role="status">
        {text}
      </p>
      {effect !== undefined && isShown && (
        <aside class="toast" aria-label={sending.label}>
          <span>{text}</span>
          {canUndo && isLabel && (
            <ActionButton action="undo" className="b-toast" onClick={() => void rows.undo()} />
          )}
        </aside>
      )}
    </>
  );
}
