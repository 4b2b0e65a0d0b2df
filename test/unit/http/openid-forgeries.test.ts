import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { OpenIdProvider } from '../../../src/adapters/openid/openid-provider.ts';
import { FakeLog } from './fakes.ts';
import { type ForgingProvider, rightClaims, startForgingProvider } from './forging-provider.ts';
import { TestBrowser } from './openid-browser.ts';
import { consolePort, type OpenIdConsole, startConsole } from './openid-fixture.ts';
import { client } from './openid-provider.ts';

let where: Awaited<ReturnType<typeof consolePort>>;
let provider: ForgingProvider;
let desk: OpenIdConsole;

beforeAll(async () => {
  where = await consolePort();
});
beforeEach(async () => {
  provider = await startForgingProvider();
  desk = await startConsole(where, provider.issuer_);
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
  await provider.close();
});

/** A log-in that ends with these claims in the ID token. */
async function logIn(
  changes: (right: Record<string, unknown>, now: number) => Record<string, unknown> = () => ({}),
): Promise<string> {
  const browser = new TestBrowser();
  const { searchParams } = new URL(await desk.begin(browser));
  const right = rightClaims(provider.issuer_, searchParams.get('nonce')!);
  provider.claims = { ...right, ...changes(right, Number(right.iat)) };
  const query = new URLSearchParams({ code: 'a code', state: searchParams.get('state')! });
  return desk.comeBack(browser, `${where.redirectUri}?${query}`);
}

it('a right ID token opens a session', async () => {
  expect(await logIn()).toBe('/');
});

it.each<[string, Parameters<typeof logIn>[0]]>([
  ['of another audience', () => ({ aud: 'another client' })],
  [
    'of several audiences that was made for another client',
    () => ({ aud: ['sluice', 'other'], azp: 'other' }),
  ],
  ['of another issuer', () => ({ iss: 'http://127.0.0.1:1' })],
  ['with a nonce that nobody made', () => ({ nonce: 'another nonce' })],
  ['without a nonce', () => ({ nonce: undefined })],
  ['without a subject', () => ({ sub: undefined })],
  ['that ended five minutes ago', (_, now) => ({ iat: now - 900, exp: now - 300 })],
  ['that begins in five minutes', (_, now) => ({ nbf: now + 300 })],
])('an ID token %s is refused', async (_, changes) => {
  expect(await logIn(changes)).toBe('/?login=untrusted');
  expect(await desk.fixture.store.accounts()).toEqual([]);
});

it('an ID token of an earlier log-in of the same browser is refused, by its nonce', async () => {
  const browser = new TestBrowser();
  const earlier = new URL(await desk.begin(browser)).searchParams;
  const { searchParams } = new URL(await desk.begin(browser));
  provider.claims = rightClaims(provider.issuer_, earlier.get('nonce')!);
  const query = new URLSearchParams({ code: 'a code', state: searchParams.get('state')! });
  expect(await desk.comeBack(browser, `${where.redirectUri}?${query}`)).toBe('/?login=untrusted');
});

it('an ID token that another key has signed is refused', async () => {
  provider.isSignedByOther = true;
  expect(await logIn()).toBe('/?login=untrusted');
});

it('clocks may differ by half a minute', async () => {
  expect(await logIn((_, now) => ({ iat: now - 90, exp: now - 30 }))).toBe('/');
  expect(await logIn((_, now) => ({ iat: now + 30, nbf: now + 30, exp: now + 90 }))).toBe('/');
});

it.each([
  [590, '/'],
  [610, '/?login=stale'],
])('a log-in may take ten minutes: after %i s it leads to %s', async (seconds, path) => {
  expect(
    await logIn(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
      const { iat, exp } = rightClaims('', '');
      return { iat, exp };
    }),
  ).toBe(path);
});

it('the client secret is sent in a header, or in the body where the provider supports that alone', async () => {
  await logIn();
  const basic = `Basic ${Buffer.from('sluice:a+secret+of+the+client').toString('base64')}`;
  expect(provider.authorization).toBe(basic);
  expect(provider.body).not.toContain('secret');
  await desk.close();
  desk = await startConsole(where, provider.issuer_);
  provider.methods = ['client_secret_post', 'private_key_jwt'];
  expect(await logIn()).toBe('/');
  expect(provider.authorization).toBeUndefined();
  expect(provider.body).toContain('client_secret=a+secret+of+the+client');
});

it('what the provider answers about another person does not count', async () => {
  provider.userinfo = { sub: 'sub-2', preferred_username: 'root', groups: ['operators'] };
  expect(await logIn(() => ({ groups: undefined }))).toBe('/?login=untrusted');
  provider.userinfo = { sub: 'sub-1', groups: ['leads'] };
  expect(await logIn(() => ({ groups: undefined }))).toBe('/');
  const [account] = await desk.fixture.store.accounts();
  expect(account).toMatchObject({ name: 'anna', role: 'lead' });
});

it('an error of the provider itself is distinguished from a refusal', async () => {
  provider.tokenStatus = 503;
  expect(await logIn()).toBe('/?login=unavailable');
});

it('metadata of another issuer is refused before anybody is sent there', async () => {
  provider.issuer = 'http://127.0.0.1:1';
  expect(await desk.begin(new TestBrowser())).toBe(`${desk.url}/?login=untrusted`);
});

it('an http issuer that is not on loopback is never asked', async () => {
  const log = new FakeLog();
  const remote = new OpenIdProvider({
    ...{ issuer: 'http://login.example.com', ...client, redirectUri: where.redirectUri, log },
    ...{ scopes: [], nameClaim: 'name', groupsClaim: 'groups' },
  });
  expect(await remote.begin()).toEqual({ failure: 'untrusted' });
  expect(log.lines.join()).toContain('only requests to HTTPS are allowed');
});
