import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings, YamlSettings } from '../../../src/adapters/yaml/yaml-settings.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-yaml-'));
  path = join(folder, 'sluice.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('parseSettings', () => {
  it('takes a file of nothing but comments for no settings', () => {
    expect(parseSettings('# later\n', 'x.yaml')).toEqual({});
    expect(parseSettings('', 'x.yaml')).toEqual({});
  });

  it.each([
    ['a key that stands twice', 'store:\n  password: s3cret\n  password: s3cret2\n', 'line 3'],
    ['a line that is none', 'store:\n  password: "s3cret\n', 'line'],
    ['a list', '- s3cret\n', 'name: value'],
    ['an alias to nothing', 'a: *s3cret\n', 'cannot be read'],
    [
      'aliases that grow without end',
      `s3cret: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
      'alias',
    ],
  ])('refuses %s, saying where and repeating nothing of it', (_, text, where) => {
    let thrown: Error | undefined;
    try {
      parseSettings(text, 'x.yaml');
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown).toMatchObject({ code: 'SETTINGS_UNREADABLE' });
    expect(thrown!.message).toContain(where);
    expect(thrown!.message).not.toContain('s3cret');
  });
});

describe('YamlSettings', () => {
  it('says that a file which is not there cannot be read', async () => {
    await expect(new YamlSettings(path).read()).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
  });

  it('tells of new content, and neither of a file written anew as it was nor of one that is away for a moment', async () => {
    await writeFile(path, 'a: 1\n');
    const stop = new AbortController();
    let changes = 0;
    const script = [
      () => writeFile(path, 'a: 1\n'),
      () => unlink(path),
      () => writeFile(path, 'a: 1\n'),
      () => writeFile(path, 'a: 2\n'),
      async () => {},
      () => writeFile(path, 'a: 3\n'),
      async () => stop.abort(),
    ];
    const changesBefore: number[] = [];
    const clock = {
      sleep: async () => {
        changesBefore.push(changes);
        await script.shift()!();
      },
    };
    await new YamlSettings(path, clock).watch(() => changes++, stop.signal);
    expect(changesBefore).toEqual([0, 0, 0, 0, 1, 1, 2]);
  });
});
