import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from './daemon-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-end-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a process whose work is done', () => {
  it.each([
    [['--version'], 0],
    [['no-such-command'], 2],
  ] as const)(
    'a process exits with its code when its work is done, even if a library left something open: sluice %s',
    async (args, code) => {
      const leftover = join(folder, 'leftover.cjs');
      writeFileSync(leftover, `require('node:net').createServer().listen(0, '127.0.0.1');`);
      const ended = await new Promise<number | string | null | undefined>((resolve) => {
        execFile(process.execPath, ['--require', leftover, cli, ...args], { timeout: 60_000 }, (error) =>
          resolve(error === null ? 0 : (error.code ?? error.signal)),
        );
      });
      expect(ended).toBe(code);
    },
  );
});
