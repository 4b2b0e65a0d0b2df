import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { explainSettings } from '../../../src/settings/explain-settings.ts';
import { loadSettings, type SettingsSources } from '../../../src/settings/load-settings.ts';

const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const load = (sources: Partial<SettingsSources> = {}) =>
  loadSettings({ environment: {}, assignments: [], baseFolders, ...sources });

async function refusal(sources: Partial<SettingsSources>): Promise<SluiceError> {
  const error: unknown = await load(sources).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SluiceError);
  return error as SluiceError;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'settings.yaml');
  await writeFile(path, text);
  return path;
}

describe('settings', () => {
  it('every setting has a default', async () => {
    const { settings } = await load();
    expect(settings.decide).toEqual({
      rejectMin: 0.5,
      rejectMax: 0.7,
      exactScores: 'notHam',
      unknownMessage: 'prior',
      communities: {},
    });
    expect(settings.pool).toEqual({
      threads: availableParallelism(),
      maxInFlight: 2 * availableParallelism(),
    });
    expect(settings.http.api.host).toBe('127.0.0.1');
  });

  it('the password of MySQL is read from a file, and is never shown', async () => {
    const secret = join(folder, 'password');
    await writeFile(secret, 'p4ss phrase\n');
    const loaded = await load({
      assignments: ['store.kind=mysql'],
      environment: { SLUICE_STORE__MYSQL__PASSWORD_FILE: secret },
    });
    expect(loaded.settings.store).toMatchObject({ kind: 'mysql', mysql: { password: 'p4ss phrase' } });
    expect(JSON.stringify(explainSettings(loaded))).not.toContain('p4ss');
    const refused = await refusal({ assignments: ['store.mysql.password=p4ss'] });
    expect(refused.message).toContain('secret');
    expect(refused.message).not.toContain('p4ss');
  });

  it('settings override each other in the order defaults, file, live, environment, flags, and state their source', async () => {
    const file = await fileOf(
      'batch: {maxMessages: 2}\ndecide: {rejectMin: 0.2, rejectMax: 0.9}\ncommit: {intervalSeconds: 2}\nmode: observe\n',
    );
    const loaded = await load({
      file,
      live: {
        location: { name: 'live source' },
        settings: { decide: { rejectMin: 0.3 }, commit: { intervalSeconds: 3 }, mode: 'enforce' },
      },
      environment: { SLUICE_COMMIT__INTERVAL_SECONDS: '4', SLUICE_MODE: 'observe' },
      assignments: ['mode=enforce'],
    });
    const from = new Map(explainSettings(loaded).map(({ name, value, from }) => [name, [value, from]]));
    expect(from.get('batch.maxAgeSeconds')).toEqual([0.005, 'default']);
    expect(from.get('batch.maxMessages')).toEqual([2, file]);
    expect(from.get('decide.rejectMin')).toEqual([0.3, 'live source']);
    expect(from.get('decide.rejectMax')).toEqual([0.9, file]);
    expect(from.get('commit.intervalSeconds')).toEqual([4, 'environment SLUICE_COMMIT__INTERVAL_SECONDS']);
    expect(from.get('mode')).toEqual(['enforce', '--set']);
  });

  it('relative paths in settings are resolved: given ones in the working directory, defaults in state.path or the package', async () => {
    const { settings } = await load({
      assignments: ['state.path=kept', 'verdicts.file.path=out/v.jsonl', 'store.libsql.path=/abs/db'],
    });
    expect(settings.state.path).toBe('/here/kept');
    expect(settings.source.file.inbox).toBe('/here/kept/inbox');
    expect(settings.verdicts.file.path).toBe('/here/out/v.jsonl');
    expect(settings.store.libsql.path).toBe('/abs/db');
    expect(settings.model.localPath).toBe('/package/native-models/default');
    expect((await load({ assignments: ['model.localPath=m'] })).settings.model.localPath).toBe('/here/m');
  });

  it('loaded settings cannot be changed by code that uses them', async () => {
    const { settings } = await load();
    expect(() => Object.assign(settings.decide, { rejectMin: 0 })).toThrow(TypeError);
  });

  it('settings are refused with the problems of all sources at once, overridden values included', async () => {
    const file = await fileOf('batch: {maxMessages: 0}\nhttp: {api: {prot: 1}}\n');
    const { code, message } = await refusal({
      file,
      environment: { SLUICE_BATCH__MAX_MESSAGES: '5', SLUICE_POOL__THREADS: 'many' },
      assignments: ['decide.rejectMin=0.9'],
    });
    expect(code).toBe('SETTINGS_INVALID');
    expect(message.split('\n')).toEqual([
      '4 settings are not valid:',
      `  batch.maxMessages must be a whole number from 1 to 65536, but is 0 (${file})`,
      `  http.api.prot does not exist; did you mean http.api.port? (${file})`,
      '  pool.threads must be a whole number from 1 to 256, but is "many" (environment SLUICE_POOL__THREADS)',
      '  decide.rejectMin is 0.9, which is above rejectMax, 0.7 (--set)',
    ]);
  });

  it('settings with a refused value are not also reported to contradict others', async () => {
    const { message } = await refusal({ assignments: ['decide.rejectMin=0.9', 'decide.rejectMax=7'] });
    expect(message).toMatch(/^1 setting is not valid:\n {2}decide\.rejectMax/);
  });

  it('settings are unreadable if the file is missing, is not YAML, or contains no settings', async () => {
    expect((await refusal({ file: join(folder, 'none.yaml') })).code).toBe('SETTINGS_UNREADABLE');
    const broken = await refusal({ file: await fileOf('mode: observe\nlog: {level: "hunter2}\n') });
    expect(broken.code).toBe('SETTINGS_UNREADABLE');
    expect(broken.message).toContain('at line 3, column 1');
    for (const text of [
      'log: {level: "hunter2}',
      'log: *hunter2',
      'log: %hunter2',
      'log: @hunter2',
      '? hunter2: : hunter2',
    ])
      expect((await refusal({ file: await fileOf(text) })).message, text).not.toContain('hunter2');
    expect((await refusal({ file: await fileOf('- mode\n') })).code).toBe('SETTINGS_UNREADABLE');
    expect((await refusal({ file: await fileOf('mode: enforce\nmode: observe\n') })).code).toBe(
      'SETTINGS_UNREADABLE',
    );
  });

  it('settings may be read from a file of comments only', async () => {
    expect((await load({ file: await fileOf('# nothing yet\n') })).settings.mode).toBe('enforce');
  });

  it('settings keep the word off as text', async () => {
    expect((await load({ file: await fileOf('trace: off\n') })).settings.trace).toBe('off');
  });
});
