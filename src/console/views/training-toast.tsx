import { useEffect, useState } from 'preact/hooks';
import type { TrainingRows } from '../state/training-rows.ts';
import { useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { useValue } from './use-value.ts';

const SECONDS = 8;

/** What the last action did, for eyes (with undo) and, in the live region, for ears. */
export function TrainingToast({ rows }: { rows: TrainingRows }) {
  const { training, sending } = useTexts();
  const effect = useValue(rows.effect);
  const canUndo = useValue(rows.undoable).length > 0;
  const [gone, setGone] = useState(0);
  const number = effect?.number ?? 0;
  useEffect(() => {
    if (number === 0) return;
    const timer = setTimeout(() => setGone(number), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [number]);
  const text = effect === undefined ? '' : training.effects[effect.kind](effect.count);
  const isLabel = effect?.kind === 'spam' || effect?.kind === 'ham';
  return (
    <>
      <p class="away" role="status">
        {text}
      </p>
      {effect !== undefined && gone !== number && (
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
