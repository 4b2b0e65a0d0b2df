import type {
  AccountsAnswer,
  InvitationsAnswer,
  SessionsAnswer,
  TokensAnswer,
} from '../../http/account-schemas.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { Observable } from './observable.ts';

/** A secret that the server shows this once. */
export interface ShownSecret {
  readonly of: 'invitation' | 'token';
  readonly value: string;
}

export interface PeopleLists {
  readonly accounts: AccountsAnswer['accounts'];
  readonly sessions: SessionsAnswer['sessions'];
  readonly invitations: InvitationsAnswer['invitations'];
  readonly tokens: TokensAnswer['tokens'];
}

export interface PeopleView {
  readonly lists?: PeopleLists;
  /** Why there are no lists. */
  readonly failure?: ApiProblem;
  /** Why the last change was refused. */
  readonly refusal?: ApiProblem;
  /** What the last change did. */
  readonly effect?: string;
  /** Each is shown until the person has copied it. */
  readonly secrets: readonly ShownSecret[];
  readonly isChanging: boolean;
}

/** Accounts, invitations and API tokens, as the server has them after each change. */
export class PeopleState {
  readonly view = new Observable<PeopleView>({ secrets: [], isChanging: false });
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async load(): Promise<void> {
    try {
      const [{ accounts }, { sessions }, { invitations }, { tokens }] = await Promise.all([
        this.#api.call<AccountsAnswer>('/api/v1/accounts'),
        this.#api.call<SessionsAnswer>('/api/v1/sessions'),
        this.#api.call<InvitationsAnswer>('/api/v1/invitations'),
        this.#api.call<TokensAnswer>('/api/v1/tokens'),
      ]);
      const { failure: _, ...view } = this.view.value;
      this.view.value = { ...view, lists: { accounts, sessions, invitations, tokens } };
    } catch (error) {
      this.view.value = { ...this.view.value, failure: problemOf(error) };
    }
  }

  /** `effect`: what to say when it is done. */
  async change(call: () => Promise<unknown>, effect: string): Promise<void> {
    await this.#do(async () => {
      await call();
      return { effect };
    });
  }

  async put(method: 'PATCH' | 'DELETE', path: string, effect: string, body?: object): Promise<void> {
    await this.change(
      () => this.#api.call(`/api/v1/${path}`, { method, ...(body === undefined ? {} : { body }) }),
      effect,
    );
  }

  async invite(role: string): Promise<void> {
    await this.#do(async () => {
      const { path } = await this.#api.call<{ path: string }>('/api/v1/invitations', {
        ...{ method: 'POST', body: { role } },
      });
      return { secret: { of: 'invitation', value: location.origin + path } };
    });
  }

  async createToken(body: {
    readonly name: string;
    readonly scopes: readonly string[];
    readonly days: number | null;
  }): Promise<boolean> {
    return this.#do(async () => {
      const { token } = await this.#api.call<{ token: string }>('/api/v1/tokens', { method: 'POST', body });
      return { secret: { of: 'token', value: token } };
    });
  }

  forgetSecret(of: ShownSecret['of']): void {
    const { secrets, ...view } = this.view.value;
    this.view.value = { ...view, secrets: secrets.filter((secret) => secret.of !== of) };
  }

  async #do(
    work: () => Promise<Pick<PeopleView, 'effect'> & { readonly secret?: ShownSecret }>,
  ): Promise<boolean> {
    const { lists, secrets } = this.view.value;
    const before = { ...(lists === undefined ? {} : { lists }), secrets };
    this.view.value = { ...before, isChanging: true };
    try {
      const { secret, ...done } = await work();
      const others = secrets.filter(({ of }) => of !== secret?.of);
      this.view.value = {
        ...{ ...before, ...done, isChanging: false },
        secrets: secret === undefined ? secrets : [...others, secret],
      };
    } catch (error) {
      this.view.value = { ...before, refusal: problemOf(error), isChanging: false };
    }
    const isDone = this.view.value.refusal === undefined;
    await this.load();
    return isDone;
  }
}
