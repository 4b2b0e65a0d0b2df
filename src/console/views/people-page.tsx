import { useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import type { Api } from '../state/api.ts';
import { PeopleState } from '../state/people.ts';
import { useTexts } from '../texts/texts.ts';
import { AccountsCard } from './people-accounts.tsx';
import { InvitationsCard } from './people-invitations.tsx';
import { TokensCard } from './people-tokens.tsx';
import { Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

/** Who may log in, with which role, and which programs may ask. */
export function PeoplePage({ api, session }: { api: Api; session: SessionAnswer }) {
  const texts = useTexts();
  const { people } = texts;
  const [state] = useState(() => new PeopleState(api));
  const view = useValue(state.view);
  useEffect(() => void state.load(), [state]);
  const { lists, failure, refusal, effect = '' } = view;
  return (
    <main id="main" class="wide people" tabIndex={-1}>
      <h1>{people.title}</h1>
      <p class="hint">{people.hint}</p>
      <p role="status" class={effect === '' ? 'away' : 'effect'}>
        {effect}
      </p>
      {refusal !== undefined && (
        <p class="problem" role="alert" dir="auto">
          {people.refused} {refusal.status === 0 ? texts.logIn.unreachable : visibleLine(refusal.detail, 300)}
        </p>
      )}
      {lists === undefined ? (
        <div class="card">
          {failure === undefined ? (
            <div class="notice">
              <p>{people.loading}</p>
            </div>
          ) : (
            <Notice title={people.failed} kind="problem">
              <p dir="auto">{failure.status === 0 ? '' : visibleLine(failure.detail, 300)}</p>
              <p>{people.failedHint}</p>
              <button type="button" onClick={() => void state.load()}>
                {texts.states.retry}
              </button>
            </Notice>
          )}
        </div>
      ) : (
        <>
          <AccountsCard state={state} view={view} lists={lists} own={session.name} />
          <InvitationsCard state={state} view={view} lists={lists} />
          <TokensCard state={state} view={view} lists={lists} />
        </>
      )}
    </main>
  );
}
