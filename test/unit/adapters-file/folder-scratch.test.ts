import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderScratch } from '../../../src/adapters/file/folder-scratch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-scratch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('temporary files of a folder', () => {
  it('a temporary file returns what was appended, and has no name in its folder, which is made', () => {
    const inside = join(folder, 'new');
    const file = new FolderScratch(inside).open();
    expect(file.append(Uint8Array.of(1, 2, 3))).toBe(0);
    expect(file.append(Uint8Array.of(4, 5))).toBe(3);
    const into = new Uint8Array(3);
    file.read(2, into);
    expect([...into]).toEqual([3, 4, 5]);
    expect(readdirSync(inside)).toEqual([]);
    file.close();
  });

  it('two temporary files of a folder share nothing', () => {
    const scratch = new FolderScratch(folder);
    const [one, other] = [scratch.open(), scratch.open()];
    one.append(Uint8Array.of(1));
    other.append(Uint8Array.of(2));
    const into = new Uint8Array(1);
    one.read(0, into);
    expect(into[0]).toBe(1);
    one.close();
    other.close();
  });

  it('a read past the end, and a folder that cannot be made, are errors that name the folder', () => {
    const file = new FolderScratch(folder).open();
    file.append(Uint8Array.of(1));
    expect(() => file.read(0, new Uint8Array(2))).toThrow(folder);
    file.close();
    writeFileSync(join(folder, 'a-file'), '');
    expect(() => new FolderScratch(join(folder, 'a-file', 'below')).open()).toThrow(
      expect.objectContaining({ code: 'STORE_FAILED', message: expect.stringContaining('a-file') }),
    );
  });
});
