import { describe, expect, it } from 'vitest';
import { explainSettings } from '../../../src/settings/explain-settings.ts';
import { applyLive, type LiveLocation } from '../../../src/settings/live-policy.ts';
import {
  type LoadedSettings,
  loadSettings,
  settingsBeforeLive,
} from '../../../src/settings/load-settings.ts';
import { settingsOf } from '../../../src/settings/setting.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';
import { keyOf, requiredKeys, settingsOfKeys, zookeeperKeys } from '../../../src/settings/zookeeper-keys.ts';

const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const location = { name: 'zookeeper z:2181/sluice', keyOf };
const liveLocation: LiveLocation = { layer: 'live', ...location };
const required = { 'reject-prob-min': '0.5', 'reject-prob-max': '0.7' };
const said = (keys: Readonly<Record<string, string>>) => settingsOfKeys(new Map(Object.entries(keys)));

function load(keys: Readonly<Record<string, string>>, ...assignments: string[]): Promise<LoadedSettings> {
  return loadSettings({
    live: { location, settings: said(keys).settings },
    environment: { SLUICE_ZOOKEEPER__HOSTS: 'z:2181' },
    assignments,
    baseFolders,
  });
}

describe('the keys in ZooKeeper', () => {
  it('the ZooKeeper keys are names of settings that exist', () => {
    const names = new Set(settingsOf(settingsSchema).map(({ path }) => path.join('.')));
    // Kinds that a build may lack: their keys are reported as unused.
    const optional = /^(?:store\.mysql|kafka|source\.(?:topic|concurrentPartitions))/;
    for (const [key, name] of Object.entries(zookeeperKeys))
      expect(names.has(name) || optional.test(name), key).toBe(true);
  });

  it.each([
    [[], []],
    [['source.kind=kafka', 'kafka.brokers=[one:9092]'], ['topic-name']],
    [['store.kind=mysql'], ['jdbc-host', 'jdbc-db', 'jdbc-user']],
    [
      ['model.store=hdfs', 'model.hdfs.url=http://n:9870', 'model.hdfs.path=/m', 'model.localPath=/l'],
      ['hadoop-url', 'hdfs-path', 'local-path'],
    ],
  ])('the ZooKeeper keys are required by the kinds that the settings name: %j', async (assignments, keys) => {
    const { settings } = await loadSettings({ environment: {}, assignments, baseFolders });
    expect(requiredKeys(settings).map(({ key }) => key)).toEqual([
      'reject-prob-min',
      'reject-prob-max',
      ...keys,
    ]);
  });

  it('the ZooKeeper keys have the types of their settings', () => {
    expect(
      said({
        ...required,
        'hadoop-url': 'http://n:9870',
        'hdfs-path': '/models',
        'local-path': '/var/models',
        'window-length': '2',
        'spark-partitions': '3\n',
        'model-version': '20260101T000000Z-0123abcd',
        'model-activations': '{"active": 1}',
      }),
    ).toEqual({
      settings: {
        decide: { rejectMin: 0.5, rejectMax: 0.7 },
        model: {
          hdfs: { url: 'http://n:9870', path: '/models' },
          localPath: '/var/models',
          version: '20260101T000000Z-0123abcd',
        },
        batch: { maxAgeSeconds: 2 },
        pool: { threads: 3 },
      },
      unknown: [],
    });
  });

  it('the ZooKeeper keys may be any other setting under its own name, in JSON if it has chosen names', () => {
    expect(
      said({ 'log.level': 'debug', 'decide.communities': '{"a.b": {"rejectMin": 0.1}}', trace: 'all' })
        .settings,
    ).toEqual({
      log: { level: 'debug' },
      decide: { communities: { 'a.b': { rejectMin: 0.1 } } },
      trace: 'all',
    });
  });

  it.each([
    'reject-prob-mim',
    'decide',
    'decide.nothing',
    'zookeeper.hosts',
    'state.path',
    '__proto__',
    'a..b',
    '',
  ])('the ZooKeeper keys mean nothing if they are %j', (key) => {
    const { settings, unknown } = settingsOfKeys(new Map([[key, '1']]));
    expect(settings).toEqual({});
    expect(unknown.map((each) => each.key)).toEqual([key]);
  });

  it('unknown ZooKeeper keys are reported with the one that was probably meant', () => {
    expect(said({ 'reject-prob-mim': '1' }).unknown).toEqual([
      { key: 'reject-prob-mim', nearest: 'reject-prob-min' },
    ]);
  });
});

describe('settings with ZooKeeper', () => {
  it('settings with ZooKeeper name each required key that is missing, unless another source gives its setting', async () => {
    await expect(load({})).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringMatching(/key reject-prob-min.*key reject-prob-max/s) as unknown,
    });
    await load({ 'reject-prob-min': '0.5' }, 'decide.rejectMax=0.9');
    await expect(load(required, 'model.store=hdfs')).rejects.toMatchObject({
      message: expect.stringMatching(/key hadoop-url.*key hdfs-path.*key local-path/s) as unknown,
    });
    const hdfs = { 'hadoop-url': 'http://a:1,http://b:2', 'hdfs-path': '/m', 'local-path': 'm' };
    const { settings } = await load({ ...required, ...hdfs }, 'model.store=hdfs');
    expect(settings.model.localPath).toBe('/here/m');
  });

  it.each([
    ['reject-prob-max', 'high', 'decide.rejectMax must be a number from 0 to 1, but is "high"'],
    ['reject-prob-min', '', 'decide.rejectMin must be a number from 0 to 1, but is ""'],
    ['spark-partitions', '1.5', 'pool.threads must be a whole number from 1 to 256, but is 1.5'],
    ['hadoop-url', 'hdfs://n:8020', 'model.hdfs.url must be addresses'],
    ['hdfs-path', '/a/../b', 'model.hdfs.path must be an absolute path'],
    ['model-version', 'newest', 'model.version must be'],
    ['decide.communities', '{', 'decide.communities must be a section of settings'],
  ])('settings with ZooKeeper refuse %s if it is %j, and name the key', async (key, text, problem) => {
    const error = (await load({ ...required, [key]: text }).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain(problem);
    expect(error.message).toContain(`(zookeeper z:2181/sluice`);
    if (key in zookeeperKeys) expect(error.message).toContain(`(zookeeper z:2181/sluice/${key})`);
  });

  it('settings with ZooKeeper state for each value which key it comes from', async () => {
    const loaded = await load(required, 'decide.rejectMax=0.8');
    const from = (name: string) => explainSettings(loaded).find((each) => each.name === name)?.from;
    expect(from('decide.rejectMin')).toBe('zookeeper z:2181/sluice/reject-prob-min');
    expect(from('decide.rejectMax')).toBe('--set');
    expect(from('mode')).toBe('default');
  });

  it('settings with ZooKeeper keep a threshold whose key was removed', async () => {
    const before = await load(required);
    expect(applyLive(before, liveLocation, said({ 'reject-prob-max': '0.7' }).settings).kind).toBe('refused');
    expect(
      applyLive(before, liveLocation, said({ ...required, 'reject-prob-min': '0.6' }).settings),
    ).toMatchObject({
      kind: 'applied',
      changed: ['decide.rejectMin'],
    });
  });

  it('the address of ZooKeeper can be read from settings that are otherwise invalid', async () => {
    const before = await settingsBeforeLive({
      environment: { SLUICE_ZOOKEEPER__HOSTS: 'z:2181', SLUICE_MODE: 'wrong' },
      assignments: ['model.store=hdfs'],
      baseFolders,
    });
    expect(before.zookeeper).toMatchObject({ hosts: 'z:2181', path: '/sluice' });
  });
});

describe('settings with HDFS and without ZooKeeper', () => {
  it('settings with HDFS and without ZooKeeper require its address, its path and a local folder', async () => {
    const given = (...assignments: string[]) =>
      loadSettings({ environment: {}, assignments: ['model.store=hdfs', ...assignments], baseFolders });
    await expect(given()).rejects.toMatchObject({
      message: expect.stringMatching(/model\.hdfs\.url.*model\.hdfs\.path.*model\.localPath/s) as unknown,
    });
    await given('model.hdfs.url=http://n:9870', 'model.hdfs.path=/m', 'model.localPath=m');
  });
});
