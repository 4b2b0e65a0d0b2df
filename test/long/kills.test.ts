import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { endAllDaemons } from '../line/daemon-process.ts';
import { killAtRandom, termUnderLoad } from '../line/kills.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-long-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

describe('a daemon that scores 200,000 messages fed at 2,000 a second', () => {
  it('a daemon that scores 200,000 messages at 2,000 a second loses and invents none when it is killed twenty times, and repeats only what was not committed', async () => {
    await killAtRandom({ folder, kills: 20, messages: 200_000, perSecond: 2000 });
  });

  it('a daemon that scores 200,000 messages at 2,000 a second exits with 0 at SIGTERM twenty times, and loses and repeats none', async () => {
    await termUnderLoad({ folder, kills: 20, messages: 200_000, perSecond: 2000 });
  });
});
