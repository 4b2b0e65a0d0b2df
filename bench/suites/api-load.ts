import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setPriority } from 'node:os';
import { json } from 'node:stream/consumers';

/** What a client of the API sends again and again, on several connections at once. */
export interface ApiLoad {
  readonly name: string;
  readonly connections: number;
  /** A JSON body. */
  readonly body: string;
  readonly query?: string;
}

export interface ApiAnswers {
  /** How often each status came; 0 for a connection that ended without an answer. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly slowestSeconds: number;
  /** Answers with 429 or 503 that named no time to try again at. */
  readonly withoutRetryAfter: number;
}

/** Lowest priority: in place of the attacker's own machine, so that it takes no processor time of what it attacks. */
const ATTACKER_PRIORITY = 19;

interface Attack {
  readonly url: string;
  readonly load: ApiLoad;
}

/** Sends a load from a process of its own, whose work must not delay the messages that are measured, until `stop` is called. */
export function startApiLoad(url: string, load: ApiLoad): { stop(): Promise<ApiAnswers> } {
  const child = spawn(process.execPath, [process.argv[1]!, 'api-load'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  setPriority(child.pid!, ATTACKER_PRIORITY);
  child.stdin.end(JSON.stringify({ url, load } satisfies Attack));
  const answers = json(child.stdout) as Promise<
    Omit<ApiAnswers, 'statuses'> & { statuses: [number, number][] }
  >;
  return {
    stop: async () => {
      child.kill('SIGTERM');
      const all = await answers;
      return { ...all, statuses: new Map(all.statuses) };
    },
  };
}

/** The process that {@link startApiLoad} starts: reads the attack from standard input and writes the answers at SIGTERM. */
export async function apiLoadCommand(): Promise<number> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const { url, load } = (await json(process.stdin)) as Attack;
  const aborted = once(stop.signal, 'abort');
  const answers = sendApiLoad(new URL(url), load, stop.signal);
  await aborted;
  const { statuses, ...rest } = await answers;
  writeSync(1, JSON.stringify({ ...rest, statuses: [...statuses] }));
  return 0;
}

/** A text repeated to requests of about 1 MB, 500 messages each. */
export function megabyteBody(text: string): string {
  const message = text.repeat(Math.ceil(1900 / text.length)).slice(0, 1900);
  const messages = Array.from({ length: 500 }, (_, i) => ({ message, message_id: `attack-${i}` }));
  let body = JSON.stringify({ messages });
  // Characters of several bytes would make it larger than the API takes.
  while (Buffer.byteLength(body) > 1_000_000) {
    messages.pop();
    body = JSON.stringify({ messages });
  }
  return body;
}

/** Sends a load until `signal` aborts; a client that gets `Retry-After` waits a tenth of that time, as an impolite one would. */
async function sendApiLoad(url: URL, load: ApiLoad, signal: AbortSignal): Promise<ApiAnswers> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const statuses = new Map<number, number>();
  let slowestSeconds = 0;
  let withoutRetryAfter = 0;
  const connection = async () => {
    while (!signal.aborted) {
      const began = performance.now();
      const { status, retryAfter } = await post(url, load, agent);
      if (signal.aborted) return;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      slowestSeconds = Math.max(slowestSeconds, (performance.now() - began) / 1000);
      if (status !== 429 && status !== 503) continue;
      if (retryAfter === undefined) withoutRetryAfter++;
      await new Promise((resolve) => setTimeout(resolve, 100 * (retryAfter ?? 1)));
    }
  };
  await Promise.all(Array.from({ length: load.connections }, connection));
  agent.destroy();
  return { statuses, slowestSeconds, withoutRetryAfter };
}

function post(
  url: URL,
  { body, query = '' }: ApiLoad,
  agent: Agent,
): Promise<{ readonly status: number; readonly retryAfter: number | undefined }> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(
      new URL(`/api/v1/score${query}`, url),
      { method: 'POST', agent, headers },
      (response) => {
        response.resume();
        const after = response.headers['retry-after'];
        const retryAfter = after === undefined ? undefined : Number(after);
        response.once('close', () => {
          resolve({ status: response.statusCode ?? 0, retryAfter });
          // Node would go on with sending the body first.
          if (response.headers.connection === 'close') sent.destroy();
        });
      },
    );
    sent.once('error', () => resolve({ status: 0, retryAfter: undefined }));
    sent.end(body);
  });
}
