import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { openLibsqlAccountStore } from '../../src/adapters/libsql/libsql-account-store.ts';
import { openLibsqlReviewStore } from '../../src/adapters/libsql/libsql-review-store.ts';
import { mysqlAccountStore } from '../../src/adapters/mysql/mysql-account-store.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { scryptPasswords } from '../../src/adapters/scrypt/scrypt-passwords.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import type { LeaseAnswer } from '../../src/http/console-schemas.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { AccountStore } from '../../src/ports/account-store.ts';
import { LEASE_SECONDS } from '../../src/ports/decision-store.ts';
import type { ReviewStore } from '../../src/ports/review-store.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { startTestServer, type TestServer } from '../databases/sql-servers.ts';
import { cli } from '../line/daemon-process.ts';
import { freshName, KafkaTopics } from '../services/kafka-topics.ts';
import { RecordedTelemetry } from '../services/recorded.ts';
import { numbered } from '../services/review-items.ts';

const MESSAGES = 400;
const MODERATORS = 8;
const AT_ONCE = 3;
/** The lease itself, and until somebody asks again. */
const BLOCKED_SECONDS = LEASE_SECONDS + 3;

/** One database, with the settings that lead there. */
interface Desk {
  readonly settings: object;
  /** Of the console: so many processes share the database. */
  readonly processes: number;
  reviews(): Promise<ReviewStore>;
  accounts(): Promise<AccountStore>;
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
  dispose(): Promise<void>;
}

let topics: KafkaTopics;
let server: TestServer;
beforeAll(async () => {
  topics = await KafkaTopics.open(inject('broker'));
  server = await startTestServer('MySQL 8.0');
});
afterAll(async () => {
  await server?.dispose();
  await topics?.close();
});

async function onMysql(): Promise<Desk> {
  const options = await server.freshDatabase();
  const { host, port, user, password, database } = options;
  return {
    settings: { kind: 'mysql', mysql: { host, port, user, password, database } },
    processes: 2,
    reviews: () => MysqlReviewStore.open({ options, telemetry: new RecordedTelemetry(), log: quietLog }),
    accounts: async () => mysqlAccountStore(options),
    rows: (statement) => server.ask(options, statement),
    dispose: async () => {
      await server.ask(server.server.access, `drop database ${database}`);
    },
  };
}

async function onLibsql(): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-desk-'));
  const path = join(folder, 'sluice.db');
  return {
    settings: { kind: 'libsql', libsql: { path } },
    processes: 1,
    reviews: () => openLibsqlReviewStore(path),
    accounts: () => openLibsqlAccountStore(path),
    rows: async (statement) => {
      const client = new Database(path);
      const rows = client.prepare(statement).all() as Record<string, unknown>[];
      client.close();
      return rows;
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `sluice console` in a process of its own; verdicts go to the topic. */
async function startConsole(desk: Desk, topic: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-console-'));
  mkdirSync(join(folder, 'data'));
  const settings = {
    store: desk.settings,
    kafka: { brokers: [inject('broker')] },
    verdicts: { kind: 'kafka', topic },
    http: { api: { rateLimitPerMinute: 1_000_000 }, ops: { enabled: false } },
    console: { port: 0 },
    // A second answer has neither a training row nor a verdict.
    review: { secondOpinionShare: 0 },
  };
  writeFileSync(join(folder, 'settings.yaml'), JSON.stringify(settings));
  const child = spawn(process.execPath, [cli, 'console', '--config', join(folder, 'settings.yaml')], {
    cwd: folder,
  });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /Console: (http:\/\/[^/\s]+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`the console ended early: ${said}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, stop };
}

/** One API token for each moderator, which acts as a person of its own. */
async function tokensOn(desk: Desk): Promise<readonly string[]> {
  const accounts = new Accounts({
    ...{ store: await desk.accounts(), clock: systemClock },
    passwords: scryptPasswords(),
  });
  const admin = { name: 'root', role: 'admin' } as const;
  await accounts.management.add(admin, { ...admin, password: 'a password that nobody guesses' });
  const tokens: string[] = [];
  for (let i = 0; i < MODERATORS; i++) {
    const given = { name: `moderator ${i}`, scopes: ['review' as const], days: 1 };
    tokens.push((await accounts.management.addToken(admin, given)).secret);
  }
  await accounts.close();
  return tokens;
}

async function ask<T>(address: string, token: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  expect(answer.status, `${path}: ${await answer.clone().text()}`).toBe(200);
  return (await answer.json()) as T;
}

describe.each([
  ['MySQL', onMysql],
  ['libsql', onLibsql],
])('eight moderators at once on %s', (_, openDesk) => {
  it('decide each message once, also those that a moderator had who vanished', async () => {
    const desk = await openDesk();
    const topic = await topics.make(freshName('verdicts'), 3);
    const reviews = await desk.reviews();
    await reviews.add(numbered(0, MESSAGES));
    await reviews.close();
    const tokens = await tokensOn(desk);
    const consoles: Awaited<ReturnType<typeof startConsole>>[] = [];
    for (let i = 0; i < desk.processes; i++) consoles.push(await startConsole(desk, topic));
    const addressOf = (person: number) => consoles[person % consoles.length]!.address;
    const decided: number[] = [];
    const lease = (person: number, count: number) =>
      ask<LeaseAnswer>(addressOf(person), tokens[person]!, '/review/leases', { count });
    const vanished = (await lease(0, 5)).items.map(({ id }) => id);
    const since = performance.now();
    let waited = 0;
    const work = async (person: number) => {
      while (decided.length < MESSAGES) {
        const { id, items } = await lease(person, AT_ONCE);
        if (items.some((item) => vanished.includes(item.id)))
          waited = Math.max(waited, (performance.now() - since) / 1000);
        for (const item of items) {
          await ask(addressOf(person), tokens[person]!, '/decisions', {
            label: item.id % 3 === 0 ? 'ham' : 'spam',
            items: [{ review_id: item.id, version: item.version, lease: id }],
          });
          decided.push(item.id);
        }
        if (items.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    await Promise.all(Array.from({ length: MODERATORS - 1 }, (_none, i) => work(i + 1)));
    expect(waited).toBeGreaterThan(LEASE_SECONDS - 5);
    expect(waited).toBeLessThan(BLOCKED_SECONDS);
    expect(new Set(decided).size).toBe(MESSAGES);
    expect(decided).toHaveLength(MESSAGES);

    const deadline = performance.now() + 30_000;
    while ((await topics.end(topic)) < MESSAGES && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
    for (const { stop } of consoles) await stop();
    const verdicts = (await topics.read(topic)).map(({ value }) => JSON.parse(value!.toString()) as Verdict);
    expect(verdicts).toHaveLength(MESSAGES);
    expect(new Set(verdicts.map(({ message_id }) => message_id)).size).toBe(MESSAGES);
    expect(verdicts.every(({ decided_by }) => decided_by === 'human')).toBe(true);
    const counted = async (statement: string) => Number((await desk.rows(statement))[0]!.n);
    expect(await counted('select count(*) as n from decision')).toBe(MESSAGES);
    expect(await counted('select count(distinct review_id) as n from decision_item')).toBe(MESSAGES);
    expect(await counted('select count(*) as n from training')).toBe(MESSAGES);
    expect(await counted('select count(distinct review_id) as n from training')).toBe(MESSAGES);
    expect(await counted("select count(*) as n from activity where what = 'decision'")).toBe(MESSAGES);
    expect(await counted("select count(*) as n from review where state = 'labelled'")).toBe(MESSAGES);
    await desk.dispose();
  });
});
