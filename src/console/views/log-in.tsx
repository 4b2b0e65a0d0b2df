import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionAnswer } from '../../http/console-schemas.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.ts';
import { SingleSignOn } from './single-sign-on.tsx';

export interface LogInProps {
  readonly api: Api;
  readonly invitation?: string | undefined;
  readonly problem?: ApiProblem | undefined;
  /** Of the address, where the identity provider sent the browser back without a session. */
  readonly failedLogin?: string | undefined;
  /** Where a session has ended while somebody worked. */
  readonly again?: string;
  readonly onEnter: (session: SessionAnswer) => void;
}

export function LogIn({ api, invitation, problem, failedLogin = '', again, onEnter }: LogInProps) {
  const texts = useTexts();
  const { logIn } = texts;
  const [failure, setFailure] = useState(problem);
  const [isWorking, setWorking] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setWorking(true);
    try {
      const name = again ?? String(form.get('name'));
      const body = { name, password: String(form.get('password')) };
      onEnter(await api.logIn(invitation === undefined ? body : { ...body, invitation }));
    } catch (error) {
      setFailure(problemOf(error));
      setWorking(false);
    }
  };
  const isInvited = invitation !== undefined;
  return (
    <main class="log-in" id="main">
      <form class="card" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <h1>
          {texts.brand} · {isInvited ? logIn.welcome : logIn.title}
        </h1>
        {isInvited && <p>{logIn.invited}</p>}
        {again !== undefined && <p>{logIn.again}</p>}
        {failure !== undefined && (
          <p class="problem" role="alert">
            {failureText(logIn, failure, problem === failure, isInvited)}
          </p>
        )}
        {failure === undefined && Object.hasOwn(logIn.failures, failedLogin) && (
          <p class="problem" role="alert">
            {logIn.failures[failedLogin as keyof typeof logIn.failures]}
          </p>
        )}
        <label>
          {logIn.name}
          <input
            ref={again === undefined ? first : null}
            name="name"
            required
            maxLength={100}
            autocomplete="username"
            {...(again === undefined ? {} : { value: again, readOnly: true })}
          />
        </label>
        <label>
          {logIn.password}
          <input
            ref={again === undefined ? null : first}
            name="password"
            type="password"
            required
            minLength={isInvited ? 12 : 1}
            maxLength={200}
            autocomplete={isInvited ? 'new-password' : 'current-password'}
            {...(isInvited ? { 'aria-describedby': 'password-hint' } : {})}
          />
        </label>
        {isInvited && (
          <p class="hint" id="password-hint">
            {logIn.passwordHint}
          </p>
        )}
        <button type="submit" class="b-main" disabled={isWorking}>
          {isWorking ? logIn.working : isInvited ? logIn.join : logIn.submit}
        </button>
        {!isInvited && <SingleSignOn api={api} />}
        {!isInvited && again === undefined && <p class="hint">{logIn.hint}</p>}
      </form>
    </main>
  );
}

function failureText(
  logIn: Texts['logIn'],
  { status, detail }: ApiProblem,
  isOfToken: boolean,
  isInvited: boolean,
): string {
  if (status === 0) return logIn.unreachable;
  if (status === 429) return logIn.tooMany;
  if (status === 409 && isInvited) return logIn.nameTaken;
  if (status === 401 || status === 403)
    return isOfToken ? logIn.tokenRefused : isInvited ? logIn.invitationRefused : logIn.refused;
  return detail;
}
