import zookeeper from 'node-zookeeper-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ZooKeeperActivation } from '../../src/adapters/zookeeper/zookeeper-activation.ts';
import {
  ZooKeeperSettings,
  type ZooKeeperSettingsOptions,
} from '../../src/adapters/zookeeper/zookeeper-settings.ts';
import { ZooKeeperSettingsWriter } from '../../src/adapters/zookeeper/zookeeper-settings-writer.ts';
import { freePort } from '../../src/cluster/free-port.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import { activated } from '../../src/core/activations.ts';
import { nameOf } from '../../src/settings/setting-name.ts';
import { keyOf, settingsOfKeys } from '../../src/settings/zookeeper-keys.ts';
import { describeLiveSettings } from '../contract/suites/live-settings.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../contract/temporary-folder.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { freshPath, ZooKeeperNodes } from './zookeeper-nodes.ts';

let folder: TemporaryFolder;
let server: ZooKeeperServer;
let nodes: ZooKeeperNodes;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await ZooKeeperServer.start({ folder: folder.path });
  nodes = await ZooKeeperNodes.open(server.hosts);
}, 300_000);
afterAll(async () => {
  nodes?.close();
  await server?.stop();
  await folder?.dispose();
});

function settingsAt(path: string, options: Partial<ZooKeeperSettingsOptions> = {}): ZooKeeperSettings {
  return new ZooKeeperSettings({
    hosts: server.hosts,
    path,
    deadlineSeconds: 2,
    pollSeconds: 60,
    settingsOf: (keys) => settingsOfKeys(keys).settings,
    log: quietLog,
    ...options,
  });
}

describeLiveSettings('ZooKeeperSettings', async () => {
  const path = freshPath();
  await nodes.set(`${path}/model-activations`, '{}');
  const opened: ZooKeeperSettings[] = [];
  return {
    open: async () => {
      const settings = settingsAt(path);
      opened.push(settings);
      return settings;
    },
    write: async ({ decide, log }) => {
      const { rejectMin, communities } = decide as { rejectMin: number; communities?: object };
      await nodes.set(`${path}/reject-prob-min`, String(rejectMin));
      if (communities !== undefined)
        await nodes.set(`${path}/decide.communities`, JSON.stringify(communities));
      if (log !== undefined) await nodes.set(`${path}/log.level`, (log as { level: string }).level);
    },
    dispose: async () => {
      for (const settings of opened) await settings.close();
    },
  };
});

describe('ZooKeeperSettings', () => {
  let path: string;
  let stop: AbortController;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    path = freshPath();
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    for (const end of ends.splice(0).reverse()) await end();
  });

  function open(options: Partial<ZooKeeperSettingsOptions> = {}): ZooKeeperSettings {
    const settings = settingsAt(path, options);
    ends.push(() => settings.close());
    return settings;
  }

  /** The settings at each change that was reported. */
  function follow(settings: ZooKeeperSettings): unknown[] {
    const seen: unknown[] = [];
    const watched = settings.watch(() => {
      settings.read().then(
        (now) => seen.push((now as { decide?: { rejectMin?: number } }).decide?.rejectMin),
        () => {},
      );
    }, stop.signal);
    ends.push(() => watched);
    return seen;
  }

  const until = async (what: () => boolean, seconds = 30) => {
    const deadline = performance.now() + seconds * 1000;
    while (!what()) {
      if (performance.now() > deadline) throw new Error(`not within ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const thresholdIs = (value: number) => nodes.set(`${path}/reject-prob-min`, String(value));

  it('ZooKeeperSettings sets its watches again after each change, because each fires only once', async () => {
    await thresholdIs(0.1);
    const seen = follow(open());
    await until(() => seen.at(-1) === 0.1);
    for (const value of [0.2, 0.3, 0.4, 0.5]) {
      await thresholdIs(value);
      await until(() => seen.at(-1) === value);
    }
  });

  it('ZooKeeperSettings notices keys that are added or removed, and a node that is created', async () => {
    const settings = open();
    const seen = follow(settings);
    await until(() => seen.length > 0);
    await thresholdIs(0.3);
    await until(() => seen.at(-1) === 0.3);
    await nodes.remove(`${path}/reject-prob-min`);
    await until(() => seen.at(-1) === undefined);
    expect(await settings.read()).toEqual({});
  });

  it('ZooKeeperSettings reads an empty node as an empty text, which is not a valid threshold', async () => {
    await nodes.set(`${path}/reject-prob-min`, '');
    await nodes.set(`${path}/log.level`, '');
    expect(await open().read()).toEqual({ decide: { rejectMin: '' }, log: { level: '' } });
  });

  it('ZooKeeperSettings continues with a new client after its session has expired', async () => {
    await thresholdIs(0.1);
    const proxy = await TcpProxy.to(server.port);
    ends.push(() => proxy.close());
    const seen = follow(
      open({ hosts: `127.0.0.1:${proxy.port}`, sessionSeconds: 1, pollSeconds: 0.5, deadlineSeconds: 1 }),
    );
    await until(() => seen.at(-1) === 0.1);
    proxy.swallow();
    // The server ends the session after a second without a ping; then it changes.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await thresholdIs(0.2);
    expect(seen.at(-1)).toBe(0.1);
    proxy.pass();
    await until(() => seen.at(-1) === 0.2);
    await thresholdIs(0.3);
    await until(() => seen.at(-1) === 0.3);
  });

  it('ZooKeeperSettings notices a frozen server, which reports no error, and reads what changed when it runs again', async () => {
    await thresholdIs(0.1);
    const warnings: string[] = [];
    const log = { ...quietLog, warn: (_: unknown, text: string) => warnings.push(text) };
    const settings = open({ pollSeconds: 0.5, deadlineSeconds: 1, log });
    const seen = follow(settings);
    await until(() => seen.at(-1) === 0.1);
    server.freeze();
    try {
      await until(() => warnings.length > 0);
      const begin = performance.now();
      await expect(settings.read()).rejects.toMatchObject({ code: 'SETTINGS_AWAY', retriable: true });
      expect(performance.now() - begin).toBeLessThan(20_000);
    } finally {
      server.unfreeze();
    }
    await thresholdIs(0.2);
    await until(() => seen.at(-1) === 0.2);
    expect(warnings).toHaveLength(1);
  });

  it('ZooKeeperSettings reports within its deadline that a missing server does not answer', async () => {
    const settings = open({ hosts: `127.0.0.1:${await freePort()}`, deadlineSeconds: 0.5 });
    const begin = performance.now();
    await expect(settings.read()).rejects.toMatchObject({ code: 'SETTINGS_AWAY', retriable: true });
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('ZooKeeperSettings continues after the server was killed and started again', async () => {
    await thresholdIs(0.1);
    const seen = follow(open({ pollSeconds: 0.5 }));
    await until(() => seen.at(-1) === 0.1);
    await server.kill();
    await server.restart();
    nodes.close();
    nodes = await ZooKeeperNodes.open(server.hosts);
    await thresholdIs(0.2);
    await until(() => seen.at(-1) === 0.2, 10);
  });

  it('ZooKeeperSettings reads nodes with a digest ACL only with the password', async () => {
    const auth = 'sluice:secret';
    const guarded = await ZooKeeperNodes.open(server.hosts, auth);
    ends.push(async () => guarded.close());
    await guarded.set(`${path}/reject-prob-min`, '0.25', zookeeper.ACL.CREATOR_ALL_ACL);
    expect(await open({ auth }).read()).toEqual({ decide: { rejectMin: 0.25 } });
    await expect(open().read()).rejects.toMatchObject({ code: 'SETTINGS_UNREADABLE' });
    await expect(open({ auth: 'sluice:wrong' }).read()).rejects.toMatchObject({
      code: 'SETTINGS_UNREADABLE',
    });
  });

  it('ZooKeeperSettings never returns only a part of what is written in one transaction', async () => {
    const activation = new ZooKeeperActivation({ hosts: server.hosts, deadlineSeconds: 2 }, path);
    const model = (i: number) => ({
      version: `20260101T00000${i}Z-0123abcd`,
      sha256: String(i).repeat(64),
    });
    await activation.write({ active: model(0), before: [] });
    const keys: ReadonlyMap<string, string>[] = [];
    const settings = open({
      settingsOf: (read) => {
        keys.push(read);
        return {};
      },
    });
    const watched = settings.watch(() => void settings.read(), stop.signal);
    ends.push(() => watched);
    for (let i = 1; i < 9; i++) {
      await activation.write(activated(model(i), await activation.read()));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await until(() => keys.at(-1)?.get('model-version') === model(8).version);
    for (const read of keys)
      expect(read.get('model-activations')).toContain(`"version": "${read.get('model-version')}"`);
    for (const read of keys)
      expect(JSON.parse(read.get('model-activations') ?? '')).toMatchObject({
        active: { version: read.get('model-version') },
      });
    expect((await activation.read())?.before[0]).toEqual(model(7));
  });

  it('ZooKeeperSettings treats a version that somebody wrote by hand as active, and remembers the previous one', async () => {
    const activation = new ZooKeeperActivation({ hosts: server.hosts, deadlineSeconds: 2 }, path);
    expect(await activation.read()).toBeUndefined();
    const first = { version: '20260101T000000Z-0123abcd', sha256: '0'.repeat(64) };
    await activation.write({ active: first, before: [] });
    await nodes.set(`${path}/model-version`, '20260102T000000Z-0123abcd\n');
    expect(await activation.read()).toEqual({
      active: { version: '20260102T000000Z-0123abcd' },
      before: [first],
    });
  });
});

describe('ZooKeeperSettingsWriter', () => {
  it('writes a setting to the key that it has always had, and one without such a key under its own name', async () => {
    const path = freshPath();
    await nodes.set(`${path}/reject-prob-max`, '0.7');
    await nodes.set(`${path}/decide.communities`, '{"chess": {"language": "de"}}');
    const writer = new ZooKeeperSettingsWriter({
      ...{ hosts: server.hosts, path, deadlineSeconds: 2 },
      settingsOf: (keys) => settingsOfKeys(keys).settings,
      keyOf: (setting) => keyOf(nameOf(setting)) ?? nameOf(setting),
    });
    const proposed = await writer.propose([
      { path: ['decide', 'rejectMax'], value: 0.9 },
      { path: ['decide', 'communities', 'chess', 'rejectMin'], value: 0.4 },
    ]);
    const expected = {
      decide: { rejectMax: 0.9, communities: { chess: { language: 'de', rejectMin: 0.4 } } },
    };
    expect(proposed.nested).toEqual(expected);
    const settings = settingsAt(path);
    expect(await settings.read()).toMatchObject({ decide: { rejectMax: 0.7 } });
    await proposed.write();
    expect(await settings.read()).toEqual(expected);
    await settings.close();
  });

  it('fails without a change where ZooKeeper does not answer', async () => {
    const writer = new ZooKeeperSettingsWriter({
      ...{ hosts: `127.0.0.1:${await freePort()}`, path: freshPath(), deadlineSeconds: 1 },
      ...{ settingsOf: () => ({}), keyOf: nameOf },
    });
    await expect(writer.propose([])).rejects.toMatchObject({ code: 'SETTINGS_AWAY', retriable: true });
  });
});
