import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import kafkajs from 'kafkajs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { mysqlAccountStore } from '../../src/adapters/mysql/mysql-account-store.ts';
import { scryptPasswords } from '../../src/adapters/scrypt/scrypt-passwords.ts';
import type { ClusterStatus } from '../../src/app/local-cluster/open-cluster.ts';
import { isMissing, type Known, type ReportFacts, type Series } from '../../src/core/report-facts.ts';
import type { DecisionAnswer, LeaseAnswer } from '../../src/http/console-schemas.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import { openChromium } from '../browser/chromium.ts';
import { cli } from '../line/daemon-process.ts';

const MESSAGES = 100_000;
const SENT_AT_ONCE = 1000;
const DECISIONS = 500;
const MODERATORS = 4;
const AUDIT_RATE = 0.01;
const UNDONE = 5;
/** Where to keep pictures of the page, to be looked at. */
const pictures = process.env.SLUICE_PICTURES;

let folder = '';
let status: ClusterStatus;
let browser: Browser;
const children = new Set<ChildProcess>();
/** By message id, as the generator of the messages states them. */
const truth = new Map<string, 'spam' | 'ham'>();

async function sluice(...args: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const parts: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => parts.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  children.delete(child);
  expect(code, err).toBe(0);
  return { out: Buffer.concat(parts).toString(), err };
}

const cluster = (command: string, ...args: readonly string[]) =>
  sluice('cluster', command, '--dir', join(folder, 'c'), ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-report-'));
  status = JSON.parse((await cluster('up', '--rate', '0', '--json')).out) as ClusterStatus;
  browser = await openChromium();
}, 900_000);

afterAll(async () => {
  await browser?.close();
  await cluster('down', '--wipe').catch(() => undefined);
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Draws more messages for the audit than by default, while the daemons run. */
async function raiseAuditRate(): Promise<void> {
  for (const { settings, ops } of status.places!.daemons) {
    const text = (await readFile(settings, 'utf8')).replace(/^#.*$/m, '');
    const changed = { ...(JSON.parse(text) as object), audit: { rate: AUDIT_RATE } };
    await writeFile(settings, JSON.stringify(changed));
    await expect
      .poll(async () => (await fetch(`${ops}/metrics`)).text(), { timeout: 60_000, interval: 500 })
      .toMatch(/sluice_config_reloads_total\{result="applied"\} [1-9]/);
  }
}

async function sendMessages(): Promise<void> {
  const { out } = await sluice('sample', '--count', String(MESSAGES), '--seed', '18');
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(MESSAGES);
  const { broker, topics } = status.places!.kafka;
  const kafka = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let from = 0; from < lines.length; from += SENT_AT_ONCE) {
    const messages = lines.slice(from, from + SENT_AT_ONCE).map((line, i) => {
      const { label, ...message } = JSON.parse(line) as { label: 'spam' | 'ham'; message_id: string };
      truth.set(message.message_id, label);
      return {
        value: JSON.stringify({ ...message, community: ['forum', 'market', 'club'][(from + i) % 3] }),
      };
    });
    await producer.send({ topic: topics.source, messages });
  }
  await producer.disconnect();
}

async function metric(expression: string): Promise<number> {
  const { url } = status.places!.prometheus;
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await answer.json()) as {
    readonly data: { readonly result: readonly { readonly value: [number, string] }[] };
  };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function tokens(): Promise<readonly string[]> {
  const accounts = new Accounts({
    store: mysqlAccountStore({
      ...{ ...status.places!.mysql, trainingTable: 'training', poolSize: 2, deadlineSeconds: 30 },
      tls: { mode: 'off' },
    }),
    ...{ clock: systemClock, passwords: scryptPasswords() },
  });
  const admin = { name: 'root', role: 'admin' } as const;
  await accounts.management.add(admin, { ...admin, password: 'a password that nobody guesses' });
  const made: string[] = [];
  for (let person = 0; person < MODERATORS; person++) {
    const given = { name: `moderator ${person}`, scopes: ['review' as const], days: 1 };
    made.push((await accounts.management.addToken(admin, given)).secret);
  }
  await accounts.close();
  return made;
}

async function post<T>(token: string, path: string, body: object): Promise<T> {
  const { api } = status.places!.daemons[0]!;
  const answer = await fetch(`${api.replace(/\/$/, '')}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status, `${path}: ${text}`).toBeLessThan(300);
  return JSON.parse(text) as T;
}

/** People decide what the generator states; one in thirty is unsure, and some take a decision back. */
async function decideRows(): Promise<void> {
  let decided = 0;
  const work = async (token: string, person: number) => {
    // Half of them look at the audit sample first.
    const order = person % 2 === 0 ? 'audit' : 'uncertainty';
    for (let undone = 0; decided < DECISIONS; ) {
      const lease = await post<LeaseAnswer>(token, '/review/leases', { count: 5, order });
      expect(lease.items.length).toBeGreaterThan(0);
      for (const { id, version, message_id } of lease.items) {
        const label = id % 30 === 0 ? 'unsure' : truth.get(message_id)!;
        const items = [{ review_id: id, version, lease: lease.id }];
        const decision = await post<DecisionAnswer>(token, '/decisions', { label, items });
        decided++;
        if (person > 0 || undone === UNDONE) continue;
        await post(token, `/decisions/${decision.id}/undo`, {});
        undone++;
        decided--;
      }
    }
  };
  await Promise.all((await tokens()).map(work));
}

const known = <T extends object>(figure: Known<T>): T => {
  if (isMissing(figure)) throw new Error(figure.missing);
  return figure;
};
const sum = (series: readonly Series[]) =>
  series.flatMap(({ points }) => points).reduce((total, { value }) => total + value, 0);

describe('sluice report --live on a cluster', () => {
  it('shows 100,000 scored messages and 500 decisions', async () => {
    await raiseAuditRate();
    await sendMessages();
    await expect
      .poll(() => metric('sum(sluice_messages_total)'), { timeout: 900_000, interval: 2000 })
      .toBeGreaterThanOrEqual(MESSAGES);
    await expect.poll(() => metric('sum(sluice_source_lag)'), { timeout: 300_000, interval: 2000 }).toBe(0);
    await decideRows();
    const [page, json] = [join(folder, 'report.html'), join(folder, 'report.json')];
    const { daemons, prometheus } = status.places!;
    await sluice(
      ...['report', '--live', '--config', daemons[0]!.settings, '--prometheus', prometheus.url],
      ...['--out', page, '--json', json],
    );
    const { live } = JSON.parse(await readFile(json, 'utf8')) as ReportFacts;
    // Prometheus extrapolates to its next look.
    expect(sum(known(live!.verdicts))).toBeGreaterThan(MESSAGES * 0.9);
    expect(sum(known(live!.verdicts))).toBeLessThan(MESSAGES * 1.5);
    expect(sum(known(live!.decisions))).toBeGreaterThanOrEqual(DECISIONS);
    expect(sum(known(live!.decisions))).toBeLessThan(DECISIONS + 5 * MODERATORS);
    known(live!.latency);
    known(live!.lag);
    const all = known(live!.audit).groups.find(({ by }) => by === 'all')!;
    expect(all.drawn).toBeGreaterThan(MESSAGES * AUDIT_RATE * 0.8);
    expect(all.drawn).toBeLessThan(MESSAGES * AUDIT_RATE * 1.2);
    expect(all.decided).toBeGreaterThan(DECISIONS / 4);
    console.log(JSON.stringify({ all, agreement: live!.agreement, verdicts: live!.verdicts }));
    await lookAt(page);
  });
});

async function lookAt(file: string): Promise<void> {
  for (const [name, width, colorScheme] of [
    ['desktop', 1280, 'light'],
    ['desktop-dark', 1280, 'dark'],
    ['phone', 390, 'light'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const problems: string[] = [];
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) problems.push(line.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`loads ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForLoadState('networkidle');
    expect(problems, name).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow, `${name}: the page is wider than the window`).toBeLessThanOrEqual(0);
    if (pictures !== undefined) {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `report-${name}.png`), fullPage: true });
    }
    await page.close();
  }
}
