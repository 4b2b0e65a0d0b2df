import { generateKeyPairSync } from 'node:crypto';
import type { Server } from 'node:http';
import { freePort } from '../../../src/cluster/free-port.ts';

/** A person as the provider knows them. */
export interface ProviderPerson {
  readonly preferred_username?: string;
  readonly groups?: readonly string[];
}

export interface TestProvider {
  readonly issuer: string;
  readonly people: Map<string, ProviderPerson>;
  close(): Promise<void>;
}

export const client = { clientId: 'sluice', clientSecret: 'a secret of the client' };

/** An OpenID Connect provider in memory, on loopback, that takes any password. `again`: its address, where it was there before. */
export async function startProvider(redirectUri: string, again?: string): Promise<TestProvider> {
  const { warn } = console;
  // Of the runtime, which is older than those that it is released for; the tests show that it does what is needed here.
  console.warn = () => {};
  const { default: Provider } = await import('oidc-provider');
  console.warn = warn;
  const issuer = again ?? `http://127.0.0.1:${await freePort()}`;
  const port = Number(new URL(issuer).port);
  const people = new Map<string, ProviderPerson>();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { info } = console;
  console.info = () => {};
  console.warn = () => {};
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 900, IdToken: 60, Interaction: 60, Session: 900 },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people.get(id) }),
    }),
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => resolve(listening));
  });
  console.info = info;
  console.warn = warn;
  return {
    ...{ issuer, people },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
