import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { S3Activation } from '../../src/adapters/s3/s3-activation.ts';
import { S3Client, type S3ClientOptions } from '../../src/adapters/s3/s3-client.ts';
import { S3ModelStore } from '../../src/adapters/s3/s3-model-store.ts';
import { S3Server } from '../../src/cluster/s3-server.ts';
import { describeModelStore, madeUpModel, type StoredModel } from '../contract/suites/model-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../contract/temporary-folder.ts';
import { TcpProxy } from './tcp-proxy.ts';

let folder: TemporaryFolder;
let server: S3Server;
let bucket: S3Client;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await S3Server.start({ folder: join(folder.path, 's3') });
  bucket = client();
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await folder?.dispose();
});

function client(options: Partial<S3ClientOptions> = {}): S3Client {
  const { url, accessKeyId, secretAccessKey } = server;
  return new S3Client({
    ...{ endpoint: url, region: 'us-east-1', bucket: server.bucket, accessKeyId, secretAccessKey },
    ...{ forcePathStyle: true, deadlineSeconds: 30, ...options },
  });
}

/** Puts files into the bucket as they are. */
async function put(
  prefix: string,
  { version, files }: Pick<StoredModel, 'version' | 'files'>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(files))
    await bucket.write(`${prefix}/${version}/${name}`, Buffer.from(bytes));
}

const freshPrefix = () => `models-${randomUUID()}/below`;

describeModelStore('S3ModelStore', async () => {
  const local = await temporaryFolder();
  const prefix = freshPrefix();
  return {
    store: new S3ModelStore({
      bucket,
      prefix,
      local: new FolderModelStore(join(local.path, 'models')),
      keepVersions: 3,
    }),
    put: (model) => put(prefix, model),
    dispose: local.dispose,
  };
});

describe('S3ModelStore on a server', () => {
  let prefix: string;
  let here: string;
  let local: FolderModelStore;
  beforeEach(async () => {
    prefix = freshPrefix();
    here = join(folder.path, randomUUID());
    local = new FolderModelStore(here);
  });
  const storeOn = (on: S3Client, keepVersions = 3) =>
    new S3ModelStore({ bucket: on, prefix, local, keepVersions });

  async function layElsewhere(model: StoredModel) {
    const at = join(folder.path, randomUUID(), model.version);
    await mkdir(at, { recursive: true });
    for (const [name, bytes] of Object.entries(model.files)) await writeFile(join(at, name), bytes);
    return { version: model.version, path: at, sha256: model.sha256 };
  }

  it('S3ModelStore on a server pushes a model that others fetch byte for byte, whatever its bytes are', async () => {
    const every = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 256));
    const model = madeUpModel('20260101T000000Z', every.toString('latin1'));
    const store = storeOn(bucket);
    await store.push(await layElsewhere(model));
    await store.push(await layElsewhere(model));
    expect(await store.list()).toEqual([model.version]);
    const fetched = await storeOn(client()).fetch(model.version);
    expect(fetched).toEqual({
      version: model.version,
      path: join(here, model.version),
      sha256: model.sha256,
    });
    const graph = await readFile(join(fetched.path, 'linear.onnx'));
    expect(graph.equals(model.files['linear.onnx']!)).toBe(true);
  });

  it('S3ModelStore on a server has the model once if two push it at the same time, and refuses another under its version', async () => {
    const model = madeUpModel();
    const [one, other] = [await layElsewhere(model), await layElsewhere(model)];
    await Promise.all([storeOn(client()).push(one), storeOn(client()).push(other)]);
    expect(await storeOn(bucket).list()).toEqual([model.version]);
    await storeOn(bucket).fetch(model.version);

    const taken = madeUpModel('20260202T000000Z');
    await put(prefix, { version: taken.version, files: { 'manifest.json': Buffer.from('another') } });
    await expect(storeOn(bucket).push(await layElsewhere(taken))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
  });

  it('S3ModelStore on a server shows no model if the connection is cut in the middle of a push or a fetch', async () => {
    const proxy = await TcpProxy.to(server.port);
    const through = client({ endpoint: `http://127.0.0.1:${proxy.port}`, deadlineSeconds: 1 });
    const model = madeUpModel('20260101T000000Z', 'x'.repeat(200_000));
    const laid = await layElsewhere(model);
    // All but the manifest arrives.
    const manifestIsCut: Pick<S3Client, 'addressOf' | 'read' | 'write' | 'list'> = {
      addressOf: (key) => through.addressOf(key),
      read: (key, most) => through.read(key, most),
      list: (from) => through.list(from),
      write: (key, bytes, condition) => {
        if (key.endsWith('manifest.json')) proxy.swallow();
        return through.write(key, bytes, condition);
      },
    };
    const cut = new S3ModelStore({ bucket: manifestIsCut, prefix, local, keepVersions: 3 });
    await expect(cut.push(laid)).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED', retriable: true });
    expect(await bucket.list(prefix)).toHaveLength(3);
    expect(await storeOn(bucket).list()).toEqual([]);

    proxy.pass();
    await storeOn(through).push(laid);
    expect(await storeOn(bucket).list()).toEqual([model.version]);
    proxy.swallow();
    await expect(storeOn(through).fetch(model.version)).rejects.toMatchObject({
      code: 'MODEL_STORE_FAILED',
      retriable: true,
    });
    expect((await readdir(here)).filter((name) => name !== 'copies.json')).toEqual([]);
    await proxy.close();
  });

  it('S3ModelStore on a server uses local copies and reports a retriable error while the server is down', async () => {
    const models = ['01', '02', '03', '04'].map((day) => madeUpModel(`202601${day}T000000Z`));
    for (const model of models) await put(prefix, model);
    const store = storeOn(client({ deadlineSeconds: 5 }), 2);
    for (const { version } of models) {
      await store.fetch(version);
      await store.becameActive(version);
    }
    const [first, , third, fourth] = models.map(({ version }) => version);
    expect(await local.list()).toEqual([fourth, third]);
    await server.stop();
    try {
      expect((await store.lastGood())?.version).toBe(fourth);
      expect((await store.fetch(third!)).version).toBe(third);
      const failed = { code: 'MODEL_STORE_FAILED', retriable: true };
      await expect(store.fetch(first!)).rejects.toMatchObject(failed);
      await expect(store.list()).rejects.toMatchObject(failed);
    } finally {
      await server.restart();
    }
    expect(await store.list()).toHaveLength(4);
  });

  it('S3ModelStore on a server says which setting is wrong: key, secret or bucket', async () => {
    for (const [wrong, advice] of [
      [{ accessKeyId: 'nobody' }, 'model.s3.accessKeyId'],
      [{ secretAccessKey: 'wrong' }, 'model.s3.secretAccessKey'],
      [{ bucket: 'no-such-bucket' }, 'model.s3.bucket'],
    ] as const)
      await expect(storeOn(client(wrong)).list()).rejects.toMatchObject({
        code: 'MODEL_STORE_FAILED',
        retriable: false,
        message: expect.stringContaining(advice),
      });
  });
});

describe('S3Activation on a server', () => {
  const activationOf = (day: string) => ({
    active: { version: `202601${day}T000000Z-0123abcd`, sha256: '0'.repeat(64) },
    before: [],
  });

  it('S3Activation on a server is read as it was written, and refuses who has not seen the last change', async () => {
    const prefix = freshPrefix();
    const [one, other] = [new S3Activation(bucket, prefix), new S3Activation(client(), prefix)];
    expect(await one.read()).toBeUndefined();
    expect(await other.read()).toBeUndefined();
    for (const day of ['01', '02']) {
      await one.write(activationOf(day));
      expect(await new S3Activation(bucket, prefix).read()).toEqual(activationOf(day));
    }
    await expect(other.write(activationOf('03'))).rejects.toMatchObject({
      code: 'MODEL_STORE_FAILED',
      retriable: true,
    });
    expect(await other.read()).toEqual(activationOf('02'));
    await other.write(activationOf('03'));
    expect(await one.read()).toEqual(activationOf('03'));
  });
});
