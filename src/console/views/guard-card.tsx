import { useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { ModelVersionsAnswer } from '../../http/model-schemas.ts';
import type { GuardAnswer, GuardedVersionAnswer } from '../../http/shadow-schemas.ts';
import { activeOf, departureOf } from '../logic/model-view.ts';
import type { Api } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import type { ModelIntent } from './model-dialog.tsx';

interface GuardProps {
  readonly api: Api;
  /** What the page shows; the guard is asked again with each new one. */
  readonly list: ModelVersionsAnswer;
  readonly canAct: boolean;
  readonly onIntent: (intent: ModelIntent) => void;
}

/** Whether the guard lets the spam of the active model through; nothing where it does. */
export function GuardCard({ api, list, canAct, onIntent }: GuardProps) {
  const { models } = useTexts();
  const { guard: texts } = models;
  const [versions, setVersions] = useState<readonly GuardedVersionAnswer[] | 'failed'>([]);
  useEffect(() => {
    api.call<GuardAnswer>('/api/v1/models/guard').then(
      (answer) => setVersions(answer.versions),
      () => setVersions('failed'),
    );
  }, [api, list]);
  if (versions === 'failed') return <p class="problem">{texts.failed}</p>;
  const active = activeOf(list)?.version;
  const guarded = versions.find(({ version }) => version === active);
  if (guarded === undefined || (guarded.state !== 'tripped' && guarded.state !== 'watching')) return null;
  const { version, state, messages, before, decided } = guarded;
  const departure = departureOf(guarded);
  return (
    <section class="card guard" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <p class={state === 'tripped' ? 'problem' : 'hint'} role="status">
        {state === 'tripped' ? texts.tripped : texts.watching(before ?? '–')}
      </p>
      <p class="hint">
        {texts.counts(numberText(messages), changeText(departure.spam), changeText(departure.review))}
      </p>
      {decided !== null && (
        <p class="decided" dir="auto">
          {visibleLine(decided, 700)}
        </p>
      )}
      {canAct && (
        <button type="button" onClick={() => onIntent({ kind: 'confirm', version, activated: version })}>
          {texts.confirm}
        </button>
      )}
    </section>
  );
}

function changeText(share: number): string {
  return share.toLocaleString(preferences.value.language, {
    ...{ style: 'percent', maximumFractionDigits: 2, signDisplay: 'always' },
  });
}
