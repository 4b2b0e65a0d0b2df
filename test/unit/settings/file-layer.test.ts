import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettingsFile } from '../../../src/settings/file-layer.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-file-layer-'));
  path = join(folder, 'sluice.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a settings file', () => {
  it('a settings file that consists of comments contains no settings', async () => {
    for (const text of ['# later\n', '']) {
      await writeFile(path, text);
      expect(await readSettingsFile(path)).toEqual({});
    }
  });

  it('a settings file that does not exist is reported as missing', async () => {
    await expect(readSettingsFile(path)).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
  });

  it('a settings file of more than 8 MiB is refused', async () => {
    await writeFile(path, `# ${'x'.repeat(8 * 2 ** 20)}\n`);
    await expect(readSettingsFile(path)).rejects.toMatchObject({
      code: 'SETTINGS_UNREADABLE',
      message: expect.stringContaining('longer than'),
    });
  });

  it('a settings file that is an endless device is refused', async () => {
    await expect(readSettingsFile('/dev/zero')).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
  });

  it('a settings file may have as many communities as fit into it, with a check for repeated names', async () => {
    const communities = Array.from({ length: 20_000 }, (_, i) => `c${i}: {rejectMin: 0.4}\n`).join('    ');
    await writeFile(path, `decide:\n  communities:\n    ${communities}`);
    const { decide } = (await readSettingsFile(path)) as { decide: { communities: object } };
    expect(Object.keys(decide.communities)).toHaveLength(20_000);
    await writeFile(path, `decide:\n  communities:\n    ${communities}    c5: {rejectMin: 0.5}\n`);
    await expect(readSettingsFile(path)).rejects.toThrow('line 20003');
  });

  it.each([
    ['a key that stands twice', 'store:\n  password: s3cret\n  password: s3cret2\n', 'line 3'],
    ['a line that is none', 'store:\n  password: "s3cret\n', 'line'],
    ['a list', '- s3cret\n', 'name: value'],
    ['an alias to nothing', 'a: *s3cret\n', 'alias'],
    [
      'aliases that grow without end',
      `s3cret: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
      'alias',
    ],
  ])('a settings file with %s is refused with the line, and without quoting it', async (_, text, where) => {
    await writeFile(path, text);
    const error = await readSettingsFile(path).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'SETTINGS_UNREADABLE' });
    expect((error as Error).message).toContain(where);
    expect((error as Error).message).not.toContain('s3cret');
  });
});
