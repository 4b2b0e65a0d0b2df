import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { HdfsActivation } from '../../src/adapters/hdfs/hdfs-activation.ts';
import { HdfsClient } from '../../src/adapters/hdfs/hdfs-client.ts';
import { HdfsModelStore } from '../../src/adapters/hdfs/hdfs-model-store.ts';
import { HdfsServer } from '../../src/cluster/hdfs-server.ts';
import { describeModelStore, madeUpModel, type StoredModel } from '../contract/suites/model-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../contract/temporary-folder.ts';
import { inStandby, StubNameNode } from '../unit/adapters-hdfs/stub-name-node.ts';
import { TcpProxy } from './tcp-proxy.ts';

let folder: TemporaryFolder;
let server: HdfsServer;
let hdfs: HdfsClient;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await HdfsServer.start({ folder: join(folder.path, 'hdfs') });
  hdfs = client(server.url);
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await folder?.dispose();
});

function client(...urls: string[]): HdfsClient {
  return new HdfsClient({ urls, user: 'sluice', deadlineSeconds: 30 });
}

/** Puts files into HDFS as they are. */
async function put(path: string, { version, files }: Pick<StoredModel, 'version' | 'files'>): Promise<void> {
  await Promise.all(
    Object.entries(files).map(([name, bytes]) => hdfs.write(`${path}/${version}/${name}`, bytes)),
  );
}

const freshPath = () => `/models-${randomUUID()}`;

describeModelStore('HdfsModelStore', async () => {
  const local = await temporaryFolder();
  const path = freshPath();
  return {
    store: new HdfsModelStore({
      hdfs,
      path,
      local: new FolderModelStore(join(local.path, 'models')),
      keepVersions: 3,
    }),
    put: (model) => put(path, model),
    dispose: local.dispose,
  };
});

describe('HdfsModelStore', () => {
  let path: string;
  let here: string;
  let local: FolderModelStore;
  beforeEach(async () => {
    path = freshPath();
    here = join(folder.path, randomUUID());
    local = new FolderModelStore(here);
  });
  const storeOn = (on: HdfsClient, keepVersions = 3) =>
    new HdfsModelStore({ hdfs: on, path, local, keepVersions });

  async function layElsewhere(model: StoredModel) {
    const at = join(folder.path, randomUUID(), model.version);
    await mkdir(at, { recursive: true });
    for (const [name, bytes] of Object.entries(model.files)) await writeFile(join(at, name), bytes);
    return { version: model.version, path: at, sha256: model.sha256 };
  }

  it('HdfsModelStore pushes a model that others fetch byte for byte, whatever its bytes are', async () => {
    const every = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 256));
    const model = madeUpModel('20260101T000000Z', every.toString('latin1'));
    const store = storeOn(hdfs);
    await store.push(await layElsewhere(model));
    expect(await store.list()).toEqual([model.version]);
    await store.push(await layElsewhere(model));
    expect(await storeOn(client(server.url)).fetch(model.version)).toEqual({
      version: model.version,
      path: join(here, model.version),
      sha256: model.sha256,
    });
    expect((await hdfs.readdir(path))?.map(({ pathSuffix }) => pathSuffix)).toEqual([model.version]);
  });

  it('HdfsModelStore replaces an incomplete upload, which was never listed as a model', async () => {
    const model = madeUpModel();
    const { 'manifest.json': _, ...half } = model.files;
    await put(path, { version: model.version, files: half });
    const store = storeOn(hdfs);
    expect(await store.list()).toEqual([]);
    await expect(store.fetch(model.version)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await store.push(await layElsewhere(model));
    expect(await store.list()).toEqual([model.version]);
  });

  it('HdfsModelStore removes the files of a push that was killed, but none of a push that may still run', async () => {
    const [left, recent] = [
      '.20260101T000000Z-0123abcd.00000001.part',
      '.20260101T000000Z-0123abcd.00000002.part',
    ];
    for (const name of [left, recent, 'notes.part'])
      await hdfs.write(`${path}/${name}/manifest.json`, Buffer.from('{}'));
    const twoHoursAgo = Date.now() - 2 * 3_600_000;
    for (const name of [left, 'notes.part']) {
      const times = `op=SETTIMES&user.name=sluice&modificationtime=${twoHoursAgo}`;
      const answer = await fetch(`${server.url}/webhdfs/v1${path}/${name}?${times}`, { method: 'PUT' });
      expect(answer.status).toBe(200);
    }
    const model = madeUpModel();
    await storeOn(hdfs).push(await layElsewhere(model));
    expect((await hdfs.readdir(path))?.map(({ pathSuffix }) => pathSuffix).sort()).toEqual(
      [recent, model.version, 'notes.part'].sort(),
    );
  });

  it('HdfsModelStore leaves no model in HDFS when a push is interrupted, and none on this disk when a fetch is interrupted', async () => {
    const proxy = await TcpProxy.to(server.httpPort);
    const through = new HdfsClient({
      urls: [`http://127.0.0.1:${proxy.port}`],
      user: 'sluice',
      deadlineSeconds: 1,
    });
    const model = madeUpModel('20260101T000000Z', 'x'.repeat(1_000_000));
    const pushed = storeOn(through).push(await layElsewhere(model));
    await new Promise((resolve) => setTimeout(resolve, 60));
    proxy.swallow();
    await expect(pushed).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED', retriable: true });
    expect(await storeOn(hdfs).list()).toEqual([]);

    proxy.pass();
    await storeOn(hdfs).push(await layElsewhere(model));
    const fetched = storeOn(through).fetch(model.version);
    await new Promise((resolve) => setTimeout(resolve, 10));
    proxy.swallow();
    await expect(fetched).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED', retriable: true });
    expect((await readdir(here)).filter((name) => name !== 'copies.json')).toEqual([]);
    proxy.pass();
    await storeOn(through).fetch(model.version);
    await proxy.close();
  });

  it('HdfsModelStore refuses a manifest other than the activated one, even if its hash begins with the digits of the version', async () => {
    const model = madeUpModel();
    await put(path, model);
    const sha256 = createHash('sha256').update(model.files['manifest.json']!).digest('hex');
    const store = storeOn(hdfs);
    await expect(store.fetch(model.version, `${sha256.slice(0, 8)}${'0'.repeat(56)}`)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
    await store.fetch(model.version, sha256);
    await expect(store.fetch(model.version, '0'.repeat(64))).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('HdfsModelStore keeps the local copies that were active last, and does not need HDFS to use them', async () => {
    const models = ['01', '02', '03', '04'].map((day) => madeUpModel(`202601${day}T000000Z`));
    for (const model of models) await put(path, model);
    const store = storeOn(hdfs, 2);
    for (const { version } of models) {
      await store.fetch(version);
      await store.becameActive(version);
    }
    const [, , third, fourth] = models.map(({ version }) => version);
    expect(await local.list()).toEqual([fourth, third]);
    await store.becameActive(third!);
    const nowhere = storeOn(client('http://127.0.0.1:9'));
    expect((await nowhere.lastGood())?.version).toBe(third);
    expect((await nowhere.fetch(fourth!)).version).toBe(fourth);
    await expect(nowhere.fetch(models[0]!.version)).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED' });
  });

  it('HdfsModelStore never removes local models that it has not fetched', async () => {
    const mine = madeUpModel('20251231T000000Z');
    await local.push(await layElsewhere(mine));
    const store = storeOn(hdfs, 2);
    for (const day of ['01', '02', '03']) {
      const model = madeUpModel(`202601${day}T000000Z`);
      await put(path, model);
      await store.fetch(model.version);
      await store.becameActive(model.version);
    }
    expect(await local.list()).toHaveLength(3);
    expect(await local.list()).toContain(mine.version);
  });

  it('HdfsModelStore uses the NameNode that is not in standby', async () => {
    const standby = await StubNameNode.start(inStandby);
    const model = madeUpModel();
    const store = storeOn(client(standby.url, server.url));
    await store.push(await layElsewhere(model));
    expect(await store.list()).toEqual([model.version]);
    await standby.close();
  });
});

describe('HdfsActivation', () => {
  it('HdfsActivation is read as it was written, also after repeated writes', async () => {
    const activation = new HdfsActivation(hdfs, freshPath());
    expect(await activation.read()).toBeUndefined();
    for (const day of ['01', '02']) {
      const activations = {
        active: { version: `202601${day}T000000Z-0123abcd`, sha256: '0'.repeat(64) },
        before: [],
      };
      await activation.write(activations);
      expect(await activation.read()).toEqual(activations);
    }
  });
});
