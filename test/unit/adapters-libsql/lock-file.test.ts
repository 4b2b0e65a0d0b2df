import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lockFile } from '../../../src/adapters/libsql/lock-file.ts';

const looks = vi.hoisted(() => ({ before: [] as (() => void)[] }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    statSync: (path: string) => {
      looks.before.shift()?.();
      return fs.statSync(path);
    },
  };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('lockFile locks the file that has the name in the end, if it is replaced while it is being locked', () => {
  const path = join(folder, 'lock');
  writeFileSync(path, '');
  const replace = () => {
    rmSync(path);
    writeFileSync(path, '');
  };
  // The first look is before the lock, the second after it.
  looks.before.push(() => {}, replace);
  const lock = lockFile(path);
  expect(looks.before).toEqual([]);
  expect(lock).toBeDefined();
  expect(lockFile(path)).toBeUndefined();
  lock?.release();
  lock?.release();
  const again = lockFile(path);
  expect(again).toBeDefined();
  again?.release();
});

it('lockFile gives up if the file is replaced each time', () => {
  const path = join(folder, 'lock');
  for (let i = 0; i < 20; i++) looks.before.push(() => rmSync(path, { force: true }));
  expect(() => lockFile(path)).toThrow(expect.objectContaining({ code: 'STORE_FAILED', retriable: true }));
  looks.before.length = 0;
});
