import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editedYaml } from '../../../src/adapters/yaml/edited-yaml.ts';
import { YamlSettingsWriter } from '../../../src/adapters/yaml/yaml-settings-writer.ts';
import { parseSettings } from '../../../src/settings/file-layer.ts';

const max = (value: number) => [{ path: ['decide', 'rejectMax'], value }];

describe('an edited settings file', () => {
  it('changes a value that is there and not one other character', () => {
    const text = '# ours\nstate:   {path:  "x"}\ndecide:\n  rejectMax: 0.7   # agreed\n  rejectMin: .5\n';
    expect(editedYaml(text, max(0.81))).toBe(text.replace('0.7', '0.81'));
    expect(editedYaml('decide: {rejectMax: 0.7,rejectMin: 0.5}', max(1))).toBe(
      'decide: {rejectMax: 1,rejectMin: 0.5}',
    );
  });

  it('adds a value that is missing, with its section, and keeps all comments', () => {
    const text = '# ours\nsource: # where from\n  kind: file\n\n# the end\n';
    const edited = editedYaml(text, max(0.8));
    expect(edited).toContain('# ours');
    expect(edited).toContain('# where from');
    expect(edited).toContain('# the end');
    expect(parseSettings(edited, 'x')).toEqual({ source: { kind: 'file' }, decide: { rejectMax: 0.8 } });
    for (const empty of [
      '',
      '# nothing yet\n',
      'decide:\n',
      'decide: # later\n',
      'decide: {}\n',
      'decide:\n  rejectMax:\n',
    ])
      expect(parseSettings(editedYaml(empty, max(0.8)), 'x')).toEqual({ decide: { rejectMax: 0.8 } });
  });

  it('changes a community whose name YAML would read as something else', () => {
    for (const name of ['a.b', 'no', '12', 'x: y', '#'])
      expect(
        parseSettings(
          editedYaml('', [{ path: ['decide', 'communities', name, 'rejectMin'], value: 0.4 }]),
          'x',
        ),
      ).toEqual({ decide: { communities: { [name]: { rejectMin: 0.4 } } } });
  });
});

describe('YamlSettingsWriter', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-settings-'));
    path = join(folder, 'sluice.yaml');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes nothing before it is asked to, then the whole file with its mode, and leaves a link a link', async () => {
    await writeFile(path, 'decide: {rejectMax: 0.7}\n');
    await chmod(path, 0o640);
    const link = join(folder, 'link.yaml');
    await symlink(path, link);
    const proposed = await new YamlSettingsWriter(link, parseSettings).propose(max(0.9));
    expect(proposed.nested).toEqual({ decide: { rejectMax: 0.9 } });
    expect(await readFile(path, 'utf8')).toBe('decide: {rejectMax: 0.7}\n');
    await proposed.write();
    expect(await readFile(path, 'utf8')).toBe('decide: {rejectMax: 0.9}\n');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).toSorted()).toEqual(['link.yaml', 'sluice.yaml']);
  });

  it('changes nothing where somebody changed the file since, where it is gone, or where it is broken', async () => {
    await writeFile(path, 'decide: {rejectMax: 0.7}\n');
    const writer = new YamlSettingsWriter(path, parseSettings);
    const proposed = await writer.propose(max(0.9));
    await writeFile(path, 'decide: {rejectMax: 0.6}\n');
    await expect(proposed.write()).rejects.toMatchObject({
      code: 'SETTINGS_UNREADABLE',
      message: expect.stringContaining('somebody changed it'),
    });
    expect(await readFile(path, 'utf8')).toBe('decide: {rejectMax: 0.6}\n');
    await writeFile(path, 'decide: [\n');
    await expect(writer.propose(max(0.9))).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
    await rm(path);
    await expect(writer.propose(max(0.9))).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses to change a value that other settings share', async () => {
    const shared = 'guard: &both {rejectMax: 0.7}\ndecide: *both\n';
    await writeFile(path, shared);
    await expect(new YamlSettingsWriter(path, parseSettings).propose(max(0.9))).rejects.toMatchObject({
      code: 'SETTINGS_UNREADABLE',
    });
    expect(await readFile(path, 'utf8')).toBe(shared);
  });
});
