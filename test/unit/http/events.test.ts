import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Role } from '../../../src/core/roles.ts';
import { EventStream, eventText } from '../../../src/http/event-stream.ts';
import type { EventLimits } from '../../../src/http/events-route.ts';
import { overviewEvent, type PipelineFigures } from '../../../src/http/overview-schemas.ts';
import { type AccessFixture, accessFixture, root } from '../accounts/access-fixture.ts';
import { api } from './fakes.ts';

let fixture: AccessFixture;
const closing: (() => Promise<void>)[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  fixture = await accessFixture();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const close of closing.splice(0)) await close();
  await fixture.close();
});

interface Served {
  readonly url: URL;
  readonly close: () => Promise<void>;
  /** How often figures of the pipeline were read. */
  readonly reads: () => number;
}

/** `padding`: characters in each event. */
async function served(
  events: Partial<EventLimits> = {},
  {
    padding = 0,
    ...limits
  }: {
    readonly padding?: number;
    readonly handlerSeconds?: number;
    readonly closeSeconds?: number;
    readonly idleSeconds?: number;
  } = {},
): Promise<Served> {
  let reads = 0;
  const { server } = await api({
    accounts: fixture.accounts,
    overview: {
      process: 'daemon',
      readiness: () => ({ ready: false, reasons: ['x'.repeat(padding)] }),
      outboxPublished: 'here',
      pipeline: async () => {
        reads++;
        return figures;
      },
    },
    events: { checkSeconds: 0.05, everySeconds: 0.02, ...events },
    limits,
  });
  const close = () => server.close();
  closing.push(close);
  return { url: new URL(await server.listen()), close, reads: () => reads };
}

const figures: PipelineFigures = {
  ...{ state: 'running', mode: 'enforce', model_installed_at: null, per_second: null, latency: null },
  since_start: { ham: 1, review: 2, spam: 3, dead_letters: 4 },
  lag: {
    ...{ unit: 'messages', total: 5, is_known: true, age_seconds: 1 },
    ...{
      partitions: [{ topic: 't', partition: 0, lag: 5, seconds: null }],
      others: { partitions: 0, lag: 0 },
    },
  },
  pool: { threads: 2, wanted: 2, utilization: 0.5, queued: 0, window_seconds: 15 },
  ...{ spool: null, dead_letters: [], blocked: [] },
};

async function cookieOf(name: string, { port }: URL, role: Role = 'viewer'): Promise<string> {
  await fixture.person(name, role);
  return `sluice-${port}=${(await fixture.login(name)).secret}`;
}

interface Stream {
  readonly socket: Socket;
  text(): string;
  events(): readonly unknown[];
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<unknown>;
}

/** `credentials`: a cookie, or the header of an API token. */
function openStream(url: URL, credentials: string): Stream {
  const header = credentials.startsWith('Authorization') ? credentials : `Cookie: ${credentials}`;
  const socket = connect(Number(url.port), url.hostname);
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
  return {
    socket,
    text: () => text,
    events: () => [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as unknown),
    ended: once(socket, 'close'),
  };
}

/** However busy the machine is. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000 });

const opened = async (url: URL, cookie: string): Promise<Stream> => {
  const stream = openStream(url, cookie);
  await eventually(() => expect(stream.text()).toMatch(/^data: .*\n\n/m));
  return stream;
};

describe('GET /api/v1/events', () => {
  it('sends an event at once and then regularly, each as its schema describes, with the rows of the one who asks', async () => {
    const { url } = await served();
    const stream = await opened(url, await cookieOf('anna', url));
    await eventually(() => expect(stream.events().length).toBeGreaterThan(2));
    expect(stream.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(stream.text()).toMatch(/\r\ncontent-type: text\/event-stream/);
    expect(stream.text()).toMatch(/\r\ncache-control: no-store\r\n/);
    const [first] = stream.events().map((event) => overviewEvent.parse(event));
    expect(first).toMatchObject({
      ...{ process: 'daemon', pipeline: figures, ready: false },
      queue: { open: 0, mine: { today: 0, last_hour: 0 }, outbox: { rows: 0 } },
    });
  });

  it('ends soon after the person has logged out, and no session is kept alive by it', async () => {
    const { url } = await served();
    const cookie = await cookieOf('anna', url);
    const stream = await opened(url, cookie);
    const secret = cookie.split('=')[1]!;
    const before = await fixture.accounts.callers.bySession(secret, { isUse: false });
    fixture.clock.seconds += 3600;
    await sleep(150);
    const after = await fixture.accounts.callers.bySession(secret, { isUse: false });
    expect(after).toMatchObject({ expiresAt: (before as { expiresAt: number }).expiresAt });
    expect(stream.socket.closed).toBe(false);
    await fixture.accounts.logins.logout(secret);
    await stream.ended;
    // The answer is whole: the last chunk is there.
    expect(stream.text()).toMatch(/\r\n0\r\n\r\n$/);
  });

  it('ends when the session has expired, and when the account is disabled', async () => {
    const { url } = await served();
    const id = await fixture.person('ben', 'viewer');
    const ben = await opened(url, `sluice-${url.port}=${(await fixture.login('ben')).secret}`);
    await fixture.accounts.management.change(root, id, { isDisabled: true });
    await ben.ended;
    const anna = await opened(url, await cookieOf('anna', url));
    fixture.clock.seconds += 13 * 3600;
    await anna.ended;
  });

  it('is open to an API token with the scope review until that is revoked, and to none with another scope', async () => {
    const { url } = await served();
    await fixture.person('admin', 'admin');
    const admin = { name: 'admin', role: 'admin' } as const;
    const token = (scope: 'review' | 'score') =>
      fixture.accounts.management.addToken(admin, { name: scope, scopes: [scope], days: null });
    const review = await token('review');
    const stream = await opened(url, `Authorization: Bearer ${review.secret}`);
    await fixture.accounts.management.removeToken(admin, review.id);
    await stream.ended;
    const other = openStream(url, `Authorization: Bearer ${(await token('score')).secret}`);
    await eventually(() => expect(other.text()).toContain('HTTP/1.1 403'));
  });

  it('goes on where the session cannot be looked up, for a limited time', async () => {
    const { url } = await served({ uncheckedSeconds: 0.8 });
    const stream = await opened(url, await cookieOf('anna', url));
    const broken = vi.spyOn(fixture.store, 'sessionBySecret').mockRejectedValue(new Error('planted'));
    await eventually(() => expect(broken.mock.calls.length).toBeGreaterThan(1));
    expect(stream.socket.closed).toBe(false);
    await stream.ended;
    broken.mockRestore();
  });

  it('is not ended by the time limit of requests', async () => {
    const { url } = await served({}, { handlerSeconds: 0.05 });
    const stream = await opened(url, await cookieOf('anna', url));
    await sleep(150);
    const count = stream.events().length;
    await eventually(() => expect(stream.events().length).toBeGreaterThan(count));
    expect(stream.text()).not.toContain('urn:sluice:problem');
  });

  it('ends at once when the server closes, with a client that reads and one that does not', async () => {
    // Without an end of their own, streams would hold the close up for an hour.
    const { url, close } = await served({}, { padding: 300_000, closeSeconds: 3600 });
    const reading = await opened(url, await cookieOf('anna', url));
    const stuck = openStream(url, await cookieOf('ben', url));
    await once(stuck.socket, 'data');
    stuck.socket.pause();
    await sleep(500);
    await close();
    await reading.ended;
  });

  it('sends a client that does not read the newest event when it reads again, and none of those between', async () => {
    const { url, reads } = await served({}, { padding: 500_000 });
    const stream = await opened(url, await cookieOf('anna', url));
    stream.socket.pause();
    await sleep(100);
    const before = reads();
    await eventually(() => expect(reads()).toBeGreaterThan(before + 30));
    const measured = reads();
    stream.socket.resume();
    await sleep(200);
    stream.socket.destroy();
    // Two buffers of kernels hold some megabytes.
    expect(stream.events().length).toBeLessThan(measured - 10 + (reads() - measured));
  });

  it('is cut off from a client that reads nothing for the time that a connection may be idle', async () => {
    const { url, reads } = await served({}, { padding: 300_000, idleSeconds: 0.3 });
    const stuck = openStream(url, await cookieOf('anna', url));
    await once(stuck.socket, 'data');
    stuck.socket.pause();
    // Nothing is measured any more: nobody listens.
    await eventually(async () => {
      const before = reads();
      await sleep(150);
      expect(reads()).toBe(before);
    });
  });

  it('measures once for all streams, and not at all after the last was closed', async () => {
    const { url, reads } = await served({ everySeconds: 3600 });
    const cookie = await cookieOf('anna', url);
    const streams = [await opened(url, cookie), await opened(url, cookie)];
    // Each one that comes gets its first event at once.
    expect(reads()).toBe(2);
    for (const { socket } of streams) socket.destroy();
    const quiet = await served();
    const last = await opened(quiet.url, await cookieOf('ben', quiet.url));
    last.socket.destroy();
    await sleep(100);
    const after = quiet.reads();
    await sleep(150);
    expect(quiet.reads()).toBe(after);
  });

  it('sends a comment where nothing else was sent for a while', async () => {
    const { url } = await served({ everySeconds: 3600, keepAliveSeconds: 0.05 });
    const stream = await opened(url, await cookieOf('anna', url));
    await eventually(() => expect(stream.text()).toMatch(/\n:\n\n/));
  });

  it('is refused to nobody in particular, to a person with too many streams, and counts streams that have ended no more', async () => {
    const { url } = await served({ streamsPerPerson: 2 });
    const nobody = openStream(url, '');
    await eventually(() => expect(nobody.text()).toContain('HTTP/1.1 401'));
    const cookie = await cookieOf('anna', url);
    const first = await opened(url, cookie);
    await opened(url, cookie);
    const third = openStream(url, cookie);
    await eventually(() => expect(third.text()).toContain('HTTP/1.1 429'));
    expect(third.text()).toContain('At most 2 streams for each person');
    first.socket.destroy();
    await first.ended;
    await eventually(async () => {
      const again = openStream(url, cookie);
      await vi.waitFor(() => expect(again.events().length).toBeGreaterThan(0), 500);
    });
  });

  it('shows everything but the queue while the database does not answer', async () => {
    const { server, reviews } = await api({ accounts: fixture.accounts, events: { everySeconds: 0.02 } });
    closing.push(() => server.close());
    reviews.progress = async () => {
      throw new Error('planted');
    };
    const url = new URL(await server.listen());
    const stream = await opened(url, await cookieOf('anna', url));
    expect(overviewEvent.parse(stream.events()[0])).toMatchObject({
      queue: null,
      pipeline: null,
      process: 'console',
    });
  });
});

describe('EventStream', () => {
  it('EventStream keeps the newest event for a client without room, and drops the others', () => {
    const stream = new EventStream();
    for (const number of [1, 2, 3, 4]) stream.send(eventText('n', number));
    const read: string[] = [];
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) read.push(String(chunk));
    expect(read.join('')).toBe('event: n\ndata: 4\n\n');
    stream.send(eventText('n', 5));
    stream.send(eventText('n', 6));
    expect(stream.readableLength).toBeLessThan(40);
    stream.finish();
    stream.send(eventText('n', 7));
    stream.finish();
  });
});
