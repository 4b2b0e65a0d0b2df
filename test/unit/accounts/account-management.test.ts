import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/decision.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { type AccessFixture, accessFixture, opened, root } from './access-fixture.ts';

let fixture: AccessFixture;
let management: AccessFixture['accounts']['management'];
const anna: Actor = { name: 'anna', role: 'admin' };
beforeEach(async () => {
  fixture = await accessFixture();
  management = fixture.accounts.management;
});
afterEach(() => fixture.close());

const token = (actor: Actor, name = 'importer') =>
  management.addToken(actor, { name, scopes: ['review', 'review', 'score'], days: null });
const byToken = (secret: string) => fixture.accounts.callers.byToken(secret);

describe('the last admin', () => {
  it('cannot be disabled or made anything else', async () => {
    const id = await fixture.person('anna', 'admin');
    await fixture.person('ben', 'lead');
    for (const change of [
      { isDisabled: true },
      { role: 'lead' as const },
      { role: 'viewer' as const, isDisabled: true },
    ])
      await expect(management.change(anna, id, change)).rejects.toMatchObject({ code: 'ACCOUNT_REFUSED' });
    expect((await management.accounts(anna))[0]).toMatchObject({ role: 'admin', disabled_at: null });
  });

  it('is not one who has no password, or is disabled', async () => {
    opened(
      await fixture.accounts.logins.login({ token: (await fixture.accounts.firstAdminToken())! }, 'here'),
    );
    const id = await fixture.person('anna', 'admin');
    const ben = await fixture.person('ben', 'admin');
    await management.change(anna, ben, { isDisabled: true });
    await expect(management.change(anna, id, { isDisabled: true })).rejects.toMatchObject({
      code: 'ACCOUNT_REFUSED',
    });
    await management.change(anna, ben, { isDisabled: false });
    await management.change(anna, id, { isDisabled: true });
  });
});

describe('a disabled account', () => {
  it('loses its sessions, tokens and invitations at once, and has none of them when it is enabled again', async () => {
    await fixture.person('root', 'admin');
    const id = await fixture.person('anna', 'admin');
    const session = await fixture.login('anna');
    const made = await token(anna);
    const invited = await management.invite(anna, 'admin');
    expect(await byToken(made.secret)).toBeDefined();
    await management.change(root, id, { isDisabled: true });
    await management.change(root, id, { isDisabled: false });
    expect([
      await fixture.accounts.callers.bySession(session.secret),
      await byToken(made.secret),
      (await management.invitations(root)).find((each) => each.id === invited.id),
    ]).toEqual([undefined, undefined, undefined]);
  });
});

describe('an API token', () => {
  it('acts by its own name, as a moderator where it may review', async () => {
    await fixture.person('anna', 'admin');
    const made = await token(anna);
    expect(await byToken(made.secret)).toEqual({
      ...{ kind: 'token', scopes: ['review', 'score'] },
      actor: { name: `token:${made.id}:importer`, role: 'moderator' },
    });
    const scoring = await management.addToken(anna, { name: 'site', scopes: ['score'], days: null });
    expect((await byToken(scoring.secret))?.actor.role).toBe('viewer');
  });

  it('ends after the days that were given, and when it is removed', async () => {
    await fixture.person('anna', 'admin');
    const { secret, id } = await management.addToken(anna, { name: 'site', scopes: ['score'], days: 2 });
    const other = await token(anna);
    fixture.clock.seconds += 2 * 86_400 - 1;
    expect(await byToken(secret)).toBeDefined();
    fixture.clock.seconds += 1;
    expect(await byToken(secret)).toBeUndefined();
    await management.removeToken(anna, other.id);
    expect(await byToken(other.secret)).toBeUndefined();
    await expect(management.removeToken(anna, other.id)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    expect((await management.tokens(anna)).map((each) => each.id)).toEqual([id]);
  });

  it('that was good is good for ten minutes while the store is unavailable, and one that nobody knows is not', async () => {
    await fixture.person('anna', 'admin');
    const [known, unknown, removed] = [await token(anna), await token(anna), await token(anna)];
    await byToken(known.secret);
    await byToken(removed.secret);
    await management.removeToken(anna, removed.id);
    await byToken(removed.secret);
    const away = new SluiceError('STORE_FAILED', 'away', { retriable: true });
    fixture.store.tokenBySecret = async () => {
      throw away;
    };
    fixture.clock.seconds += 599;
    expect(await byToken(known.secret)).toBeDefined();
    await expect(byToken(unknown.secret)).rejects.toBe(away);
    await expect(byToken(removed.secret)).rejects.toBe(away);
    fixture.clock.seconds += 1;
    await expect(byToken(known.secret)).rejects.toBe(away);
  });
});

describe('sessions', () => {
  it("are listed and ended: one's own by everybody, all by admins", async () => {
    const [annaId, benId] = [await fixture.person('anna', 'admin'), await fixture.person('ben', 'viewer')];
    const [a, b] = [await fixture.login('anna'), await fixture.login('ben')];
    const list = async (actor: Actor, account?: number) =>
      (await management.sessions(actor, account)).map((each) => each.account);
    expect(await list(b.actor)).toEqual(['ben']);
    expect(await list(b.actor, annaId)).toEqual(['ben']);
    expect(await list(a.actor)).toEqual(['anna', 'ben']);
    expect(await list(a.actor, benId)).toEqual(['ben']);
    const [annas, bens] = await management.sessions(a.actor, undefined);
    await expect(management.endSession(b.actor, annas!.id)).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
    await management.endSession(b.actor, bens!.id);
    expect(await list(a.actor)).toEqual(['anna']);
    await fixture.login('ben');
    await fixture.login('ben');
    expect(await management.endSessionsOf(a.actor, benId)).toBe(2);
    expect(await list(a.actor)).toEqual(['anna']);
  });
});

describe('rights', () => {
  it('all but admins are refused every change and every list of others', async () => {
    const id = await fixture.person('anna', 'admin');
    for (const role of ['viewer', 'moderator', 'lead'] as const) {
      const actor = { name: 'ben', role };
      const calls = [
        () => management.accounts(actor),
        () => management.add(actor, { name: 'x', role: 'viewer', password: 'correct horse battery' }),
        () => management.change(actor, id, { role: 'viewer' }),
        () => management.endSessionsOf(actor, id),
        () => management.tokens(actor),
        () => token(actor),
        () => management.removeToken(actor, 1),
        () => management.invitations(actor),
        () => management.invite(actor, 'viewer'),
        () => management.removeInvitation(actor, 1),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
    }
  });
});

describe('the activity log', () => {
  it('has one entry for each change, with who made it, and none for a change that changes nothing', async () => {
    const id = await fixture.person('anna', 'admin');
    await fixture.person('ben', 'admin');
    const { actor } = await fixture.login('anna');
    const made = await token(actor);
    const invited = await management.invite(actor, 'viewer');
    await management.change(actor, id, { role: 'admin', isDisabled: false });
    await management.removeToken(actor, made.id);
    await management.removeInvitation(actor, invited.id);
    await management.endSessionsOf(actor, id);
    await management.change(root, id, { isDisabled: true });
    expect(fixture.activity()).toEqual([
      'command line: account added',
      'command line: account added',
      'anna: login',
      'anna: token added',
      'anna: invitation added',
      'anna: token removed',
      'anna: invitation removed',
      'anna: sessions ended',
      'command line: account changed',
    ]);
  });
});
