import { useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type { ShadowAnswer } from '../../http/shadow-schemas.ts';
import { pairsOf } from '../logic/model-view.ts';
import type { Api } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { agoText, numberText, probabilityText, useTexts } from '../texts/texts.ts';
import { useNow } from './use-value.ts';

const SHOWN_CHARACTERS = 300;

/** What a model found that scores without effect; asked when somebody opens it. */
export function ShadowCard({ api }: { api: Api }) {
  const { models } = useTexts();
  const { shadow: texts } = models;
  const [found, setFound] = useState<ShadowAnswer | 'loading' | 'failed'>('loading');
  const load = () => {
    api.call<ShadowAnswer>('/api/v1/shadow').then(setFound, () => setFound('failed'));
  };
  return (
    <section class="card nearest" aria-labelledby="shadow-title">
      <details onToggle={(event) => event.currentTarget.open && load()}>
        <summary>
          <h2 id="shadow-title">{texts.title}</h2>
        </summary>
        <div class="body">
          <p class="hint">{texts.hint}</p>
          {found === 'loading' && <p class="hint">{texts.loading}</p>}
          {found === 'failed' && <p class="problem">{texts.failed}</p>}
          {typeof found === 'object' && <Found found={found} />}
        </div>
      </details>
    </section>
  );
}

function Found({ found }: { found: ShadowAnswer }) {
  const texts = useTexts();
  const { shadow } = texts.models;
  const now = useNow(60);
  const pairs = pairsOf(found);
  if (pairs.length === 0) return <p class="hint">{shadow.none}</p>;
  return (
    <>
      {pairs.map((pair) => (
        <p key={`${pair.active} ${pair.shadow}`}>
          {shadow.pair(pair.active, pair.shadow)}:{' '}
          {shadow.agree(numberText(pair.messages), percentText(pair.same))}
        </p>
      ))}
      {found.disagreements.length > 0 && <h3>{shadow.differ}</h3>}
      <ul class="nearest-list">
        {found.disagreements.map((each) => (
          <li key={each.id}>
            <p class="nearest-facts">
              <span class={`tag tag-${each.active.verdict}`}>{texts.bands[each.active.verdict]}</span>
              {'→'}
              <span class={`tag tag-${each.shadow.verdict}`}>{texts.bands[each.shadow.verdict]}</span>
              <span>{agoText(texts, now - each.at)}</span>
            </p>
            <p class="nearest-text" dir="auto">
              {withoutLinks(visibleLine(each.message, SHOWN_CHARACTERS))}
            </p>
            <Score name={shadow.byActive} score={each.active} />
            <Score name={shadow.byShadow} score={each.shadow} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Score({ name, score }: { name: string; score: ShadowAnswer['disagreements'][number]['active'] }) {
  const { shadow } = useTexts().models;
  const probability = score.probability === null ? shadow.notExact : probabilityText(score.probability);
  return (
    <p class="hint">
      {name}: {probability} <bdi>{withoutLinks(visibleLine(score.reasons.join(', '), SHOWN_CHARACTERS))}</bdi>
    </p>
  );
}

function percentText(share: number): string {
  return share.toLocaleString(preferences.value.language, { style: 'percent', maximumFractionDigits: 2 });
}
