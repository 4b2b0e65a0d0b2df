import { readFileSync } from 'node:fs';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { YamlSettings } from '../../../src/adapters/yaml/yaml-settings.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-yaml-'));
  path = join(folder, 'sluice.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('YamlSettings', () => {
  it('YamlSettings reports the content at the start and new content, but not an unchanged file or one that is missing for a moment', async () => {
    await writeFile(path, 'a: 1\n');
    const stop = new AbortController();
    let changes = 0;
    const script = [
      async () => {},
      () => writeFile(path, 'a: 1\n'),
      () => unlink(path),
      () => writeFile(path, 'a: 1\n'),
      async () => {},
      () => writeFile(path, 'a: 2\n'),
      async () => {},
      () => writeFile(path, 'a: 3\n'),
      async () => {},
      async () => stop.abort(),
    ];
    const changesBefore: number[] = [];
    const clock = {
      sleep: async () => {
        changesBefore.push(changes);
        await script.shift()!();
      },
    };
    await new YamlSettings(path, async () => ({}), clock).watch(() => changes++, stop.signal);
    expect(changesBefore).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
  });

  it('YamlSettings reports once that a file stays missing, and its return', async () => {
    await writeFile(path, 'a: 1\n');
    const stop = new AbortController();
    let changes = 0;
    let looks = 0;
    const changesAt: number[] = [];
    const clock = {
      sleep: async () => {
        if (changesAt.at(-1) !== changes) changesAt.push(changes);
        looks++;
        if (looks === 3) await unlink(path);
        if (looks === 30) {
          expect(changes).toBe(2);
          await writeFile(path, 'a: 1\n');
        }
        if (looks === 40) stop.abort();
      },
    };
    await new YamlSettings(path, async () => ({}), clock).watch(() => changes++, stop.signal);
    expect(changesAt).toEqual([0, 1, 2, 3]);
  });

  it('YamlSettings does not report a file that is being written', async () => {
    await writeFile(path, 'a: 1\n');
    const stop = new AbortController();
    const told: string[] = [];
    const script = [
      async () => {},
      () => writeFile(path, ''),
      () => writeFile(path, 'a: '),
      () => writeFile(path, 'a: 2\n'),
      async () => {},
      async () => stop.abort(),
    ];
    const clock = { sleep: async () => await script.shift()!() };
    await new YamlSettings(path, async () => ({}), clock).watch(
      () => told.push(readFileSync(path, 'utf8')),
      stop.signal,
    );
    expect(told).toEqual(['a: 1\n', 'a: 2\n']);
  });
});
