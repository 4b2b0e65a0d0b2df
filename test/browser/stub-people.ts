import type { FastifyInstance } from 'fastify';
import type { ErasureReport } from '../../src/core/erasure.ts';
import type { Role } from '../../src/core/roles.ts';
import type { AccountAnswer } from '../../src/http/account-schemas.ts';
import type { ErasureAnswer } from '../../src/http/erasure-schemas.ts';
import { StubProblem } from './stub-desk.ts';

const DAY = 86_400_000;
const at = Date.UTC(2026, 10, 30, 9, 12);

/** Accounts, invitations, tokens and erasures in memory, for the pages of admins. */
export interface StubPeople {
  readonly accounts: AccountAnswer[];
  readonly invitations: { id: number; role: Role; ends_at: number }[];
  readonly tokens: { id: number; name: string; scopes: string[]; ends_at: number | null }[];
  /** Addresses that were deleted, the newest last. */
  readonly erased: string[];
  /** How often an erasure is asked about until it is done. */
  questions: number;
  /** Whether something remains of the next one. */
  remains: boolean;
  /** The button on the log-in page; none where it is undefined. */
  openid: string | undefined;
}

function account(id: number, name: string, role: Role, rest: Partial<AccountAnswer> = {}): AccountAnswer {
  return {
    ...{ id, name, role, has_password: true, openid: false, disabled_at: null },
    ...{ created_at: at - 40 * DAY, logged_in_at: at - id * 7_000_000 },
    ...rest,
  };
}

export function stubPeople(): StubPeople {
  return {
    accounts: [
      account(1, 'mo', 'admin'),
      account(2, 'Anna Weber', 'lead', { openid: true, has_password: false }),
      account(3, 'ben@example.org', 'moderator'),
      account(4, 'c\u202Eotto', 'viewer', { disabled_at: at - 3 * DAY, logged_in_at: null }),
    ],
    invitations: [{ id: 1, role: 'moderator', ends_at: at + 6 * DAY }],
    tokens: [{ id: 1, name: 'forum importer', scopes: ['score', 'report'], ends_at: at + 90 * DAY }],
    ...{ erased: [], questions: 1, remains: false, openid: undefined },
  };
}

export function peopleRoutes(app: FastifyInstance, people: StubPeople): void {
  const created = { created_by: 'mo', created_at: at };
  app.get('/api/v1/session/methods', async () => ({
    openid: people.openid === undefined ? null : { label: people.openid },
  }));
  app.get('/api/v1/session/openid', async (_request, reply) => reply.redirect('/?login=unavailable', 303));
  app.get('/api/v1/accounts', async () => ({ accounts: people.accounts }));
  app.get('/api/v1/sessions', async () => ({
    sessions: [1, 1, 2].map((id, index) => ({
      ...{ id: index + 1, account: people.accounts[id - 1]!.name, current: index === 0 },
      ...{ created_at: at, seen_at: at, ends_at: at + 7 * DAY },
    })),
  }));
  app.patch('/api/v1/accounts/:id', async ({ params, body }, reply) => {
    const { role, disabled } = body as { role?: Role; disabled?: boolean };
    const index = people.accounts.findIndex(({ id }) => String(id) === (params as { id: string }).id);
    const found = people.accounts[index]!;
    if (found.name === 'mo') throw new StubProblem(409, 'account-refused');
    people.accounts[index] = {
      ...found,
      ...(role === undefined ? {} : { role }),
      ...(disabled === undefined ? {} : { disabled_at: disabled ? at : null }),
    };
    return reply.code(204).send();
  });
  app.delete('/api/v1/accounts/:id/sessions', async () => ({ ended: 1 }));
  app.get('/api/v1/invitations', async () => ({
    invitations: people.invitations.map((each) => ({ ...each, ...created, kind: 'invitation' })),
  }));
  app.post('/api/v1/invitations', async ({ body }, reply) => {
    const made = { id: 2, role: (body as { role: Role }).role, ends_at: at + 7 * DAY };
    people.invitations.push(made);
    return reply.code(201).send({ ...made, invitation: 'secret', path: '/?invitation=a-secret-of-the-stub' });
  });
  app.delete('/api/v1/invitations/:id', async (_request, reply) => {
    people.invitations.pop();
    return reply.code(204).send();
  });
  app.get('/api/v1/tokens', async () => ({ tokens: people.tokens.map((each) => ({ ...each, ...created })) }));
  app.post('/api/v1/tokens', async ({ body }, reply) => {
    const { name, scopes } = body as { name: string; scopes: string[] };
    people.tokens.push({ id: 2, name, scopes, ends_at: null });
    return reply.code(201).send({ id: 2, token: 'sluice_a-token-of-the-stub', ends_at: null });
  });
  app.delete('/api/v1/tokens/:id', async (_request, reply) => {
    people.tokens.pop();
    return reply.code(204).send();
  });
  erasureRoutes(app, people);
}

function erasureRoutes(app: FastifyInstance, people: StubPeople): void {
  let job: ErasureAnswer | undefined;
  let left = 0;
  app.delete('/api/v1/subjects/:kind/:id', async ({ url }, reply) => {
    people.erased.push(url);
    left = people.questions;
    job = {
      ...{ id: `job-${people.erased.length}`, dry_run: url.includes('dry_run=true'), who: 'mo' },
      ...{ state: 'running', started_at: Date.now(), ended_at: null, report: null, problem: null },
    };
    return reply.code(202).send(job);
  });
  app.get('/api/v1/erasures', async () => ({ erasures: job === undefined ? [] : [job] }));
  app.get('/api/v1/erasures/:id', async () => {
    left--;
    if (job !== undefined && left <= 0)
      job = { ...job, state: 'done', ended_at: Date.now(), report: reportOf(job.dry_run, people.remains) };
    return job;
  });
}

function reportOf(dry_run: boolean, remains: boolean): ErasureReport {
  const store = (name: string, location: string, removed: number, bytes: number, found = 0) => ({
    ...{ store: name, location, removed, found: dry_run ? 0 : found, bytes: dry_run ? 0 : bytes },
  });
  return {
    ...{ subject_sha256: 'ab'.repeat(32), dry_run, complete: dry_run || !remains, texts: 14, too_short: 2 },
    stores: [
      store('database', '/var/lib/sluice/sluice.db', 17, 48_234_496),
      store('dead letters', '/var/lib/sluice/dead-letters.jsonl', 1, 91_220),
      {
        ...store('review spool', '/var/lib/sluice/review-spool', 0, 16_384, remains ? 1 : 0),
        ...(remains
          ? { note: 'the daemon has these files open; stop it and run this again' }
          : { note: 'nothing of it was here' }),
      },
      store('inbox', '/var/lib/sluice/inbox', 3, 2_118_004),
    ],
    unreachable: [
      { what: 'topic messages', retention: 'until the retention of the topic ends (retention.ms, 7 days)' },
      {
        what: 'backups and snapshots',
        retention: 'as your backups are configured; erase again after restoring one',
      },
      { what: 'trained models', retention: 'a model holds weights of words, not messages' },
    ],
  };
}
