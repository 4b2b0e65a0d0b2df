import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '../../../src/accounts/accounts.ts';
import type { IdentityRules } from '../../../src/accounts/identity-logins.ts';
import { scryptPasswords } from '../../../src/adapters/scrypt/scrypt-passwords.ts';
import type { Role } from '../../../src/core/roles.ts';
import type { AccountStore, AccountTransaction } from '../../../src/ports/account-store.ts';
import type { IdentityProvider } from '../../../src/ports/identity-provider.ts';

/** One fresh database. */
export interface AccountStoreHarness {
  open(): Promise<AccountStore>;
  /** Rows that a statement selects. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
  dispose(): Promise<void>;
}

const hash = (letter: string) => letter.repeat(64);
const root = { name: 'command line', role: 'admin' } as const;

/** What every adapter behind the port `AccountStore` promises, with the rules of `src/accounts` on top of it. */
export function describeAccountStore(name: string, makeHarness: () => Promise<AccountStoreHarness>): void {
  describe(`${name} as an AccountStore`, () => {
    let harness: AccountStoreHarness;
    let store: AccountStore;
    let now = 0;
    const opened: AccountStore[] = [];
    const open = async () => {
      const another = await harness.open();
      opened.push(another);
      return another;
    };
    const accountsOn = (own: AccountStore) =>
      new Accounts({
        store: own,
        passwords: scryptPasswords({ logN: 1, r: 1, p: 1 }),
        clock: { now: () => now, elapsed: () => now / 1000, sleep: async () => {} },
      });
    beforeEach(async () => {
      now = 1_800_000_000_000;
      harness = await makeHarness();
      store = await open();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
      await harness.dispose();
    });

    const add = (accountName: string, role: Role, password: string | null = 'hashed') =>
      store.transact((transaction) =>
        transaction.addAccount({
          ...{ name: accountName, name_key: accountName.toLowerCase(), role, password, created_at: now },
        }),
      );
    const session = (transaction: AccountTransaction, account_id: number, sha256: string) =>
      transaction.addSession({ sha256, account_id, created_at: now, seen_at: now, ends_at: now + 1000 });

    it(`${name}: accounts are found by id and key, changed, and listed by id, after a reopening too`, async () => {
      const anna = await add('Änna', 'admin');
      const ben = await add('Ben', 'viewer', null);
      await store.transact((transaction) =>
        transaction.changeAccount(anna, { role: 'lead', disabled_at: now }),
      );
      const again = await open();
      const expected = {
        ...{ id: anna, name: 'Änna', role: 'lead', password: 'hashed', created_at: now, disabled_at: now },
        ...{ logged_in_at: null, identity: null },
      };
      expect(await again.accountByKey('änna')).toEqual(expected);
      expect(await again.accountByKey('Änna')).toBeUndefined();
      expect(await again.transact((transaction) => transaction.account(anna))).toEqual(expected);
      expect(await again.transact((transaction) => transaction.account(999))).toBeUndefined();
      expect((await again.accounts()).map(({ id, password }) => [id, password])).toEqual([
        [anna, 'hashed'],
        [ben, null],
      ]);
      await again.transact((transaction) => transaction.changeAccount(anna, { disabled_at: null }));
      expect((await again.accountByKey('änna'))?.disabled_at).toBeNull();
    });

    it(`${name}: an account is found by issuer and subject, which no other account has`, async () => {
      const identity = { issuer: 'https://login.example.com', subject: `Ä${'s'.repeat(254)}` };
      const addAs = (accountName: string, as: typeof identity) =>
        store.transact((transaction) =>
          transaction.addAccount({
            ...{ name: accountName, name_key: accountName, role: 'lead', password: null, created_at: now },
            identity: as,
          }),
        );
      const anna = await addAs('anna', identity);
      await addAs('ben', { ...identity, issuer: 'https://other.example.com' });
      await addAs('carl', { ...identity, subject: identity.subject.toLowerCase() });
      await store.transact((transaction) => transaction.changeAccount(anna, { logged_in_at: now + 5 }));
      const find = (sought: typeof identity) =>
        store.transact((transaction) => transaction.accountByIdentity(sought));
      expect(await find(identity)).toMatchObject({ name: 'anna', identity, logged_in_at: now + 5 });
      expect(await find({ ...identity, subject: 'another' })).toBeUndefined();
      expect((await (await open()).accounts()).map(({ identity: found }) => found?.issuer)).toEqual([
        ...[identity.issuer, 'https://other.example.com', identity.issuer],
      ]);
      await expect(addAs('dora', identity)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });

    it(`${name}: of ten first log-ins of one person at once, one makes the account and all get in`, async () => {
      const provider: IdentityProvider = {
        begin: async () => ({ failure: 'unavailable' }),
        finish: async () => ({
          person: { identity: { issuer: 'https://a.example', subject: 's' }, name: 'anna', groups: [] },
        }),
      };
      const rules: IdentityRules = {
        groups: { viewer: [], moderator: [], lead: [], admin: [] },
        ...{ defaultRole: 'lead', addsAccounts: true },
      };
      const both = [accountsOn(store), accountsOn(await open())].map((each) =>
        each.byIdentity(provider, rules),
      );
      const secrets = { state: '', nonce: '', verifier: '' };
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) => both[index % 2]!.finish('', secrets, `client ${index}`)),
      );
      expect(results.filter((result) => 'session' in result)).toHaveLength(10);
      expect((await store.accounts()).map(({ name: stored }) => stored)).toEqual(['anna']);
      expect(await store.sessions()).toHaveLength(10);
    });

    it(`${name}: the admins that may log in are those alone`, async () => {
      const [anna] = [await add('anna', 'admin'), await add('ben', 'lead')];
      const carl = await add('carl', 'admin');
      await store.transact((transaction) => transaction.changeAccount(carl, { disabled_at: now }));
      const admins = await store.transact((transaction) => transaction.enabledAdmins());
      expect(admins.map(({ id }) => id)).toEqual([anna]);
    });

    it(`${name}: a session is found by the hash of its secret, with its account, until it is ended`, async () => {
      const [anna, ben] = [await add('anna', 'lead'), await add('ben', 'viewer')];
      await store.transact(async (transaction) => {
        await session(transaction, anna, hash('a'));
        await session(transaction, anna, hash('b'));
        await session(transaction, ben, hash('c'));
      });
      const found = await store.sessionBySecret(hash('a'));
      expect(found).toMatchObject({
        session: { account_id: anna, created_at: now, seen_at: now, ends_at: now + 1000 },
        account: { id: anna, name: 'anna', role: 'lead' },
      });
      await store.sessionSeen(found!.session.id, now + 5);
      expect((await store.sessionBySecret(hash('a')))?.session.seen_at).toBe(now + 5);
      expect(await store.sessionBySecret(hash('d'))).toBeUndefined();
      expect(await store.sessions(anna)).toHaveLength(2);
      const end = (which: Parameters<AccountTransaction['endSessions']>[0]) =>
        store.transact((transaction) => transaction.endSessions(which));
      expect(await end({ accountId: anna, exceptSha256: hash('a') })).toBe(1);
      expect(await end({ sha256: hash('b') })).toBe(0);
      expect(await end({ sha256: hash('c') })).toBe(1);
      expect(await end({ staleAt: { now: now + 999, seenBefore: now + 5 } })).toBe(0);
      expect(await end({ staleAt: { now: now + 1000, seenBefore: 0 } })).toBe(1);
      expect(await store.sessions()).toEqual([]);
    });

    it(`${name}: a token is found by the hash of its secret, with its scopes and the account it ends with`, async () => {
      const anna = await add('anna', 'admin');
      const id = await store.transact((transaction) =>
        transaction.addToken({
          ...{ sha256: hash('a'), name: 'importer', scopes: ['score', 'review'], account_id: anna },
          ...{ created_at: now, ends_at: null },
        }),
      );
      const token = {
        ...{ id, name: 'importer', scopes: ['score', 'review'], account_id: anna },
        ...{ created_by: 'anna', created_at: now, ends_at: null },
      };
      expect(await store.tokenBySecret(hash('a'))).toMatchObject({
        token,
        account: { name: 'anna', id: anna },
      });
      expect(await store.tokens()).toEqual([token]);
      expect(await store.transact((transaction) => transaction.token(id))).toEqual(token);
      expect(await store.transact((transaction) => transaction.removeTokens({ id }))).toBe(1);
      expect(await store.tokenBySecret(hash('a'))).toBeUndefined();
    });

    it(`${name}: what a transaction wrote before it failed is not stored`, async () => {
      const failing = store.transact(async (transaction) => {
        await transaction.addAccount({
          ...{ name: 'anna', name_key: 'anna', role: 'admin', password: null, created_at: now },
        });
        await transaction.record({ who: 'anna', what: 'login', before: null, after: { a: 1 }, when: now });
        throw new Error('cut');
      });
      await expect(failing).rejects.toThrow('cut');
      expect(await store.accounts()).toEqual([]);
      expect(await harness.rows('select who from activity')).toEqual([]);
    });

    it(`${name}: of ten that use one invitation at once, one alone gets in`, async () => {
      const accounts = accountsOn(store);
      const others = accountsOn(await open());
      const { secret } = await accounts.management.invite(root, 'lead');
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? accounts : others).logins.login(
            { invitation: secret, name: `person ${index}`, password: 'correct horse battery' },
            `client ${index}`,
          ),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
      expect(await store.accounts()).toHaveLength(1);
      expect(await store.invitations()).toEqual([]);
    });

    it(`${name}: of ten that use one link of the first start at once, one alone gets in`, async () => {
      const accounts = accountsOn(store);
      const others = accountsOn(await open());
      const token = (await accounts.firstAdminToken())!;
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? accounts : others).logins.login({ token }, `client ${index}`),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
    });

    it(`${name}: of two admins who disable each other at once, one remains`, async () => {
      const [anna, ben] = [await add('anna', 'admin'), await add('ben', 'admin')];
      const accounts = accountsOn(store);
      const others = accountsOn(await open());
      const results = await Promise.allSettled([
        accounts.management.change({ name: 'anna', role: 'admin' }, ben, { isDisabled: true }),
        others.management.change({ name: 'ben', role: 'admin' }, anna, { isDisabled: true }),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await store.transact((transaction) => transaction.enabledAdmins())).toHaveLength(1);
    });

    it(`${name}: of two who take one name at once, one gets it and the other is refused`, async () => {
      const accounts = accountsOn(store);
      const others = accountsOn(await open());
      const results = await Promise.allSettled(
        [accounts, others].map(({ management }) =>
          management.add(root, { name: 'Anna', role: 'viewer', password: 'correct horse battery' }),
        ),
      );
      const refused = results.find((result) => result.status === 'rejected');
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(refused?.reason).toMatchObject({ code: 'ACCOUNT_REFUSED' });
    });

    it(`${name}: every secret is stored as a hash, and none is in the activity log`, async () => {
      const accounts = accountsOn(store);
      const link = (await accounts.firstAdminToken())!;
      const invitation = await accounts.management.invite(root, 'admin');
      const password = 'correct horse battery';
      const login = await accounts.logins.login(
        { invitation: invitation.secret, name: 'anna', password },
        'a',
      );
      if (login.kind !== 'opened') throw new Error('refused');
      const unused = await accounts.management.invite(login.session.actor, 'viewer');
      const token = await accounts.management.addToken(login.session.actor, {
        ...{ name: 'importer', scopes: ['score'], days: 1 },
      });
      const secrets = [link, invitation.secret, unused.secret, password, token.secret, login.session.secret];
      secrets.push(login.session.csrf);
      let stored = '';
      for (const table of ['account', 'session', 'api_token', 'invitation', 'activity'])
        stored += JSON.stringify(await harness.rows(`select * from ${table}`));
      expect(stored).toContain('$scrypt$');
      expect(secrets.filter((secret) => stored.includes(secret))).toEqual([]);
    });
  });
}
