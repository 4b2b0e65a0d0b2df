import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileOperations, nodeFileOperations } from '../../src/adapters/file/file-operations.ts';
import { makeFolder, replaceFile } from '../../src/adapters/file/replace-file.ts';
import { MemoryDisk } from '../durability/memory-disk.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Harness {
  readonly folder: string;
  readonly files: FileOperations;
  dispose(): Promise<void>;
}

const harnesses: readonly { readonly name: string; readonly make: () => Promise<Harness> }[] = [
  {
    name: 'nodeFileOperations',
    make: async () => {
      const { path, dispose } = await temporaryFolder();
      return { folder: path, files: nodeFileOperations, dispose };
    },
  },
  {
    name: 'MemoryDisk, on which durability is tested',
    make: async () => {
      const files = new MemoryDisk();
      await files.makeFolder('/tmp/a');
      return { folder: '/tmp/a', files, dispose: async () => {} };
    },
  },
];

describe.each(harnesses)('$name', ({ make }) => {
  let harness: Harness;
  let files: FileOperations;
  let path: string;
  beforeEach(async () => {
    harness = await make();
    files = harness.files;
    path = join(harness.folder, 'a.txt');
  });
  afterEach(() => harness.dispose());
  const text = async (of: string) => (await files.readFile(of)).toString();

  it('FileOperations appends at the current end of a file, also after another process has truncated or extended it', async () => {
    const first = await files.open(path, 'append');
    expect(await first.append(Buffer.from('one'))).toBe(3);
    const second = await files.open(path, 'append');
    await second.append(Buffer.from('two'));
    await first.append(Buffer.from('three'));
    expect(await text(path)).toBe('onetwothree');
    await second.truncate(2);
    await first.append(Buffer.from('!'));
    expect(await text(path)).toBe('on!');
    expect(await first.size()).toBe(3);
    await first.datasync();
    for (const file of [first, second]) await file.close();
  });

  it('FileOperations reads from an offset, and less where the file ends', async () => {
    const file = await files.open(path, 'append');
    await file.append(Buffer.from('abcdef'));
    const into = Buffer.alloc(4);
    expect([await file.read(into, 1), into.toString()]).toEqual([4, 'bcde']);
    expect([await file.read(into, 5), into.subarray(0, 1).toString()]).toEqual([1, 'f']);
    expect(await file.read(into, 6)).toBe(0);
    await file.close();
  });

  it('FileOperations empties a file that is opened to be replaced', async () => {
    await replaceFile(path, 'long content', files);
    await replaceFile(path, 'short', files);
    expect(await text(path)).toBe('short');
    expect(await files.list(harness.folder)).toEqual(['a.txt']);
  });

  it('FileOperations reports a missing file, or one of another kind, by the error code of the system', async () => {
    const nothing = join(harness.folder, 'nothing');
    await expect(files.readFile(nothing)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.unlink(nothing)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.rename(nothing, path)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.open(join(nothing, 'b'), 'append')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.list(nothing)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.open(harness.folder, 'append')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('FileOperations creates missing folders, removes a file, and keeps reading an open file that lost its name', async () => {
    const deep = join(harness.folder, 'b', 'c');
    await makeFolder(deep, files);
    await makeFolder(deep, files);
    const inside = join(deep, 'd.txt');
    const file = await files.open(inside, 'append');
    await files.unlink(inside);
    await files.syncFolder(deep);
    await file.append(Buffer.from('unseen'));
    expect(await file.size()).toBe(6);
    expect(await files.list(deep)).toEqual([]);
    await file.close();
  });
});

it('a file that is created or replaced can be read and written by its owner only', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'a.txt');
  await replaceFile(path, 'a');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await folder.dispose();
});
