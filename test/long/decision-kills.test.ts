import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Verdict, verdictSchema } from '../../src/core/verdict.ts';
import type { LeaseAnswer } from '../../src/http/console-schemas.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { DaemonProcess, endAllDaemons, layFolder, linesOf } from '../line/daemon-process.ts';

const MESSAGES = 1500;
const KILLS = 10;
const PEOPLE = 4;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-decision-kills-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const started = () =>
  DaemonProcess.start(folder, '--set', 'http.api.enabled=true', '--set', 'http.api.port=0');
const apiOf = (daemon: DaemonProcess) =>
  /"api":"(http:[^"]+?)\/?"/.exec(daemon.log)?.[1] ?? new URL(/Console: (\S+)/.exec(daemon.log)![1]!).origin;

const ofPeople = (): readonly Verdict[] =>
  linesOf(join(folder, 'data', 'verdicts.jsonl'))
    .map((line) => verdictSchema.parse(JSON.parse(line)))
    .filter(({ decided_by }) => decided_by === 'human');

/** A decision that was sent, until it is answered: a repeat has the same key. */
interface Sent {
  readonly key: string;
  readonly body: string;
  readonly row: number;
}

/** A token that outlives the daemon; made by the first admin. */
async function tokenFrom(daemon: DaemonProcess): Promise<string> {
  await daemon.until(() => daemon.log.includes('Console: '));
  const address = new URL(/Console: (\S+)/.exec(daemon.log)![1]!);
  const post = (path: string, body: object, headers = {}) =>
    fetch(`${address.origin}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const session = await post('/session', { token: address.searchParams.get('token') });
  const cookie = session.headers.get('set-cookie')!.split(';')[0]!;
  const { csrf } = (await session.json()) as { readonly csrf: string };
  const made = await post('/tokens', { name: 'kills', scopes: ['review'] }, { cookie, 'x-csrf-token': csrf });
  expect(made.status).toBeLessThan(300);
  return ((await made.json()) as { readonly token: string }).token;
}

/** Each decided row once in every table, and one verdict for it. */
function checkStored(decided: ReadonlySet<number>): void {
  const verdicts = new Map(
    ofPeople().map((verdict) => [`${verdict.message_id} ${verdict.scored_at}`, verdict]),
  );
  expect(verdicts.size).toBe(decided.size);
  const database = new Database(join(folder, 'data', 'sluice.db'), { readonly: true });
  const numbers = (statement: string) =>
    (database.prepare(statement).all() as readonly { readonly n: number }[])
      .map(({ n }) => Number(n))
      .sort((a, b) => a - b);
  const rows = [...decided].sort((a, b) => a - b);
  expect(numbers('select review_id as n from decision_item')).toEqual(rows);
  expect(numbers('select review_id as n from training')).toEqual(rows);
  expect(numbers("select id as n from review where state = 'labelled'")).toEqual(rows);
  expect(numbers("select count(*) as n from activity where what = 'decision'")).toEqual([rows.length]);
  expect(numbers('select count(*) as n from outbox')).toEqual([rows.length]);
  database.close();
  console.log(`${rows.length} decisions, ${ofPeople().length} published lines`);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Every message is for people. */
function layMessages(): void {
  layFolder(
    folder,
    'decide: { rejectMin: 0, rejectMax: 1, exactScores: all }\nreview: { secondOpinionShare: 0 }\n',
  );
  const lines = Array.from({ length: MESSAGES }, (_, i) =>
    JSON.stringify({
      community: 'forum',
      message_id: `m${i}`,
      message: `win a free prize today, number ${i}`,
    }),
  );
  writeFileSync(join(folder, 'data', 'inbox', 'in.jsonl'), `${lines.join('\n')}\n`);
}

it('decisions are made once and published though the daemon is killed ten times while they are made', async () => {
  layMessages();
  const random = new SeededRandom(1);
  let daemon = await started();
  const token = await tokenFrom(daemon);
  const ask = async (method: string, path: string, body: string, key?: string): Promise<Response> => {
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    return await fetch(`${apiOf(daemon)}/api/v1${path}`, { method, headers, body });
  };
  const waiting: Sent[] = [];
  const decided = new Set<number>();
  const send = async (sent: Sent) => {
    const answer = await ask('POST', '/decisions', sent.body, sent.key);
    expect(answer.status, await answer.clone().text()).toBe(200);
    decided.add(sent.row);
    waiting.splice(waiting.indexOf(sent), 1);
  };
  const person = async () => {
    for (;;) {
      const lease = await ask('POST', '/review/leases', JSON.stringify({ count: 5 }));
      const { id, items } = (await lease.json()) as LeaseAnswer;
      for (const item of items) {
        const label = item.id % 2 === 0 ? 'ham' : 'spam';
        const body = JSON.stringify({
          label,
          items: [{ review_id: item.id, version: item.version, lease: id }],
        });
        const sent = { key: randomUUID(), body, row: item.id };
        waiting.push(sent);
        await send(sent);
      }
      // Before the first rows are there, others need the processor more.
      if (items.length === 0) await pause(50);
    }
  };
  for (let killed = 0; killed < KILLS; killed++) {
    // What broke off ends each person's work with a failed request.
    const work = Array.from({ length: PEOPLE }, () => person().catch((error: unknown) => error));
    const ended = Promise.all(work);
    const enough = decided.size + 1 + random.below(30);
    await expect.poll(() => decided.size, { timeout: 120_000, interval: 20 }).toBeGreaterThanOrEqual(enough);
    await pause(random.below(200));
    await daemon.kill('SIGKILL');
    const reasons = await ended;
    for (const reason of reasons)
      expect(String(reason)).toMatch(/fetch failed|terminated|aborted|other side closed/);
    daemon = await started();
    for (const sent of [...waiting]) await send(sent);
  }
  expect(decided.size).toBeGreaterThan(50);
  await daemon.until(() => new Set(ofPeople().map(({ message_id }) => message_id)).size >= decided.size, 60);
  await daemon.kill('SIGTERM');

  checkStored(decided);
});
