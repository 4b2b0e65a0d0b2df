import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { roles } from '../../src/core/roles.ts';
import { accessRows } from '../../src/http/route-access.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { DaemonProcess, endAllDaemons, layFolder } from '../line/daemon-process.ts';

/** Of each caller. */
const REQUESTS = 50_000;
const AT_ONCE = 8;
const PASSWORD = 'a long enough password';

type Row = ReturnType<typeof accessRows>[number];
type Pick = <T>(values: readonly T[]) => T;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-route-fuzz-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

/** They end the caller's own session, never end themselves, or begin a process. */
const leftOut = /events|session|\/accounts\/|subjects|openid/;
const routes = accessRows().filter(({ path }) => path.startsWith('/api/') && !leftOut.test(path));

const words: readonly string[] = [
  ...[
    '1',
    '2',
    '40',
    '0',
    '-1',
    '1.5',
    '99999999999999999999',
    'NaN',
    '%00',
    '%ff',
    '..',
    '.',
    'x',
    'ä',
    '%F0%9F%98%80',
  ],
  ...[
    'a'.repeat(120),
    '__proto__',
    'constructor',
    'null',
    '20261126T044719Z-60783c43',
    "' or 1=1 --",
    '"*"',
    '%25',
  ],
];
const names: readonly string[] = [
  ...[
    'state',
    'order',
    'community',
    'min',
    'max',
    'model',
    'origin',
    'sender',
    'q',
    'from',
    'to',
    'after',
    'limit',
  ],
  ...[
    'who',
    'what',
    'format',
    'class',
    'source',
    'labelled_by',
    'reporters',
    'dry_run',
    'reason',
    'count',
    '__proto__',
  ],
];
const queryValues: readonly string[] = [
  ...words,
  ...[
    'open',
    'labelled',
    'uncertainty',
    'age',
    'audit',
    'campaign',
    'reports',
    'band',
    'spam',
    'ham',
    '0.5',
    '1e3',
  ],
  ...['2026-11-30T00:00:00Z', '1790000000000', 'jsonl', 'prize+tonight', 'number', '100', '1000000'],
];
const bodies: readonly unknown[] = [
  { label: 'spam', items: [{ review_id: 1 }] },
  { label: 'ham', items: [{ review_id: 2, version: 'x' }, { review_id: 3 }], note: 'a note' },
  { label: 'unsure', items: [{ campaign_id: 1, exclude: [2] }] },
  { label: 'spam', ids: [1, 2, 3] },
  { count: 3 },
  { count: 2, order: 'campaign', filter: { q: 'prize', min: 0.1 } },
  { ids: ['1'], filter: {} },
  { reason: 'because', activated: null },
  { role: 'viewer' },
  { name: 'program', scopes: ['score'], days: 30 },
  { name: 'someone', role: 'moderator' },
  { message: 'WIN a free prize', message_id: '1', community: 'c', reporter: 'r' },
  { messages: [{ message: 'odd', message_id: '1' }] },
  { text: 'free money' },
];
const scraps: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, '', 'x'.repeat(70_000), '\ud800', '\u0000', [], {}, [[[[]]]], '__proto__'],
  ...[{ review_id: 1 }, Array.from({ length: 1500 }, (_, i) => i), Number.MAX_SAFE_INTEGER],
];

/** A copy with one value in it replaced, one field renamed, or none. */
function altered(value: unknown, pick: Pick, depth = 0): unknown {
  if (depth > 0 && pick([true, false, false])) return pick(scraps);
  if (Array.isArray(value))
    return value.map((each) => (pick([true, false]) ? altered(each, pick, depth + 1) : each));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      pick([name, name, name, name, name, name, '__proto__', 'extra']),
      pick([true, false]) ? altered(each, pick, depth + 1) : each,
    ]),
  );
}

function requestFor(
  { method, path }: Row,
  pick: Pick,
): { readonly target: string; readonly init: RequestInit } {
  const target = path.replace(/:[a-z]+/gi, () => pick(words));
  const count = pick([0, 0, 1, 2, 3]);
  const query = Array.from({ length: count }, () => `${pick(names)}=${pick(queryValues)}`).join('&');
  const hasBody = method !== 'GET' && pick([true, true, true, false]);
  const text = pick([
    JSON.stringify(altered(pick(bodies), pick)),
    JSON.stringify(altered(pick(bodies), pick)),
    JSON.stringify(pick(bodies)),
    pick(['', '{', '[]', 'null', '"x"', '{"a":1}{', `${'['.repeat(300)}`]),
  ]);
  return {
    target: `${target}${query === '' ? '' : `?${query}`}`,
    init: {
      method,
      headers: {
        ...(hasBody
          ? {
              'content-type': pick([
                'application/json',
                'application/json',
                'text/plain',
                'application/x-www-form-urlencoded',
              ]),
            }
          : {}),
        ...pick([{}, { 'idempotency-key': pick(['k1', 'k2', 'x'.repeat(300), '\u00e4']) }]),
        ...pick([{}, {}, { 'if-match': pick(['"v"', '*', 'W/"']) }]),
      },
      ...(hasBody ? { body: text } : {}),
    },
  };
}

interface Caller {
  readonly role: (typeof roles)[number];
  readonly session: Readonly<Record<string, string>>;
}

/** Sends requests as one person; answers what was answered, and what must not be. */
async function fuzz(api: string, { role, session }: Caller, seed: number) {
  const random = new SeededRandom(seed);
  const pick: Pick = (values) => values[random.below(values.length)]!;
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  const isAllowed = (row: Row) =>
    row.open !== undefined || (row.role !== undefined && roles.indexOf(row.role) <= roles.indexOf(role));
  let sent = 0;
  const worker = async () => {
    while (sent < REQUESTS) {
      sent++;
      const row = pick(routes);
      const { target, init } = requestFor(row, pick);
      const answer = await fetch(`${api}${target}`, { ...init, headers: { ...init.headers, ...session } });
      const text = await answer.text();
      const { status } = answer;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const isStatedLimit = status === 503 && answer.headers.has('retry-after');
      if ((status >= 500 && !isStatedLimit) || (status < 400 && !isAllowed(row)))
        wrong.push(
          `${status} ${init.method} ${target} ${String(init.body).slice(0, 300)}: ${text.slice(0, 300)}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { statuses, wrong };
}

/** The headers of a logged-in person. */
async function logIn(api: string, body: object): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  const { csrf } = (await answer.json()) as { readonly csrf: string };
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-csrf-token': csrf };
}

it('100,000 altered requests over the routes of the API, streams, sessions and accounts aside, give no 5xx, and a viewer nothing that takes another role', async () => {
  layFolder(folder, 'decide: { rejectMin: 0, rejectMax: 1, exactScores: all }\n');
  const lines = Array.from({ length: 200 }, (_, i) =>
    JSON.stringify({
      community: 'forum',
      message_id: `m${i}`,
      message: `Message number ${i}, a prize tonight`,
      sender: `user ${i}`,
    }),
  );
  writeFileSync(join(folder, 'data', 'inbox', 'in.jsonl'), `${lines.join('\n')}\n{broken\n`);
  const set = ['http.api.enabled=true', 'http.api.port=0', 'http.api.rateLimitPerMinute=10000000'];
  const daemon = await DaemonProcess.start(folder, ...set.flatMap((setting) => ['--set', setting]));
  await daemon.until(() => daemon.log.includes('Console: '));
  const address = new URL(/Console: (\S+)/.exec(daemon.log)![1]!);
  const api = address.origin;
  const admin = await logIn(api, { token: address.searchParams.get('token') });
  const invited = await fetch(`${api}/api/v1/invitations`, {
    method: 'POST',
    headers: { ...admin, 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'viewer' }),
  });
  const { invitation } = (await invited.json()) as { readonly invitation: string };
  const viewer = await logIn(api, { invitation, name: 'vera', password: PASSWORD });

  const asViewer = await fuzz(api, { role: 'viewer', session: viewer }, 1);
  console.log('viewer', JSON.stringify([...asViewer.statuses].sort(([a], [b]) => a - b)));
  expect(asViewer.wrong).toEqual([]);
  const made = await fetch(`${api}/api/v1/decisions`, { headers: admin });
  expect(((await made.json()) as { readonly items: readonly unknown[] }).items).toEqual([]);

  const asAdmin = await fuzz(api, { role: 'admin', session: admin }, 2);
  console.log('admin', JSON.stringify([...asAdmin.statuses].sort(([a], [b]) => a - b)));
  expect(asAdmin.wrong).toEqual([]);
  expect(asAdmin.statuses.get(200)).toBeGreaterThan(1000);
});
