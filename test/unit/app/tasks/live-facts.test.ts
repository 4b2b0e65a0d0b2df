import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlStores } from '../../../../src/adapters/libsql/open-libsql-stores.ts';
import { liveFacts, spansOf } from '../../../../src/app/tasks/live-facts.ts';
import { isMissing, type LiveReport } from '../../../../src/core/report-facts.ts';
import { ReviewDesk } from '../../../../src/review/review-desk.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';
import { anna, ben, reviewItem } from '../../../contract/suites/decision-fixture.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../../../contract/temporary-folder.ts';

const DAY = 86_400_000;
const MIDNIGHT = 20_000 * DAY;
const NOW = MIDNIGHT + 3 * DAY;

let folder: TemporaryFolder;
let settings: Settings;
let server: Server | undefined;

const settingsOf = async (...assignments: readonly string[]) =>
  (
    await loadSettings({
      environment: {},
      assignments: ['store.libsql.path=data/sluice.db', ...assignments],
      baseFolders: { workingDirectory: folder.path, packageRoot: folder.path },
    })
  ).settings;

beforeEach(async () => {
  folder = await temporaryFolder();
  settings = await settingsOf();
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await folder.dispose();
});

const facts = (rest: Partial<Parameters<typeof liveFacts>[2]> = {}, given: Settings = settings) =>
  liveFacts(given, quietLog, { from: MIDNIGHT, to: NOW, ...rest }, () => NOW);

const reason = (figure: LiveReport[keyof LiveReport]): string => {
  expect(figure).toHaveProperty('missing');
  return (figure as { missing: string }).missing;
};

/** Rows that were decided on the first day, and `pairs` of them by two people, who agree on all but one. */
async function decided(pairs: number): Promise<void> {
  let now = MIDNIGHT + 1000;
  const stores = await openLibsqlStores(settings.store.libsql.path, () => now);
  await stores.reviews.add(Array.from({ length: pairs + 1 }, (_, row) => reviewItem(`row ${row}`)));
  const desk = new ReviewDesk(stores.decisions, { secondOpinionShare: 1 });
  const { items } = await stores.decisions.list({ state: 'open', order: 'age', limit: 1000 });
  const ids = items.map(({ id }) => id);
  for (const review_id of ids.slice(0, pairs))
    await desk.decide(anna, { label: 'spam', items: [{ review_id }] });
  now += DAY;
  for (let answered = 0; answered < pairs; ) {
    const lease = await desk.lease(ben, { count: 50, order: 'age' });
    const second = lease.items.filter(({ id }) => ids.indexOf(id) < pairs);
    for (const { id } of second)
      await desk.decide(ben, { label: id === ids[0] ? 'ham' : 'spam', items: [{ review_id: id }] });
    answered += second.length;
  }
  await Promise.all(Object.values(stores).map((store) => store.close()));
}

/** A Prometheus that has the same for every query, or answers with a status. */
async function prometheus(status = 200): Promise<string> {
  const result = [
    { metric: { verdict: 'ham', topic: 'chat', signal: 'scores' }, values: [[NOW / 1000, '3']] },
  ];
  server = createServer((_, response) =>
    response
      .writeHead(status)
      .end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })),
  );
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('live facts from the database', () => {
  it('count what people decided, by day and answer, and days without a decision as 0', async () => {
    await decided(3);
    const at = (day: number) => MIDNIGHT + day * DAY;
    const points = (...values: readonly number[]) => values.map((value, day) => ({ at: at(day), value }));
    expect((await facts()).decisions).toEqual([
      { name: 'spam', points: points(3, 2, 0) },
      { name: 'ham', points: points(0, 1, 0) },
      { name: 'unsure', points: points(0, 0, 0) },
    ]);
    // The whole first day, although the time begins at noon.
    const noon = await facts({ from: MIDNIGHT + DAY / 2, to: MIDNIGHT + DAY });
    expect(noon.decisions).toContainEqual({ name: 'spam', points: points(3) });
  });

  it('state the share of second answers that agree with its interval, and nothing of too few', async () => {
    await decided(25);
    const { agreement } = await facts();
    if (isMissing(agreement)) throw new Error(agreement.missing);
    expect(agreement.pairs).toBe(25);
    expect(agreement.share.estimate).toBeCloseTo(24 / 25, 12);
    // Wilson's interval of 24 of 25.
    expect(agreement.share.low).toBeCloseTo(0.8046, 4);
    expect(agreement.share.high).toBeCloseTo(0.9929, 4);
    expect(reason((await facts({ to: MIDNIGHT + DAY })).agreement)).toContain(
      '0 messages were answered by two',
    );
  });

  it('have the rates of the audit sample in the same time', async () => {
    const drawn = { inclusionProbability: 0.5, verdict: 'ham', language: 'en' } as const;
    for (const day of [0, 1]) {
      const stores = await openLibsqlStores(settings.store.libsql.path, () => MIDNIGHT + day * DAY);
      await stores.reviews.add([reviewItem(`drawn ${day}`, { origin: 'audit', audit: drawn })]);
      await Promise.all(Object.values(stores).map((store) => store.close()));
    }
    const { audit } = await facts({ from: MIDNIGHT + 1 });
    if (isMissing(audit)) throw new Error(audit.missing);
    expect(audit).toMatchObject({ from: MIDNIGHT + 1, to: NOW });
    expect(audit.groups.find(({ by }) => by === 'all')).toMatchObject({ drawn: 1, decided: 0 });
  });

  it('say that nobody decided, and how people do', async () => {
    await decided(1);
    const { decisions } = await facts({ from: MIDNIGHT + 2 * DAY });
    expect(reason(decisions)).toContain('sluice console');
  });

  it('are missing where there is no database, and none is made', async () => {
    const { decisions, agreement, audit } = await facts();
    for (const figure of [decisions, agreement, audit])
      expect(reason(figure)).toMatch(/there is no database .*sluice\.db; give the settings of the daemon/);
    expect(existsSync(settings.store.libsql.path)).toBe(false);
  });

  it('are missing where the database is damaged, or its server does not answer, and all else is there', async () => {
    await mkdir(dirname(settings.store.libsql.path), { recursive: true });
    await writeFile(settings.store.libsql.path, 'no database'.repeat(1000));
    expect(reason((await facts()).decisions)).toContain('cannot be opened');
    const away = await settingsOf(
      ...['store.kind=mysql', 'store.mysql.host=127.0.0.1', 'store.mysql.port=1', 'store.mysql.user=a'],
      ...['store.mysql.database=b'],
    );
    const report = await facts({ prometheus: await prometheus() }, away);
    expect(reason(report.decisions)).toMatch(/mysql|127\.0\.0\.1/i);
    expect(report.drift).toEqual([{ name: 'scores', points: [{ at: NOW, value: 3 }] }]);
  });
});

describe('live facts from Prometheus', () => {
  it('say what only Prometheus knows, where none is given', async () => {
    const { verdicts, latency, lag, drift } = await facts();
    for (const figure of [verdicts, latency, lag, drift])
      expect(reason(figure)).toContain('Give the address of the one that scrapes the daemons');
    expect(reason(verdicts)).toContain('the database has no ham');
  });

  it('have its series, and lag where the source counts messages', async () => {
    const url = await prometheus();
    const point = [{ at: NOW, value: 3 }];
    const report = await facts({ prometheus: url });
    expect(report.verdicts).toContainEqual({ name: 'ham', points: [{ at: NOW - DAY, value: 3 }] });
    expect(report.latency).toContainEqual({ name: 'p99', points: point });
    expect(reason(report.lag)).toContain('in bytes');
    const kafka = await settingsOf('source.kind=kafka', 'kafka.brokers=localhost:1');
    expect((await facts({ prometheus: url }, kafka)).lag).toEqual([{ name: 'chat', points: point }]);
  });

  it('are missing with the reason where it is unavailable, and what people decided is there', async () => {
    await decided(1);
    const report = await facts({ prometheus: await prometheus(503) });
    expect(reason(report.verdicts)).toContain('HTTP 503');
    expect(isMissing(report.decisions)).toBe(false);
  });
});

describe('the time of live facts', () => {
  it.each([
    ['ends before it begins', { from: NOW, to: MIDNIGHT }, 'not later'],
    ['has no length', { from: NOW, to: NOW }, 'not later'],
    ['ends in the future', { to: NOW + DAY }, 'in the future'],
    ['is none', { from: Number.NaN }, 'no time'],
  ])('is refused if it %s', async (_, range, text) => {
    await expect(facts(range)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(text),
    });
  });

  it('refuses an address of Prometheus that is none', async () => {
    await expect(facts({ prometheus: 'localhost' })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is covered by whole days without a gap, at most 200 points of them, however long it is', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 3e12 }), fc.integer({ min: 1, max: 2e12 }));
    fc.assert(
      fc.property(range, ([from, length]) => {
        const { first, days, spans } = spansOf({ from, to: from + length });
        expect(first % DAY).toBe(0);
        expect(first).toBeLessThanOrEqual(from);
        expect(from - first).toBeLessThan(DAY);
        expect(first + spans * days * DAY).toBeGreaterThanOrEqual(from + length);
        expect(first + (spans - 1) * days * DAY).toBeLessThan(from + length);
        expect(spans).toBeLessThanOrEqual(200);
      }),
    );
  });
});
