import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Client } from '../../../src/adapters/s3/s3-client.ts';
import { type Answer, etagOf, refuse, StubS3, send } from './stub-s3.ts';

let stub: StubS3;
beforeEach(async () => {
  stub = await StubS3.start((_, response) => refuse(response, 404, 'NoSuchKey'));
});
afterEach(() => stub.close());

const hello = Buffer.from('hello');

/** Answers the first requests one after the other, and all later ones by the last. */
function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0;
  return (request, response) => answers[Math.min(turn++, answers.length - 1)]!(request, response);
}

const cutsOff: Answer = (_, response) => response.destroy();
const stored: Answer = (_, response) => send(response, hello);

describe('S3Client', () => {
  it('S3Client reads an object with its ETag, undefined if there is none, and at most one byte too many', async () => {
    expect(await stub.client().read('models/a', 10)).toBeUndefined();
    stub.answer = stored;
    expect(await stub.client().read('models/a', 10)).toEqual({ bytes: hello, etag: etagOf(hello) });
    expect((await stub.client().read('models/a', 2))?.bytes.toString()).toBe('hel');
    expect(stub.requests[0]).toMatchObject({ method: 'GET', path: '/bucket/models/a' });
  });

  it('S3Client signs the hash of what it sends, and never sends the secret', async () => {
    stub.answer = stored;
    await stub.client().write('models/a', hello, 'absent');
    const { headers } = stub.requests[0]!;
    expect(headers['x-amz-content-sha256']).toBe(
      '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
    expect(headers.authorization).toContain('Credential=key/');
    expect(headers.authorization).toContain('if-none-match');
    expect(JSON.stringify(headers)).not.toContain('not-to-be-sent');
  });

  it.each<[string, Answer]>([
    ['is unavailable', (_, response) => refuse(response, 503, 'SlowDown')],
    ['has an error of its own', (_, response) => response.writeHead(500).end()],
    ['meets another write', (_, response) => refuse(response, 409, 'ConditionalRequestConflict')],
    ['waits too long', (_, response) => refuse(response, 400, 'RequestTimeout')],
    ['cuts the connection', cutsOff],
    [
      'cuts a body',
      (_, response) => {
        response.writeHead(200, { 'content-length': 5, etag: etagOf(hello) });
        response.write('hel');
        setTimeout(() => response.destroy(), 10);
      },
    ],
  ])('S3Client asks again if the service %s', async (_, failure) => {
    stub.answer = inTurn(failure, failure, stored);
    expect((await stub.client().read('models/a', 10))?.bytes).toEqual(hello);
    stub.answer = inTurn(failure, stored);
    expect(await stub.client().write('models/a', hello)).toBe(etagOf(hello));
  });

  it('S3Client reports a service that does not answer as retriable: unavailable, away or silent', async () => {
    const expected = { code: 'MODEL_STORE_FAILED', retriable: true };
    stub.answer = (_, response) => refuse(response, 503, 'SlowDown');
    await expect(stub.client().read('models/a', 1)).rejects.toMatchObject(expected);
    stub.answer = () => {};
    await expect(stub.client({ deadlineSeconds: 0.2 }).read('models/a', 1)).rejects.toMatchObject({
      ...expected,
      message: expect.stringContaining('no answer within'),
    });
    const gone = await StubS3.start(stored);
    await gone.close();
    await expect(gone.client().read('models/a', 1)).rejects.toMatchObject({
      ...expected,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    [403, 'AccessDenied', 's3:PutObject'],
    [403, 'InvalidAccessKeyId', 'model.s3.accessKeyId'],
    [403, 'SignatureDoesNotMatch', 'model.s3.secretAccessKey'],
    [403, 'RequestTimeTooSkewed', 'clocks'],
    [404, 'NoSuchBucket', 'model.s3.bucket'],
    [301, 'PermanentRedirect', 'model.s3.region'],
    [400, 'AuthorizationHeaderMalformed', 'model.s3.region'],
    [501, 'NotImplemented', 'conditional writes'],
    [400, 'SomethingNew', 'because & so; check model.s3'],
  ])('S3Client says what to do about status %i with the code %s, at once', async (status, code, advice) => {
    stub.answer = (_, response) => refuse(response, status, code);
    const refused = {
      code: 'MODEL_STORE_FAILED',
      retriable: false,
      message: expect.stringContaining(advice),
    };
    const client = stub.client();
    await expect(client.read('models/a', 1)).rejects.toMatchObject(refused);
    await expect(client.write('models/a', hello, 'absent')).rejects.toMatchObject(refused);
    await expect(client.list('models/')).rejects.toMatchObject(refused);
    expect(stub.requests).toHaveLength(3);
  });

  it('S3Client takes no other web server for an S3 service', async () => {
    stub.answer = (_, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>none</html>');
    await expect(stub.client().read('models/a', 1)).rejects.toMatchObject({
      message: expect.stringContaining('no S3 service answers like this'),
    });
    stub.answer = (_, response) => send(response, '<html><body>welcome</body></html>');
    await expect(stub.client().list('models/')).rejects.toMatchObject({
      message: expect.stringContaining('is model.s3.endpoint an S3 service?'),
    });
  });

  it('S3Client reports a condition that does not hold, and finds its own write if only the answer was lost', async () => {
    const other = Buffer.from('other');
    const refused: Answer = ({ method }, response) =>
      method === 'PUT' ? refuse(response, 412, 'PreconditionFailed') : send(response, other);
    stub.answer = refused;
    expect(await stub.client().write('models/a', hello, 'absent')).toBeUndefined();
    expect(await stub.client().write('models/a', hello, { etag: '"1"' })).toBeUndefined();
    expect(stub.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-match'])).toEqual([
      '*',
      undefined,
      '"1"',
      undefined,
    ]);
    stub.answer = inTurn(cutsOff, (_, response) => refuse(response, 412, 'PreconditionFailed'), stored);
    expect(await stub.client().write('models/a', hello, 'absent')).toBe(etagOf(hello));
  });

  it('S3Client lists all pages', async () => {
    stub.answer = ({ query }, response) => {
      const second = query.get('continuation-token') === 'to+ken/=';
      const key = second ? 'models/b&amp;c' : 'models/a';
      const more = second
        ? '<IsTruncated>false</IsTruncated>'
        : '<IsTruncated>true</IsTruncated><NextContinuationToken>to+ken/=</NextContinuationToken>';
      response
        .writeHead(200)
        .end(
          `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>models/</Prefix>${more}` +
            `<Contents><Key>${key}</Key><Size>${second ? 2 : 1}</Size><Owner><ID>x</ID></Owner></Contents></ListBucketResult>`,
        );
    };
    expect(await stub.client().list('models/')).toEqual([
      { key: 'models/a', bytes: 1 },
      { key: 'models/b&c', bytes: 2 },
    ]);
    expect(stub.requests[0]).toMatchObject({ path: '/bucket' });
    expect(stub.requests[0]!.query.get('list-type')).toBe('2');
  });

  it('S3Client has the bucket in the path or in the host', () => {
    const options = {
      endpoint: 'https://s3.example:9000',
      region: 'us-east-1',
      bucket: 'bucket',
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      deadlineSeconds: 1,
    };
    const inPath = new S3Client({ ...options, forcePathStyle: true });
    expect(inPath.addressOf('a/b')).toBe('https://s3.example:9000/bucket/a/b');
    expect(inPath.addressOf()).toBe('https://s3.example:9000/bucket');
    const inHost = new S3Client({ ...options, forcePathStyle: false });
    expect(inHost.addressOf('a/b')).toBe('https://bucket.s3.example:9000/a/b');
  });
});
