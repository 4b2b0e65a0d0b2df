import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { client } from './openid-provider.ts';

/** What the next ID token is, and what the endpoints answer. */
export interface Forgery {
  claims: Record<string, unknown>;
  /** Signed with a key that the provider does not publish. */
  isSignedByOther: boolean;
  /** What the metadata states, where it is not the truth. */
  issuer: string | undefined;
  tokenStatus: number;
  userinfo: Record<string, unknown> | undefined;
  /** How clients may authenticate; undefined where the metadata does not state it. */
  methods: readonly string[] | undefined;
  /** Of the last request for a token. */
  authorization: string | undefined;
  body: string;
}

export interface ForgingProvider extends Forgery {
  readonly issuer_: string;
  close(): Promise<void>;
}

const [key, other] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));

/** An OpenID Connect provider on loopback that answers any code with the ID token that a test wants. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const forgery: Forgery = {
    ...{ claims: {}, isSignedByOther: false, issuer: undefined, tokenStatus: 200, userinfo: undefined },
    ...{ methods: undefined, authorization: undefined, body: '' },
  };
  let issuer = '';
  const answers: Readonly<Record<string, () => object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer: forgery.issuer ?? issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      ...(forgery.methods === undefined ? {} : { token_endpoint_auth_methods_supported: forgery.methods }),
      ...(forgery.userinfo === undefined ? {} : { userinfo_endpoint: `${issuer}/userinfo` }),
    }),
    '/jwks': () => ({ keys: [{ ...key!.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] }),
    '/userinfo': () => forgery.userinfo ?? {},
    '/token': () => ({
      ...{ access_token: 'access', token_type: 'Bearer' },
      id_token: signed(forgery.claims, (forgery.isSignedByOther ? other! : key!).privateKey),
    }),
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    if (pathname === '/token') {
      forgery.authorization = request.headers.authorization;
      forgery.body = (await request.toArray()).join('');
    }
    response.statusCode = pathname === '/token' ? forgery.tokenStatus : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[pathname]?.() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(forgery, {
    issuer_: issuer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** The claims of a right ID token. */
export function rightClaims(issuer: string, nonce: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    ...{ iss: issuer, sub: 'sub-1', aud: client.clientId, iat: now, exp: now + 60, nonce },
    ...{ preferred_username: 'anna', groups: ['helpers'] },
  };
}

function signed(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(key).toString('base64url')}`;
}
