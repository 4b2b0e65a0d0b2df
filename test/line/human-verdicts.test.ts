import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Verdict, verdictSchema } from '../../src/core/verdict.ts';
import { cli, DaemonProcess, endAllDaemons, layFolder, linesOf } from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-human-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

type Body = Record<string, unknown>;

const link = /Console: (http:\/\/\S+\/)\?token=(\S+)/;

/** Logs in by the link that was printed, as a person would. */
async function logIn(printed: string) {
  const [, address, token] = link.exec(printed) ?? [];
  const url = (path: string) => new URL(`/api/v1${path}`, address);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const send = (method: string, path: string, body?: Body) =>
    fetch(url(path), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const session = await send('POST', '/session', { token });
  expect(session.status).toBe(200);
  headers.cookie = session.headers.get('set-cookie')!.split(';')[0]!;
  headers['x-csrf-token'] = ((await session.json()) as { csrf: string }).csrf;
  return async (method: string, path: string, body?: Body) => {
    const response = await send(method, path, body);
    expect(response.status, `${method} ${path}`).toBe(200);
    // biome-ignore lint/suspicious/noExplicitAny: the test looks into what the server sent.
    return (await response.json()) as any;
  };
}

const started = () =>
  DaemonProcess.start(folder, '--set', 'http.api.enabled=true', '--set', 'http.api.port=0');

const ofPeople = (): readonly Verdict[] =>
  linesOf(join(folder, 'data', 'verdicts.jsonl'))
    .map((line) => verdictSchema.parse(JSON.parse(line)))
    .filter(({ decided_by }) => decided_by === 'human');

/** `sluice console` beside the daemon, on the same database. */
async function decideInOwnProcess(id: number): Promise<void> {
  const settings = join(folder, 'settings.yaml');
  const ports = ['console.port=0', 'console.opsPort=0'].flatMap((port) => ['--set', port]);
  const console = spawn(process.execPath, [cli, 'console', '--config', settings, ...ports], { cwd: folder });
  try {
    let said = '';
    await new Promise<void>((resolve, reject) => {
      console.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (link.test(said)) resolve();
      });
      console.once('exit', () => reject(new Error(`the console ended early: ${said}`)));
    });
    const ask = await logIn(said);
    await ask('POST', '/decisions', { label: 'ham', items: [{ review_id: id }] });
    const ended = new Promise((resolve) => console.once('exit', resolve));
    console.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    console.kill('SIGKILL');
  }
}

it('five decisions by HTTP become five verdicts, and one that was answered before a kill -9 is published after the next start; a console of its own decides beside the daemon', async () => {
  // Every message is for people.
  layFolder(folder, 'decide: { rejectMin: 0, rejectMax: 1, exactScores: all }\n');
  const messages = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((message_id) =>
    JSON.stringify({
      community: 'forum',
      message_id,
      message: `win a free prize today, number ${message_id}`,
    }),
  );
  writeFileSync(join(folder, 'data', 'inbox', 'in.jsonl'), `${messages.join('\n')}\n`);
  const daemon = await started();
  await daemon.until(() => daemon.log.includes('Console: '));
  const ask = await logIn(daemon.log);
  let items: { id: number; version: string; message_id: string }[] = [];
  await daemon.until(async () => {
    items = (await ask('GET', '/review')).items;
    return items.length === 7;
  });
  const lease = await ask('POST', '/review/leases', { count: 5, order: 'age' });
  const reasons = await ask('GET', `/review/${lease.items[0].id}/explanation`);
  const sum = reasons.terms.reduce(
    (total: number, term: { contribution: number }) => total + term.contribution,
    0,
  );
  expect(reasons.prior + sum).toBeCloseTo(reasons.logOdds, 4);
  expect(reasons.probability).toBeCloseTo(lease.items[0].probability, 4);
  for (const { id, version } of lease.items)
    await ask('POST', '/decisions', { label: 'spam', items: [{ review_id: id, version, lease: lease.id }] });
  await daemon.until(() => ofPeople().length >= 5, 30);
  expect(ofPeople().map(({ message_id, verdict }) => [message_id, verdict])).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((id) => [id, 'spam']),
  );
  await ask('POST', '/decisions', { label: 'ham', items: [{ review_id: items[5]!.id }] });
  await daemon.kill('SIGKILL');
  const next = await started();
  // The killed one may have taken it to publish it, and then holds it for a minute.
  await next.until(() => ofPeople().some(({ message_id }) => message_id === 'f'), 90);
  await decideInOwnProcess(items[6]!.id);
  await next.until(() => ofPeople().some(({ message_id }) => message_id === 'g'), 30);
  expect(new Set(ofPeople().map(({ message_id, scored_at }) => `${message_id} ${scored_at}`)).size).toBe(7);
  expect(ofPeople().find(({ message_id }) => message_id === 'f')).toMatchObject({ verdict: 'ham' });
});
