import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  linesOf,
  readTrace,
} from './daemon-process.ts';
import { expectDelivery, type Kill, lookAfterKill } from './delivery.ts';
import { Feeder } from './feeder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
  process.env.NODE_OPTIONS = `--require ${join(import.meta.dirname, 'crash-on-text.cjs')}`;
});
afterEach(async () => {
  delete process.env.NODE_OPTIONS;
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const MOST_STARTS = 10;

/** Starts the daemon again whenever it has crashed, as a service manager does, until `done`; answers what it found after each crash. */
async function supervise(feeder: Feeder, done: () => boolean): Promise<readonly Kill[]> {
  const crashes: Kill[] = [];
  for (let start = 0; start < MOST_STARTS; start++) {
    const daemon = DaemonProcess.spawn(folder);
    let ended = false;
    const end = daemon.ended.then((how) => {
      ended = true;
      return how;
    });
    while (!ended && !done()) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!ended) {
      expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      return crashes;
    }
    expect(await end, daemon.log).toEqual({ code: null, signal: 'SIGABRT' });
    crashes.push(lookAfterKill(folder, feeder));
  }
  throw new Error(`crashed ${MOST_STARTS} times`);
}

describe('a message under which the whole process crashes', () => {
  it('a message that crashes the whole process is found after a few starts and becomes a dead letter, and every other message has exactly one outcome', async () => {
    layFolder(folder, 'batch: { maxMessages: 64 }\n');
    const feeder = new Feeder(folder, 1000);
    feeder.append(300);
    const good = Array.from({ length: 200 }, (_, i) => ({
      message:
        i % 2 === 0 ? `see you at ${i}` : `WIN a FREE prize now!!! Call 0900 123 4567 to claim, code ${i}`,
      message_id: `mixed-${i}`,
    }));
    const bad = [0, 1].map((i) => JSON.stringify({ message: `Ω crashes ${i}`, message_id: `bad-${i}` }));
    const lines = good.map((message) => JSON.stringify(message));
    lines.splice(70, 0, bad[0]!);
    lines.splice(150, 0, bad[1]!);
    appendFileSync(join(folder, 'data', 'inbox', 'mixed.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const size = Buffer.byteLength(lines.map((line) => `${line}\n`).join(''));

    const crashes = await supervise(
      feeder,
      () =>
        committedOffset(folder, 'mixed.jsonl') === size &&
        committedOffset(folder, feeder.name) === feeder.bytes,
    );

    const letters = linesOf(join(folder, 'data', 'dead-letters.jsonl')).map(
      (line) => JSON.parse(line) as { reason: string; raw: string },
    );
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['kills-scorer']));
    const raw = new Set(letters.map((letter) => Buffer.from(letter.raw, 'base64').toString()));
    expect(raw).toEqual(new Set(bad));
    const outcomes = new Map(readTrace(folder).map(({ message_id, outcome }) => [message_id, outcome]));
    for (const [i, { message_id }] of good.entries())
      expect([message_id, outcomes.get(message_id)]).toEqual([message_id, i % 2 === 0 ? 'ham' : 'spam']);
    expectDelivery(folder, feeder, crashes);
    // Two for each of them at most, since one may only be read when the other has been found.
    expect(crashes.length).toBeGreaterThanOrEqual(2);
    expect(crashes.length).toBeLessThanOrEqual(4);
    expect(existsSync(join(folder, 'data', 'scoring.journal'))).toBe(false);
  });

  it('a message is not treated as poison because the process was killed for other reasons: after three kills there is no dead letter', async () => {
    delete process.env.NODE_OPTIONS;
    layFolder(folder, 'batch: { maxMessages: 64 }\n');
    const feeder = new Feeder(folder, 2000);
    feeder.append(20_000);
    const kills: Kill[] = [];
    for (let kill = 0; kill < 3; kill++) {
      const scored = readTrace(folder).length;
      const daemon = await DaemonProcess.start(folder);
      // More than the suspects of the kill before, which are scored apart.
      await daemon.until(() => readTrace(folder).length > scored + 300);
      await daemon.kill('SIGKILL');
      kills.push(lookAfterKill(folder, feeder));
    }
    expect(readFileSync(join(folder, 'data', 'scoring.journal'), 'utf8')).toContain('begin');
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, kills);
    expect(linesOf(join(folder, 'data', 'dead-letters.jsonl'))).toEqual([]);
    expect(existsSync(join(folder, 'data', 'scoring.journal'))).toBe(false);
  });
});
