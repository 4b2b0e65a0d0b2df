import * as openid from 'openid-client';
import { describeError } from '../../core/errors.ts';
import { isLoopback } from '../../core/loopback.ts';
import type {
  IdentityProvider,
  LoginFailure,
  LoginSecrets,
  VouchedPerson,
} from '../../ports/identity-provider.ts';
import type { Log } from '../../ports/log.ts';
import { claimOf, groupsIn } from './claims.ts';

export interface OpenIdProviderOptions {
  /** `https`, or `http` on a loopback address. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  /** Beside `openid`. */
  readonly scopes: readonly string[];
  readonly nameClaim: string;
  readonly groupsClaim: string;
  readonly log: Log;
}

/** Of each request to the provider; a person waits. */
const TIMEOUT_SECONDS = 5;
/** How far the clocks of two machines may differ: what an ID token says about time is taken to be right by that much. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** After that, the provider is asked again where its endpoints are. */
const DISCOVERY_SECONDS = 3600;

interface Discovered {
  readonly configuration: openid.Configuration;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/**
 * Logs people in by OpenID Connect: authorization code flow with PKCE, state and nonce. The provider's endpoints are discovered by
 * the first log-in and cached; while it is down, each log-in tries again. Signatures of ID tokens are verified, though they come over TLS.
 */
export class OpenIdProvider implements IdentityProvider {
  readonly #options: OpenIdProviderOptions;
  #discovered: Discovered | undefined;
  #discovering: Promise<openid.Configuration> | undefined;

  constructor(options: OpenIdProviderOptions) {
    this.#options = options;
  }

  async begin(): ReturnType<IdentityProvider['begin']> {
    try {
      const configuration = await this.#configuration();
      const secrets: LoginSecrets = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
      };
      const { redirectUri, scopes } = this.#options;
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...scopes])].join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
        ...{ state: secrets.state, nonce: secrets.nonce },
      });
      return { url: url.href, secrets };
    } catch (error) {
      return this.#failed(error, 'a log-in by the identity provider could not begin');
    }
  }

  async finish(query: string, secrets: LoginSecrets): ReturnType<IdentityProvider['finish']> {
    const answer = new URLSearchParams(query);
    // Said apart from what else may be wrong with an answer: it happens to people who wait, or use two tabs.
    if (answer.get('state') !== secrets.state) return { failure: 'stale' };
    try {
      const configuration = await this.#configuration();
      const returned = new URL(this.#options.redirectUri);
      returned.search = query;
      const tokens = await openid.authorizationCodeGrant(configuration, returned, {
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        pkceCodeVerifier: secrets.verifier,
        idTokenExpected: true,
      });
      const stated = tokens.claims()!;
      return { person: await this.#person(configuration, tokens.access_token, stated) };
    } catch (error) {
      return this.#failed(error, 'a log-in by the identity provider was refused');
    }
  }

  /** Some providers put names and groups into the ID token, some answer them to a request of their own. */
  async #person(
    configuration: openid.Configuration,
    accessToken: string,
    stated: openid.IDToken,
  ): Promise<VouchedPerson> {
    const { nameClaim, groupsClaim } = this.#options;
    const lacks = [nameClaim, groupsClaim].some((name) => claimOf(stated, name) === undefined);
    const asked =
      lacks && configuration.serverMetadata().userinfo_endpoint !== undefined
        ? await openid.fetchUserInfo(configuration, accessToken, stated.sub)
        : {};
    const claims = { ...asked, ...stated };
    const name = claimOf(claims, nameClaim);
    return {
      identity: { issuer: stated.iss, subject: stated.sub },
      name: typeof name === 'string' && name !== '' ? name : undefined,
      groups: groupsIn(claimOf(claims, groupsClaim)),
    };
  }

  async #configuration(): Promise<openid.Configuration> {
    const known = this.#discovered;
    if (known !== undefined && performance.now() - known.at < DISCOVERY_SECONDS * 1000)
      return known.configuration;
    this.#discovering ??= this.#discover().finally(() => {
      this.#discovering = undefined;
    });
    // What was right an hour ago serves better than nothing.
    return this.#discovering.catch((error: unknown) => {
      if (known === undefined) throw error;
      return known.configuration;
    });
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const url = new URL(issuer);
    const configuration = await openid.discovery(
      url,
      clientId,
      { [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      clientSecret === undefined ? openid.None() : withSecret(clientSecret),
      {
        timeout: TIMEOUT_SECONDS,
        execute: [
          openid.enableNonRepudiationChecks,
          ...(url.protocol === 'http:' && isLoopback(url.hostname) ? [openid.allowInsecureRequests] : []),
        ],
      },
    );
    this.#discovered = { configuration, at: performance.now() };
    return configuration;
  }

  #failed(error: unknown, text: string): { readonly failure: LoginFailure } {
    const failure = failureOf(error);
    const { issuer, log } = this.#options;
    const fields = { issuer, failure, error: textOf(error), code: codeOf(error) };
    if (failure === 'stale' || failure === 'denied') log.info(fields, text);
    else log.warn(fields, text);
    return { failure };
  }
}

/** In a header, which every provider supports unless it states otherwise (OpenID Connect Discovery 1.0, section 3). */
function withSecret(secret: string): openid.ClientAuth {
  const [inHeader, inBody] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (server, ...request) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    const isInBody = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
    (isInBody ? inBody : inHeader)(server, ...request);
  };
}

/** Causes of other errors may quote claims of a person; that of `fetch` says why nothing was reached. */
function textOf(error: unknown): string {
  const isOfFetch = error instanceof TypeError && error.cause instanceof Error;
  return isOfFetch ? `${error.message}: ${describeError(error.cause)}` : describeError(error);
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown } | null)?.code ?? '');
}

/** Of errors of the client library: https://github.com/panva/openid-client, `ClientError` and what it passes on. */
function failureOf(error: unknown): LoginFailure {
  if (error instanceof openid.AuthorizationResponseError)
    return ['temporarily_unavailable', 'server_error'].includes(error.error) ? 'unavailable' : 'denied';
  if (error instanceof openid.ResponseBodyError) {
    if (error.error === 'invalid_grant') return 'stale';
    return error.status >= 500 ? 'unavailable' : 'untrusted';
  }
  switch (codeOf(error)) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
      return 'unavailable';
    default:
      // `fetch` throws a TypeError without a code of its own where there is no answer.
      return error instanceof TypeError && codeOf(error) === '' ? 'unavailable' : 'untrusted';
  }
}
