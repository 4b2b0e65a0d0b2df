import { useRef, useState } from 'preact/hooks';
import { noEvidence } from '../../display/segments.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { probabilityText, signedText, useTexts } from '../texts/texts.ts';
import { featureText } from './feature-text.ts';
import { MessageText } from './message-text.tsx';
import { Notice } from './small-parts.tsx';

/** What `POST /api/v1/score?explain=true` answers; see `apiVerdictSchema`. */
interface Verdict {
  readonly verdict: 'spam' | 'ham' | 'review';
  readonly probability: number | null;
  readonly model: string;
  readonly members?: readonly { readonly name: string; readonly value: number | null }[];
  readonly features?: readonly { readonly name: string; readonly strength: number }[];
}

type Outcome =
  | { readonly phase: 'none' }
  | { readonly phase: 'working' }
  | { readonly phase: 'done'; readonly verdict: Verdict; readonly text: string }
  | { readonly phase: 'failed'; readonly problem: ApiProblem };

/** Scores a message that somebody pastes. */
export function TryPage({ api }: { api: Api }) {
  const texts = useTexts();
  const [outcome, setOutcome] = useState<Outcome>({ phase: 'none' });
  const text = useRef<HTMLTextAreaElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const message = text.current?.value ?? '';
    setOutcome({ phase: 'working' });
    try {
      const verdict = await api.call<Verdict>('/api/v1/score?explain=true&full=true', {
        method: 'POST',
        body: { community: 'console', message_id: 'try', message },
      });
      setOutcome({ phase: 'done', verdict, text: message });
    } catch (error) {
      setOutcome({ phase: 'failed', problem: problemOf(error) });
    }
  };
  return (
    <main id="main" class="single" tabIndex={-1}>
      <form class="card form" onSubmit={(event) => void submit(event)}>
        <h1>{texts.try.title}</h1>
        <p class="hint">{texts.try.hint}</p>
        <label>
          {texts.try.text}
          <textarea ref={text} rows={6} dir="auto" required />
        </label>
        <button type="submit" class="b-main" disabled={outcome.phase === 'working'}>
          {texts.try.submit}
        </button>
      </form>
      <div class="card" aria-live="polite">
        {outcome.phase === 'done' ? (
          <Result {...outcome} />
        ) : outcome.phase === 'failed' ? (
          <Notice title={texts.try.failed} kind="problem">
            <p>{outcome.problem.status === 0 ? texts.logIn.unreachable : outcome.problem.detail}</p>
            <p>{texts.try.failedHint}</p>
          </Notice>
        ) : (
          <div class="notice">
            <p>{outcome.phase === 'working' ? texts.logIn.working : texts.try.empty}</p>
          </div>
        )}
      </div>
    </main>
  );
}

function Result({ verdict, text }: { verdict: Verdict; text: string }) {
  const texts = useTexts();
  const names: Readonly<Record<string, string>> = texts.score.names;
  const { probability, members = [], features = [] } = verdict;
  return (
    <div class="result">
      <p class="verdict">
        <span class={`tag tag-${verdict.verdict}`}>{texts.bands[verdict.verdict]}</span>{' '}
        <b>{probability === null ? '' : probabilityText(probability)}</b>{' '}
        <span class="hint">
          {texts.try.model} {verdict.model}
        </span>
      </p>
      <MessageText key={text} message={text} evidence={noEvidence} />
      <h2>{texts.score.baseModels}</h2>
      <dl class="models">
        {members.map(({ name, value }) => (
          <div key={name}>
            <dt>{names[name] ?? name}</dt>
            <dd>{value === null ? texts.score.notScored : probabilityText(value).slice(0, -1)}</dd>
          </div>
        ))}
      </dl>
      <h2>{texts.try.features}</h2>
      {features.length === 0 && <p class="hint">{texts.try.noFeatures}</p>}
      <ul class="why">
        {features.slice(0, 12).map(({ name, strength }) => (
          <li key={name}>
            <span class="why-name" dir="auto">
              {featureText(texts, name)}
            </span>
            <em>
              {signedText(strength)}
              <span class="away"> {strength < 0 ? texts.why.towardsHam : texts.why.towardsSpam}</span>
            </em>
          </li>
        ))}
      </ul>
    </div>
  );
}
