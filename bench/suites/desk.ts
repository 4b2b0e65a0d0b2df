import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Accounts } from '../../src/accounts/accounts.ts';
import { openLibsqlAccountStore } from '../../src/adapters/libsql/libsql-account-store.ts';
import { closeLibsql, openLibsql } from '../../src/adapters/libsql/open-libsql.ts';
import { mysqlAccountStore } from '../../src/adapters/mysql/mysql-account-store.ts';
import type { MysqlOptions } from '../../src/adapters/mysql/mysql-options.ts';
import { migrateMysql, openMysql } from '../../src/adapters/mysql/open-mysql.ts';
import { scryptPasswords } from '../../src/adapters/scrypt/scrypt-passwords.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { DecisionAnswer, LeaseAnswer } from '../../src/http/console-schemas.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { AccountStore } from '../../src/ports/account-store.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import { fillDesk } from '../harness/desk-rows.ts';
import { LatencyHistogram } from '../harness/latency-histogram.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count } from '../report/statistics.ts';

const GOAL_MS = 50;
const MODERATORS = 50;
const OPEN_ROWS = 100_000;
const DECIDED_ROWS = 1_000_000;
const WARM_UP_SECONDS = 5;
const SECONDS = 60;
/** What a moderator takes for one message, at random between these. */
const THINKING_SECONDS = [0.5, 1.5] as const;
const READY_SECONDS = 60;
const texts = [
  'You have won a prize, call this number to claim it before tonight',
  'Hallo, bist du morgen auch beim Training dabei? Ich bringe die Bälle mit',
  'Earn money from home, no experience needed, write me for details',
  'Wer hat noch eine Karte für das Konzert am Samstag abzugeben?',
];

/** What people wait for, in milliseconds. */
class Waits {
  readonly next = new LatencyHistogram();
  readonly decision = new LatencyHistogram();
  readonly reasons = new LatencyHistogram();
  readonly search = new LatencyHistogram();
}

/**
 * How long moderators wait at the API: 50 people at once, each of whom leases the next message, thinks and decides, on a queue as months of
 * work leave it. The console is a process of its own, `sluice console`.
 */
export async function deskBench(options: BenchOptions): Promise<BenchReport> {
  const { say, messages: open = OPEN_ROWS } = options;
  const decided = (open / OPEN_ROWS) * DECIDED_ROWS;
  const stores = [
    { name: 'libsql', measure: () => onLibsql({ open, decided }, options) },
    { name: 'MySQL 8.0', measure: () => onMysql({ open, decided }, options) },
  ];
  const rows: { readonly name: string; readonly waits: Waits }[] = [];
  for (const { name, measure } of stores) {
    say(`${name}: ${count(open)} open rows, ${count(decided)} decided\n`);
    const waits = await measure();
    say(
      `${name}: next ${waits.next.at(0.95).toFixed(1)} ms, decision ${waits.decision.at(0.95).toFixed(1)} ms\n`,
    );
    rows.push({ name, waits });
  }
  const worst = Math.max(...rows.flatMap(({ waits }) => [waits.next.at(0.95), waits.decision.at(0.95)]));
  const milliseconds = (value: number) => value.toFixed(1);
  return {
    name: 'desk',
    configuration: {
      queue: `${count(open)} open rows, ${count(decided)} decided ones with decision, training row, verdict and activity entry`,
      people: `${MODERATORS} at once for ${SECONDS} s, each leases one message, reads its reasons, thinks ${THINKING_SECONDS.join(' to ')} s and decides; one in ten searches first`,
      server: '`sluice console`, a process of its own; database and clients on the same machine',
    },
    tables: [
      {
        title: 'Wait at the API, ms',
        columns: [
          'store',
          'next p50',
          'p95',
          'p99',
          'decision p50',
          'p95',
          'p99',
          'reasons p95',
          'search p95',
          'decisions',
        ],
        rows: rows.map(({ name, waits: { next, decision, reasons, search } }) => [
          name,
          ...[next, decision].flatMap((each) =>
            [0.5, 0.95, 0.99].map((share) => milliseconds(each.at(share))),
          ),
          milliseconds(reasons.at(0.95)),
          milliseconds(search.at(0.95)),
          count(decision.count),
        ]),
      },
    ],
    goals: [
      {
        goal: `next message and decision at the API: p95 ≤ ${GOAL_MS} ms on both`,
        measured: `${milliseconds(worst)} ms`,
        met: worst <= GOAL_MS,
      },
    ],
    verdictsChanged: false,
    figures: rows,
  };
}

interface Size {
  readonly open: number;
  readonly decided: number;
}

function onLibsql(size: Size, options: BenchOptions): Promise<Waits> {
  const settings = { store: { kind: 'libsql', libsql: { path: 'sluice.db' } } };
  return withFolder(settingsOf(settings, options), async (folder) => {
    const path = join(folder, 'sluice.db');
    const opened = await openLibsql(path);
    await fillDesk(opened.database, size, texts, options.say);
    await closeLibsql(opened);
    return measureIn(folder, await openLibsqlAccountStore(path), options);
  });
}

async function onMysql(size: Size, options: BenchOptions): Promise<Waits> {
  return withFolder({}, async (outer) => {
    const server = await startMysqlServer({
      folder: join(outer, 'mysql'),
      arguments: ['--innodb-buffer-pool-size=1G', '--innodb-redo-log-capacity=512M'],
    });
    try {
      const { access } = server;
      const mysql: MysqlOptions = {
        ...{ ...access, trainingTable: 'training', poolSize: 8, deadlineSeconds: 30 },
        tls: { mode: 'off' },
      };
      const database = openMysql({ ...mysql, deadlineSeconds: 600 });
      await migrateMysql(database, mysql);
      await fillDesk(database, size, texts, options.say);
      await database.destroy();
      const { host, port, user, password } = access;
      const store = { kind: 'mysql', mysql: { host, port, user, password, database: access.database } };
      return await withFolder(settingsOf({ store }, options), (folder) =>
        measureIn(folder, mysqlAccountStore(mysql), options),
      );
    } finally {
      await server.stop();
    }
  });
}

function settingsOf(
  settings: Readonly<Record<string, unknown>>,
  { models }: BenchOptions,
): Readonly<Record<string, unknown>> {
  return {
    ...settings,
    model: { localPath: models },
    http: { api: { enabled: true, port: 0, rateLimitPerMinute: 1_000_000 }, ops: { enabled: false } },
    console: { port: 0 },
    verdicts: { kind: 'file' },
  };
}

async function measureIn(folder: string, accounts: AccountStore, { say }: BenchOptions): Promise<Waits> {
  const tokens = await tokensOf(accounts);
  await mkdir(join(folder, 'data'), { recursive: true });
  const server = Daemon.console(folder);
  try {
    await server.until(() => server.api !== undefined, READY_SECONDS);
    const waits = new Waits();
    const end = performance.now() + (WARM_UP_SECONDS + SECONDS) * 1000;
    const begin = performance.now() + WARM_UP_SECONDS * 1000;
    const failures = (
      await Promise.allSettled(
        tokens.map((token, person) => moderate(server.api!, token, { begin, end, waits, person })),
      )
    ).filter((result) => result.status === 'rejected');
    if (failures.length > 0) throw failures[0]!.reason;
    say(`  ${count(waits.decision.count)} decisions\n`);
    await server.stop();
    return waits;
  } catch (error) {
    await server.stop().catch(() => undefined);
    throw error;
  }
}

/** One token for each moderator. */
async function tokensOf(store: AccountStore): Promise<readonly string[]> {
  const accounts = new Accounts({ store, passwords: scryptPasswords(), clock: systemClock });
  try {
    const admin = { name: 'bench', role: 'admin' } as const;
    await accounts.management.add(admin, { ...admin, password: 'a password for a bench alone' });
    const tokens: string[] = [];
    for (let person = 0; person < MODERATORS; person++) {
      const given = { name: `moderator-${person}`, scopes: ['review' as const], days: 1 };
      tokens.push((await accounts.management.addToken(admin, given)).secret);
    }
    return tokens;
  } finally {
    await accounts.close();
  }
}

interface Shift {
  /** Of the measured part, in milliseconds of `performance.now()`. */
  readonly begin: number;
  readonly end: number;
  readonly waits: Waits;
  readonly person: number;
}

/** One moderator's work. Throws for any answer that is not the expected one. */
async function moderate(api: string, token: string, { begin, end, waits, person }: Shift): Promise<void> {
  const random = new SeededRandom(person);
  const [least, most] = THINKING_SECONDS;
  const think = () => pause((least + (most - least) * random.next()) * 1000);
  const ask = async <T>(
    histogram: LatencyHistogram,
    method: string,
    path: string,
    body?: object,
  ): Promise<T> => {
    const start = performance.now();
    const answer = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(path.endsWith('/decisions') ? { 'idempotency-key': crypto.randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} gave ${answer.status}: ${text.slice(0, 300)}`);
    if (start >= begin) histogram.add(performance.now() - start);
    return JSON.parse(text) as T;
  };
  await pause(most * 1000 * random.next());
  while (performance.now() < end) {
    if (random.next() < 0.1) await ask(waits.search, 'GET', '/api/v1/review?q=prize+tonight&limit=20');
    const lease = await ask<LeaseAnswer>(waits.next, 'POST', '/api/v1/review/leases', { count: 1 });
    const [item] = lease.items;
    if (item === undefined) throw new Error('no message is left');
    await ask(waits.reasons, 'GET', `/api/v1/review/${item.id}/explanation`);
    await think();
    await ask<DecisionAnswer>(waits.decision, 'POST', '/api/v1/decisions', {
      label: random.next() < 0.7 ? 'spam' : 'ham',
      items: [{ review_id: item.id, version: item.version, lease: lease.id }],
    });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
