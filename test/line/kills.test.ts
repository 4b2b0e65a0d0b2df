import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { endAllDaemons } from './daemon-process.ts';
import { killAtRandom, termUnderLoad } from './kills.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-line-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

describe('a daemon under load', () => {
  it('a daemon under load loses and invents no message when it is killed three times, and repeats only what was not committed', async () => {
    await killAtRandom({ folder, kills: 3, messages: 20_000, perSecond: 2000 });
  });

  it('a daemon under load exits with 0 at SIGTERM three times, and loses and repeats no message', async () => {
    await termUnderLoad({ folder, kills: 3, messages: 10_000, perSecond: 2000 });
  });
});
