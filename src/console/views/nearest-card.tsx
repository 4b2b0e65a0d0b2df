import { useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type { NearestAnswer } from '../../http/nearest-schemas.ts';
import type { Api } from '../state/api.ts';
import { NearestOfRows } from '../state/nearest-of-rows.ts';
import { agoText, useTexts } from '../texts/texts.ts';
import { Name } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

const SHOWN_CHARACTERS = 160;

/** How messages like the shown one were labeled. It is loaded after the message, which can be decided without it. */
export function NearestCard({ api, id }: { api: Api; id: number }) {
  const { nearest: texts } = useTexts();
  const [rows] = useState(() => new NearestOfRows(api));
  const known = useValue(rows.all).get(id);
  useEffect(() => rows.shown(id), [id]);
  return (
    <section class="card nearest" aria-labelledby="nearest-title">
      <details open>
        <summary>
          <h2 id="nearest-title">{texts.title}</h2>
        </summary>
        <div class="body">
          {known?.phase === 'ready' ? (
            <List items={known.items} />
          ) : known?.phase === 'failed' ? (
            <>
              <p>{texts.failed}</p>
              <button type="button" onClick={() => void rows.load(id)}>
                {texts.retry}
              </button>
            </>
          ) : (
            <p class="hint">{texts.loading}</p>
          )}
        </div>
      </details>
    </section>
  );
}

function List({ items }: NearestAnswer) {
  const texts = useTexts();
  const { nearest, labels } = texts;
  const now = useNow(60);
  if (items.length === 0) return <p class="hint">{nearest.none}</p>;
  return (
    <>
      <ul class="nearest-list">
        {items.map(({ review_id, label, labelled_by, labelled_at, message, similarity }, index) => (
          <li key={`${index} ${review_id}`}>
            <p class="nearest-facts">
              <span class={`tag tag-${label}`}>{labels[label]}</span>
              <b>{nearest.alike(Math.round(similarity * 100))}</b>
              <span>{labelled_by === null ? nearest.data : <Name most={24}>{labelled_by}</Name>}</span>
              {labelled_at !== null && <span>{agoText(texts, now - labelled_at)}</span>}
            </p>
            <p class="nearest-text" dir="auto">
              {withoutLinks(visibleLine(message, SHOWN_CHARACTERS))}
            </p>
          </li>
        ))}
      </ul>
      <p class="hint">{nearest.hint}</p>
    </>
  );
}
