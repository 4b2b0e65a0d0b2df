import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccessFixture, accessFixture, opened, passwordOf, root } from './access-fixture.ts';

const DAY = 86_400;

let fixture: AccessFixture;
beforeEach(async () => {
  fixture = await accessFixture();
});
afterEach(() => fixture.close());

const login = (credentials: Parameters<AccessFixture['accounts']['logins']['login']>[0], client = 'here') =>
  fixture.accounts.logins.login(credentials, client);
const session = (secret: string) => fixture.accounts.callers.bySession(secret);

describe('the link of the first start', () => {
  it('lets an admin in, once', async () => {
    const token = (await fixture.accounts.firstAdminToken())!;
    const first = opened(await login({ token }));
    expect(first.actor).toEqual({ name: 'admin', role: 'admin' });
    expect((await session(first.secret))?.actor).toEqual(first.actor);
    expect(await login({ token })).toEqual({ kind: 'refused' });
  });

  it('is good for twelve hours', async () => {
    const [early, late] = [
      await fixture.accounts.firstAdminToken(),
      await fixture.accounts.firstAdminToken(),
    ];
    fixture.clock.seconds += DAY / 2 - 1;
    const inTime = (await fixture.accounts.firstAdminToken())!;
    fixture.clock.seconds += 1;
    expect(await login({ token: early! })).toEqual({ kind: 'refused' });
    expect(await login({ token: late! })).toEqual({ kind: 'refused' });
    expect((await login({ token: inTime })).kind).toBe('opened');
  });

  it('is made again at each start until an admin has a password, and leads to the same account', async () => {
    const names: string[] = [];
    for (let start = 0; start < 3; start++)
      names.push(opened(await login({ token: (await fixture.accounts.firstAdminToken())! })).actor.name);
    expect(names).toEqual(['admin', 'admin', 'admin']);
    await fixture.person('lead', 'lead');
    const printed = (await fixture.accounts.firstAdminToken())!;
    await fixture.person('anna', 'admin');
    expect(await fixture.accounts.firstAdminToken()).toBeUndefined();
    expect(await login({ token: printed })).toEqual({ kind: 'refused' });
  });

  it('that two processes have printed ends with the first use of one of them', async () => {
    const [one, other] = [await fixture.accounts.firstAdminToken(), await fixture.accounts.firstAdminToken()];
    expect((await login({ token: one! })).kind).toBe('opened');
    expect(await login({ token: other! })).toEqual({ kind: 'refused' });
  });

  it('ends when its admin sets a password, who is known by it from then on', async () => {
    const { secret, csrf } = opened(await login({ token: (await fixture.accounts.firstAdminToken())! }));
    const printed = (await fixture.accounts.firstAdminToken())!;
    const caller = (await session(secret))!;
    expect(caller).toMatchObject({ kind: 'session', csrf });
    const set = await fixture.accounts.management.setPassword(
      { accountId: (caller as { accountId: number }).accountId, sessionSecret: secret },
      { password: passwordOf('admin') },
      'here',
    );
    expect(set).toBe(true);
    expect(await login({ token: printed })).toEqual({ kind: 'refused' });
    expect((await fixture.login('admin')).actor.role).toBe('admin');
  });
});

describe('an invitation', () => {
  it('makes an account with the role that was given, once', async () => {
    const { secret } = await fixture.accounts.management.invite(root, 'moderator');
    const given = { invitation: secret, name: ' Anna ', password: passwordOf('Anna') };
    const first = opened(await login(given));
    expect(first.actor).toEqual({ name: 'Anna', role: 'moderator' });
    expect(await login({ ...given, name: 'ben' })).toEqual({ kind: 'refused' });
    expect((await login({ name: 'ANNA', password: passwordOf('Anna') })).kind).toBe('opened');
  });

  it('is good for seven days, and not once it was withdrawn', async () => {
    const { accounts, clock } = fixture;
    const kept = await accounts.management.invite(root, 'viewer');
    const withdrawn = await accounts.management.invite(root, 'viewer');
    await accounts.management.removeInvitation(root, withdrawn.id);
    const take = (invitation: string) =>
      login({ invitation, name: `anna ${clock.seconds}`, password: passwordOf('anna') });
    expect(await take(withdrawn.secret)).toEqual({ kind: 'refused' });
    clock.seconds += 7 * DAY - 1;
    expect((await take(kept.secret)).kind).toBe('opened');
    const late = await accounts.management.invite(root, 'viewer');
    clock.seconds += 7 * DAY;
    expect(await take(late.secret)).toEqual({ kind: 'refused' });
  });

  it('is not used up by a name that is taken, a bad name or an easy password', async () => {
    await fixture.person('Anna', 'viewer');
    const { secret } = await fixture.accounts.management.invite(root, 'lead');
    const take = (name: string, password: string) => login({ invitation: secret, name, password });
    const { hashed } = fixture.passwords;
    for (const [name, password, code] of [
      ['anna', passwordOf('x'), 'ACCOUNT_REFUSED'],
      ['ANNA ', passwordOf('x'), 'ACCOUNT_REFUSED'],
      ['Ａnna', passwordOf('x'), 'ACCOUNT_REFUSED'],
      ['token:1:x', passwordOf('x'), 'USAGE'],
      ['me', passwordOf('x'), 'USAGE'],
      ['command line', passwordOf('x'), 'USAGE'],
      ['a\u{202e}b', passwordOf('x'), 'USAGE'],
      ['', passwordOf('x'), 'USAGE'],
      ['ben', 'short', 'USAGE'],
      ['ben', 'aaaaaaaaaaaaaaaa', 'USAGE'],
      ['benjamin the first', 'Benjamin the First', 'USAGE'],
    ] as const)
      await expect(take(name, password), name).rejects.toMatchObject({ code });
    expect(fixture.passwords.hashed).toBe(hashed);
    expect((await take('Çem O’Neil'.replace('’', "'"), passwordOf('x'))).kind).toBe('opened');
  });

  it('that does not exist costs no hash of a password', async () => {
    expect(await login({ invitation: 'abc', name: 'anna', password: passwordOf('anna') })).toEqual({
      kind: 'refused',
    });
    expect(fixture.passwords.hashed).toBe(0);
  });

  it('of an admin who was disabled or is none any more is refused', async () => {
    const { management } = fixture.accounts;
    await fixture.person('root', 'admin');
    for (const change of [{ isDisabled: true }, { role: 'lead' as const }]) {
      const name = `admin ${Object.keys(change)[0]}`;
      const id = await fixture.person(name, 'admin');
      const { secret } = await management.invite({ name, role: 'admin' }, 'admin');
      await management.change(root, id, change);
      expect(await login({ invitation: secret, name: 'x', password: passwordOf('x') })).toEqual({
        kind: 'refused',
      });
    }
  });
});

describe('a password', () => {
  it('lets in who has it; a wrong one, an unknown name and a disabled account are refused alike, with one verification each', async () => {
    await fixture.person('root', 'admin');
    const ben = await fixture.person('ben', 'viewer');
    await fixture.accounts.management.change(root, ben, { isDisabled: true });
    const token = (await fixture.accounts.firstAdminToken()) ?? '';
    expect(token).toBe('');
    const results = [];
    for (const [name, password] of [
      ['root', passwordOf('root')],
      ['root', passwordOf('ben')],
      ['nobody', passwordOf('nobody')],
      ['ben', passwordOf('ben')],
      ['token:1:x\u{0}', 'x'],
    ] as const) {
      fixture.passwords.verified = [];
      const { kind } = await login({ name, password });
      results.push([name, kind, fixture.passwords.verified.length]);
    }
    expect(results).toEqual([
      ['root', 'opened', 1],
      ['root', 'refused', 1],
      ['nobody', 'refused', 1],
      ['ben', 'refused', 1],
      ['token:1:x\u{0}', 'refused', 1],
    ]);
  });

  it('does not let in to an account without one', async () => {
    opened(await login({ token: (await fixture.accounts.firstAdminToken())! }));
    for (const password of ['', 'null', 'undefined'])
      expect(await login({ name: 'admin', password })).toEqual({ kind: 'refused' });
  });

  it('that was changed while it was verified lets nobody in', async () => {
    const anna = await fixture.person('anna', 'viewer');
    const verify = fixture.passwords.verify.bind(fixture.passwords);
    fixture.passwords.verify = async (password, stored) => {
      const result = await verify(password, stored);
      await fixture.store.transact((transaction) => transaction.changeAccount(anna, { password: 'other' }));
      return result;
    };
    expect(await login({ name: 'anna', password: passwordOf('anna') })).toEqual({ kind: 'refused' });
  });

  it('is changed by who knows it; other sessions of the account end and those of others do not', async () => {
    const accountId = await fixture.person('anna', 'viewer');
    await fixture.person('ben', 'viewer');
    const [own, other, bens] = [
      await fixture.login('anna'),
      await fixture.login('anna'),
      await fixture.login('ben'),
    ];
    const set = (current: string | undefined) =>
      fixture.accounts.management.setPassword(
        { accountId, sessionSecret: own.secret },
        { current, password: 'another good password' },
        'here',
      );
    expect(await set('wrong')).toBe(false);
    expect(await set(undefined)).toBe(false);
    expect(await set(passwordOf('anna'))).toBe(true);
    expect([await session(own.secret), await session(other.secret), await session(bens.secret)]).toEqual([
      expect.anything(),
      undefined,
      expect.anything(),
    ]);
    expect((await login({ name: 'anna', password: 'another good password' })).kind).toBe('opened');
  });
});

describe('a session', () => {
  it('ends twelve hours after it was last used', async () => {
    await fixture.person('anna', 'viewer');
    const { secret, expiresAt } = await fixture.login('anna');
    expect(expiresAt).toBe(fixture.clock.now() + (DAY / 2) * 1000);
    fixture.clock.seconds += DAY / 2 - 1;
    expect(await session(secret)).toMatchObject({ expiresAt: fixture.clock.now() + (DAY / 2) * 1000 });
    fixture.clock.seconds += DAY / 2 - 1;
    expect(await session(secret)).toBeDefined();
    fixture.clock.seconds += DAY / 2;
    expect(await session(secret)).toBeUndefined();
  });

  it('ends seven days after the login however much it is used', async () => {
    await fixture.person('anna', 'viewer');
    const { secret, endsAt } = await fixture.login('anna');
    expect(endsAt).toBe(fixture.clock.now() + 7 * DAY * 1000);
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      fixture.clock.seconds += DAY / 4;
      expect((await session(secret))!).toMatchObject({
        expiresAt: Math.min(endsAt, fixture.clock.now() + (DAY / 2) * 1000),
      });
    }
    fixture.clock.seconds += DAY / 4;
    expect(await session(secret)).toBeUndefined();
  });

  it('is read while it is good even where its use cannot be written down', async () => {
    await fixture.person('anna', 'viewer');
    const { secret } = await fixture.login('anna');
    fixture.clock.seconds += 600;
    fixture.store.sessionSeen = async () => {
      throw new Error('disk full');
    };
    expect(await session(secret)).toBeDefined();
  });

  it('ends by logging out, and a logout without a session changes nothing', async () => {
    await fixture.person('anna', 'viewer');
    const [one, other] = [await fixture.login('anna'), await fixture.login('anna')];
    const before = fixture.activity().length;
    await fixture.accounts.logins.logout(one.secret);
    await fixture.accounts.logins.logout(one.secret);
    await fixture.accounts.logins.logout('abc');
    expect([await session(one.secret), await session(other.secret)]).toEqual([undefined, expect.anything()]);
    expect(fixture.activity()).toHaveLength(before + 1);
  });

  it('that has ended is removed at the next login', async () => {
    const anna = await fixture.person('anna', 'viewer');
    await fixture.login('anna');
    fixture.clock.seconds += 7 * DAY;
    await fixture.login('anna');
    expect(await fixture.store.sessions(anna)).toHaveLength(1);
  });

  it('follows the role of its account at once', async () => {
    const anna = await fixture.person('anna', 'viewer');
    const { secret } = await fixture.login('anna');
    await fixture.accounts.management.change(root, anna, { role: 'lead' });
    expect((await session(secret))?.actor).toEqual({ name: 'anna', role: 'lead' });
  });
});
