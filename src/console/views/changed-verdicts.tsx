import { useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type {
  ChangedVerdictsAnswer,
  ScoreSourceAnswer,
  ThresholdsAnswer,
} from '../../http/threshold-schemas.ts';
import type { Api } from '../state/api.ts';
import { numberText, probabilityText, useTexts } from '../texts/texts.ts';

const SHOWN_CHARACTERS = 300;

interface ChangedProps {
  readonly api: Api;
  readonly source: ScoreSourceAnswer['source'];
  readonly tried: ThresholdsAnswer;
  /** Whether these are the current thresholds. */
  readonly isSame: boolean;
}

/** The messages that would get another verdict; asked when somebody wants to see them. */
export function ChangedVerdicts({ api, source, tried, isSame }: ChangedProps) {
  const texts = useTexts();
  const { thresholds } = texts;
  const asked = `${source} ${tried.reject_min} ${tried.reject_max}`;
  const [found, setFound] = useState<{
    asked: string;
    answer: ChangedVerdictsAnswer | 'loading' | 'failed';
  }>();
  const load = () => {
    const query = new URLSearchParams({
      ...{ source, reject_min: String(tried.reject_min), reject_max: String(tried.reject_max) },
    });
    setFound({ asked, answer: 'loading' });
    api.call<ChangedVerdictsAnswer>(`/api/v1/thresholds/changed?${query}`).then(
      (answer) => setFound({ asked, answer }),
      () => setFound({ asked, answer: 'failed' }),
    );
  };
  // Of other thresholds than those that the list was for.
  const answer = found?.asked === asked ? found.answer : undefined;
  return (
    <div class="band-changed">
      <p>
        <button type="button" disabled={isSame} onClick={load}>
          {thresholds.showChanged}
        </button>
      </p>
      <div role="status">
        {answer === 'loading' && <p class="hint">{thresholds.loadingChanged}</p>}
        {answer === 'failed' && <p class="problem">{thresholds.changedFailed}</p>}
        {typeof answer === 'object' && (
          <p>{thresholds.changed(numberText(answer.total), numberText(answer.items.length))}</p>
        )}
      </div>
      {typeof answer === 'object' && answer.items.length > 0 && (
        <ul class="nearest-list">
          {answer.items.map((each) => (
            <li key={each.review_id}>
              <p class="nearest-facts">
                <span class={`tag tag-${each.before}`}>{texts.bands[each.before]}</span>
                {'→'}
                <span class={`tag tag-${each.after}`}>{texts.bands[each.after]}</span>
                <span>{thresholds.decidedAs(texts.bands[each.label])}</span>
                <span>{probabilityText(each.probability)}</span>
                <bdi>{visibleLine(each.community, 60)}</bdi>
              </p>
              <p class="nearest-text" dir="auto">
                {withoutLinks(visibleLine(each.message, SHOWN_CHARACTERS))}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
