import type { AccountIdentity } from './account-store.ts';

/** What one log-in has in one browser alone, from its start to its end. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** Whom the provider vouches for, and what it states about them. */
export interface VouchedPerson {
  readonly identity: AccountIdentity;
  /** Undefined where the provider states none. */
  readonly name: string | undefined;
  readonly groups: readonly string[];
}

/**
 * Why nobody is vouched for. `unavailable`: the provider cannot be reached, or answers with an error of its own. `stale`: the answer
 * belongs to no log-in of this browser that is still going on: it is late, was used, or was made by somebody else. `denied`: the
 * provider, or the person there, said no. `untrusted`: the provider's answer is not what it has to be; the settings or the provider
 * are wrong, or somebody attacks.
 */
export const loginFailures = ['unavailable', 'stale', 'denied', 'untrusted'] as const;
export type LoginFailure = (typeof loginFailures)[number];

/** Knows people by what another service vouches for (OpenID Connect). Nothing is asked before somebody logs in. */
export interface IdentityProvider {
  /** Where to send the browser. Never rejects. */
  begin(): Promise<
    { readonly url: string; readonly secrets: LoginSecrets } | { readonly failure: LoginFailure }
  >;
  /** `query`: with which the browser came back, `?code=…`. Never rejects. */
  finish(
    query: string,
    secrets: LoginSecrets,
  ): Promise<{ readonly person: VouchedPerson } | { readonly failure: LoginFailure }>;
}
