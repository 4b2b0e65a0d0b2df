import { isScoreHidden } from '../../core/hidden-score.ts';
import type { ExplanationAnswer, QueueItemAnswer } from '../../http/console-schemas.ts';
import { probabilityText, thresholdText, useTexts } from '../texts/texts.ts';

type Band = 'spam' | 'ham' | 'review';

function bandOf(probability: number, { reject_min, reject_max }: ExplanationAnswer['thresholds']): Band {
  if (probability >= reject_max) return 'spam';
  return probability < reject_min ? 'ham' : 'review';
}

/** The probability between both thresholds, and what each base model has. */
export function ScoreScale({
  item,
  explanation,
}: {
  item: QueueItemAnswer;
  explanation: ExplanationAnswer | undefined;
}) {
  const { score, bands } = useTexts();
  if (isScoreHidden(item))
    return (
      <section class="scale" aria-label={score.label}>
        <p class="hint">{score.hidden}</p>
      </section>
    );
  const probability = explanation?.probability ?? item.probability;
  if (probability === null)
    return (
      <section class="scale" aria-label={score.label}>
        <p class="hint">{score.none}</p>
      </section>
    );
  const thresholds = explanation?.thresholds;
  const band = thresholds === undefined ? undefined : bandOf(probability, thresholds);
  const hasChanged =
    explanation !== undefined &&
    item.probability !== null &&
    Math.abs(item.probability - explanation.probability) >= 0.0005;
  return (
    <section class="scale" aria-label={score.label}>
      <Bar probability={probability} thresholds={thresholds} band={band === undefined ? '' : bands[band]} />
      {hasChanged && <p class="hint">{score.onArrival(probabilityText(item.probability!))}</p>}
      <BaseModels models={explanation?.baseModels} />
    </section>
  );
}

/** Positions are attributes of an SVG, since the page allows no inline style. */
function Bar({
  probability,
  thresholds,
  band,
}: {
  probability: number;
  thresholds: ExplanationAnswer['thresholds'] | undefined;
  band: string;
}) {
  const { score } = useTexts();
  const { reject_min: low, reject_max: high } = thresholds ?? { reject_min: 0, reject_max: 1 };
  const percent = (value: number) => `${value * 100}%`;
  // Labels stay within the bar at both ends.
  const anchor = (value: number) => (value < 0.12 ? 'start' : value > 0.88 ? 'end' : 'middle');
  const label = score.between(
    probabilityText(probability),
    probabilityText(low),
    probabilityText(high),
    band,
  );
  // Thresholds that are close together: one label to each side.
  const isTight = high - low < 0.14;
  return (
    <svg class="bar" role="img" aria-label={thresholds === undefined ? probabilityText(probability) : label}>
      <rect class="bar-all" x="0" y="26" width="100%" height="10" rx="5" />
      {thresholds !== undefined && (
        <>
          <rect class="bar-ham" x="0" y="26" width={percent(low)} height="10" rx="5" />
          <rect class="bar-spam" x={percent(high)} y="26" width={percent(1 - high)} height="10" rx="5" />
          <rect class="bar-review" x={percent(low)} y="26" width={percent(high - low)} height="10" />
          <text class="bar-t" x={percent(low)} y="52" text-anchor={isTight ? 'end' : anchor(low)}>
            {thresholdText(low)}
          </text>
          <text class="bar-t" x={percent(high)} y="52" text-anchor={isTight ? 'start' : anchor(high)}>
            {thresholdText(high)}
          </text>
        </>
      )}
      <rect class="bar-i" x={percent(Math.min(probability, 0.997))} y="21" width="2" height="20" />
      <text class="bar-v" x={percent(probability)} y="14" text-anchor={anchor(probability)}>
        {`${probabilityText(probability)} ${band}`}
      </text>
    </svg>
  );
}

function BaseModels({ models }: { models: ExplanationAnswer['baseModels'] | undefined }) {
  const { score } = useTexts();
  const names: Readonly<Record<string, string>> = score.names;
  return (
    <dl class="models" aria-label={score.baseModels}>
      {(models ?? []).map(({ name, score: value }) => (
        <div key={name}>
          <dt>{names[name] ?? name}</dt>
          <dd>{value === null ? score.notScored : probabilityText(value).slice(0, -1)}</dd>
        </div>
      ))}
    </dl>
  );
}
