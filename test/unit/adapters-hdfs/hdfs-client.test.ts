import { afterEach, describe, expect, it } from 'vitest';
import { HdfsClient } from '../../../src/adapters/hdfs/hdfs-client.ts';
import { type Answer, inStandby, json, StubNameNode } from './stub-name-node.ts';

const open: StubNameNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

async function nodes(...answers: Answer[]): Promise<{ hdfs: HdfsClient; stubs: readonly StubNameNode[] }> {
  const stubs = await Promise.all(answers.map((answer) => StubNameNode.start(answer)));
  open.push(...stubs);
  return {
    stubs,
    hdfs: new HdfsClient({ urls: stubs.map(({ url }) => url), user: 'test', deadlineSeconds: 0.3 }),
  };
}

const unavailable: Answer = (_, response) =>
  response.writeHead(503, { 'content-type': 'text/html' }).end('<html>the service is unavailable</html>');
const silent: Answer = () => {};
const content: Answer = (_, response) => response.writeHead(200).end('content');
const away = { code: 'MODEL_STORE_FAILED', retriable: true };

describe('a read from HDFS', () => {
  it('a read from HDFS returns the bytes of the file, and at most one more than the limit', async () => {
    const { hdfs } = await nodes(content);
    expect((await hdfs.read('/models/a', 100))?.toString()).toBe('content');
    expect((await hdfs.read('/models/a', 7))?.toString()).toBe('content');
    expect((await hdfs.read('/models/a', 3))?.toString()).toBe('cont');
  });

  it('a read from HDFS does not treat the page of a 503 as content', async () => {
    const { hdfs } = await nodes(unavailable);
    await expect(hdfs.read('/models/a', 100)).rejects.toMatchObject(away);
  });

  it('a read from HDFS treats a 404 as a missing file: with a body, in chunks, and without a body', async () => {
    const missing = { RemoteException: { exception: 'FileNotFoundException', message: 'no such file' } };
    const bodies: Answer[] = [
      (_, response) => json(response, 404, missing),
      (_, response) => response.writeHead(404).end(),
      (_, response) => {
        response.writeHead(404);
        const text = JSON.stringify(missing);
        response.write(text.slice(0, 20));
        setTimeout(() => response.write(text.slice(20, 40)), 20);
        setTimeout(() => response.end(text.slice(40)), 40);
      },
    ];
    for (const body of bodies) expect(await (await nodes(body)).hdfs.read('/models/a', 100)).toBeUndefined();
  });

  it('a read from HDFS that is cut off is an error', async () => {
    const { hdfs } = await nodes((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(hdfs.read('/models/a', 1000)).rejects.toMatchObject(away);
  });

  it('a read from HDFS reaches its deadline if the server is silent or stops halfway', async () => {
    const stops: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning');
    };
    for (const answer of [silent, stops]) {
      const { hdfs } = await nodes(answer);
      const begin = performance.now();
      await expect(hdfs.read('/models/a', 1000)).rejects.toMatchObject(away);
      expect(performance.now() - begin).toBeLessThan(20_000);
    }
  });

  it('a read from HDFS fails if nothing listens on the port', async () => {
    const { hdfs, stubs } = await nodes(content);
    await stubs[0]!.close();
    open.length = 0;
    await expect(hdfs.read('/models/a', 100)).rejects.toMatchObject(away);
    await expect(hdfs.stat('/models/a')).rejects.toMatchObject(away);
    await expect(hdfs.write('/models/a', Buffer.from('x'))).rejects.toMatchObject(away);
  });
});

describe('a write to HDFS', () => {
  it('a write to HDFS fails if the DataNode reports 503 or nothing', async () => {
    for (const answer of [unavailable, silent]) {
      const data = await nodes(answer);
      const { hdfs } = await nodes((_, response) => {
        response.writeHead(307, { location: `${data.stubs[0]!.url}/data` }).end();
      });
      const written = hdfs.write('/models/a', Buffer.from('bytes'));
      // The library reports a 503 as a success, so a writer reads back. It does not report a silence at all.
      if (answer === silent) await expect(written).rejects.toMatchObject(away);
      else await written;
    }
  });
});

describe('two NameNodes', () => {
  const status = { FileStatus: { pathSuffix: '', type: 'FILE', length: 7, modificationTime: 0 } };
  const active: Answer = (request, response) =>
    request.url?.includes('op=open') ? content(request, response) : json(response, 200, status);

  it.each([
    ['in standby', inStandby],
    ['unavailable', unavailable],
    ['silent', silent],
  ])(
    'two NameNodes work like one while one of them is %s, and the one that answered is called first from then on',
    async (_, other) => {
      const { hdfs, stubs } = await nodes(other, active);
      expect((await hdfs.stat('/models/a'))?.length).toBe(7);
      expect((await hdfs.read('/models/a', 7))?.toString()).toBe('content');
      expect(stubs[0]!.asked).toBe(1);
      stubs[0]!.answer = active;
      stubs[1]!.answer = inStandby;
      expect((await hdfs.read('/models/a', 7))?.toString()).toBe('content');
      expect((await hdfs.stat('/models/a'))?.length).toBe(7);
    },
  );

  it('two NameNodes are unavailable when both are in standby, and each error states its reason', async () => {
    const { hdfs, stubs } = await nodes(inStandby, inStandby);
    const error = (await hdfs.stat('/models/a').catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject(away);
    for (const { url } of stubs) expect(error.message).toContain(`${url}: StandbyException`);
  });

  it('two NameNodes do not replace each other if one refuses a request', async () => {
    const refuses: Answer = (_, response) =>
      json(response, 403, { RemoteException: { exception: 'AccessControlException', message: 'denied' } });
    const { hdfs, stubs } = await nodes(refuses, active);
    await expect(hdfs.stat('/models/a')).rejects.toMatchObject({
      code: 'MODEL_STORE_FAILED',
      retriable: false,
    });
    await expect(hdfs.read('/models/a', 7)).rejects.toMatchObject({ retriable: false });
    expect(stubs[1]!.asked).toBe(0);
  });
});

describe('a path in HDFS', () => {
  it.each(['models', '/', '/a b', '/a%20b', '/börse', '/a/../b', '/a//b', '/a/./b'])(
    'a path in HDFS may not be %j',
    async (path) => {
      const { hdfs, stubs } = await nodes(content);
      await expect(hdfs.read(path, 1)).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED' });
      expect(stubs[0]!.asked).toBe(0);
    },
  );
});
