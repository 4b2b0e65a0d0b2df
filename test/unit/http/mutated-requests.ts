import type { RawClient } from './raw-client.ts';

const json = (body: unknown, path = '/api/v1/score', type = 'application/json') => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
};
const get = (path: string, ...headers: readonly string[]) =>
  `GET ${path} HTTP/1.1\r\n${['Host: localhost', ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`;

/** Requests that are good, or nearly so; what is sent is one of them with a few bytes changed. */
const seeds: readonly string[] = [
  json({ message: 'WIN a free prize', message_id: '1' }),
  json({
    messages: [
      { message: 'odd', message_id: '1', community: 'c', sent_at: 1 },
      { message: 'ham', message_id: '2' },
    ],
  }),
  json({ message: '\ud800 \u0000 😀 ', message_id: '\u202e', language: 'de', sender: null }),
  json('text=free+money&text=%ff%00', '/api/find_spam', 'application/x-www-form-urlencoded'),
  json({ text: 'free money' }, '/api/find_spam'),
  json(`${'['.repeat(2000)}${']'.repeat(2000)}`),
  'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{"mes\r\n1a\r\nsage":"a","message_id":"b"\r\n1\r\n}\r\n0\r\n\r\n',
  get('/api/v1/review?state=open&limit=5&after=0'),
  get('/api/v1/models', 'Accept: */*', 'X-Forwarded-For: 192.0.2.1, garbage'),
  get('/openapi.json', 'Origin: http://localhost'),
  get('/livez'),
  get('/readyz', 'Expect: 100-continue'),
  get('/metrics', 'Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5'),
  get('/version', 'Upgrade: websocket', 'Connection: upgrade'),
  get('/%ff/../..//etc/passwd?%00=%zz&a[]=1'),
];

const tokens: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  '%',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\\',
  '\\u',
  '\xff',
  '\xc3',
  '0',
  '-1',
  '1e999',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: evil.example\r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'OPTIONS',
  'CONNECT',
  '__proto__',
  'constructor',
  'null',
  'true',
  'NaN',
  '\ufeff',
  'x'.repeat(300),
];

/** A generator of numbers from 0 (included) to 1 that gives the same ones for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One request with up to three changes: bytes altered, removed, doubled or put in, or its end cut off. */
export function mutatedRequest(random: () => number): Buffer {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = Buffer.from(seeds[whole(seeds.length)]!, 'latin1');
  for (let changes = whole(4); changes > 0; changes--) {
    const at = whole(bytes.length + 1);
    const length = Math.min(bytes.length - at, 1 + whole(20));
    const before = bytes.subarray(0, at);
    const rest = bytes.subarray(at + length);
    switch (whole(6)) {
      case 0:
        bytes = Buffer.concat([
          before,
          Buffer.from([whole(256)]),
          bytes.subarray(Math.min(at + 1, bytes.length)),
        ]);
        break;
      case 1:
        bytes = Buffer.concat([before, rest]);
        break;
      case 2:
        bytes = Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      case 3:
        bytes = before.length > 0 ? before : bytes;
        break;
      default:
        bytes = Buffer.concat([
          before,
          Buffer.from(tokens[whole(tokens.length)]!, 'latin1'),
          bytes.subarray(at),
        ]);
    }
  }
  return bytes;
}

/** What is answered together has come by then. */
const ANSWERED_MS = 250;

export interface Answers {
  /** How often each status was answered. */
  readonly statuses: Map<number, number>;
  /** Requests that got no answer although their header section was complete. */
  readonly lost: Buffer[];
  /** Requests answered with a 5xx. */
  readonly failed: { readonly request: Buffer; readonly answer: string }[];
}

/**
 * Sends `count` mutated requests, each on a connection of its own. The server ends each connection: after its answer, or
 * when the time for a request that is not complete is over, so many are open at once: fewer for each listener than it takes of one client.
 */
export async function sendMutated(
  count: number,
  seed: number,
  open: (n: number) => RawClient,
): Promise<Answers> {
  const random = numbersFrom(seed);
  const answers: Answers = { statuses: new Map(), lost: [], failed: [] };
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      const request = mutatedRequest(random);
      const client = open(sent++);
      client.socket.write(request);
      // A mutation may have made a connection that is kept alive.
      client.socket.once('data', () => setTimeout(() => client.socket.end(), ANSWERED_MS));
      const answer = await client.received;
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
      answers.statuses.set(status, (answers.statuses.get(status) ?? 0) + 1);
      if (status === 0 && /\S[\s\S]*\r\n\r\n/.test(request.toString('latin1'))) answers.lost.push(request);
      if (/(?:^|\r\n)HTTP\/1\.1 5\d\d /.test(answer)) answers.failed.push({ request, answer });
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return answers;
}
