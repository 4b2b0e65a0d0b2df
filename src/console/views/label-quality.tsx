import type { LabelAsking } from '../state/label-asking.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { useValue } from './use-value.ts';

const PERCENT = 100;

/** What is known of the model: how many were decided, the estimated quality with its interval, and whether more decisions pay. */
export function LabelQuality({ asking }: { asking: LabelAsking }) {
  const { labelNext } = useTexts();
  const view = useValue(asking.view);
  if (view === undefined || view.phase === 'loading') return null;
  const { answers, texts, quality, settled, uses_model, undoable } = view;
  return (
    <section class="card label-quality" aria-labelledby="quality-title">
      <h2 id="quality-title">{labelNext.known}</h2>
      <div class="body">
        <dl>
          <dt>{labelNext.decided}</dt>
          <dd>{numberText(answers)}</dd>
          <dt>{labelNext.here}</dt>
          <dd>{numberText(undoable)}</dd>
          <dt>{labelNext.choice}</dt>
          <dd>{numberText(texts)}</dd>
          <dt>{labelNext.quality}</dt>
          <dd>{quality === null ? '–' : decimals(quality.mcc)}</dd>
        </dl>
        {quality === null ? (
          <p class="hint">{labelNext.tooFew}</p>
        ) : (
          <>
            <Interval low={quality.low} high={quality.high} mcc={quality.mcc} />
            <p class="hint">
              {labelNext.interval(decimals(quality.low), decimals(quality.high))} {labelNext.hardest}
            </p>
          </>
        )}
        {settled && <p class="settled">{labelNext.settled}</p>}
        <p class="hint">{uses_model ? labelNext.withModel : labelNext.withoutModel}</p>
      </div>
    </section>
  );
}

/** From 0 to 1; below 0 it is worse than chance. The numbers are beside it in words. */
function Interval({ low, high, mcc }: { low: number; high: number; mcc: number }) {
  const at = (value: number) => PERCENT * Math.min(1, Math.max(0, value));
  return (
    <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="interval-all" x="0" y="3" width="100" height="2" />
      <rect
        class="interval-range"
        x={Math.min(98, at(low))}
        y="2"
        width={Math.max(2, at(high) - at(low))}
        height="4"
      />
      <rect class="interval-point" x={Math.min(99, at(mcc))} y="0" width="1" height="8" />
    </svg>
  );
}

function decimals(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
