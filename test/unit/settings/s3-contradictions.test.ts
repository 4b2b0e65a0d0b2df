import { expect, it } from 'vitest';
import { loadSettings } from '../../../src/settings/load-settings.ts';

const right = {
  store: 's3',
  localPath: '/tmp/models',
  's3.endpoint': 'https://objects.example:9000',
  's3.bucket': 'models',
  's3.accessKeyId': 'id',
};

async function problemsOf(
  changes: Readonly<Record<string, string | undefined>>,
  secret: string | undefined = 'secret',
): Promise<string> {
  const given = Object.entries({ ...right, ...changes }).filter(([, value]) => value !== undefined);
  return loadSettings({
    environment: secret === undefined ? {} : { SLUICE_MODEL__S3__SECRET_ACCESS_KEY: secret },
    baseFolders: { workingDirectory: '/tmp', packageRoot: '/tmp' },
    assignments: given.map(([name, value]) => `model.${name}=${value}`),
  }).then(
    () => '',
    (error: Error) => error.message,
  );
}

it('models in S3 need an address, a bucket, a key and a folder for copies', async () => {
  expect(await problemsOf({})).toBe('');
  for (const name of ['localPath', 's3.endpoint', 's3.bucket', 's3.accessKeyId'])
    expect(await problemsOf({ [name]: undefined })).toContain(`model.${name} is missing`);
});

it('http is refused for an S3 service off loopback, unless it is allowed', async () => {
  expect(await problemsOf({ 's3.endpoint': 'http://127.0.0.1:9000' })).toBe('');
  const http = { 's3.endpoint': 'http://10.0.0.5:9000' };
  expect(await problemsOf(http)).toContain('is http and not on a loopback');
  expect(await problemsOf({ ...http, 's3.allowWithoutTls': 'true' })).toBe('');
  expect(await problemsOf({ ...http, store: 'folder' })).toBe('');
});

it('a bucket cannot stand in the host of an IP address', async () => {
  const inHost = { 's3.forcePathStyle': 'false' };
  expect(await problemsOf(inHost)).toBe('');
  for (const endpoint of ['https://10.0.0.5', 'https://[::1]:9000'])
    expect(await problemsOf({ ...inHost, 's3.endpoint': endpoint })).toContain('model.s3.forcePathStyle');
});

it.each(['https://a.example/path', 'https://user@a.example', 'ftp://a.example', 'a.example'])(
  'the endpoint %s is refused',
  async (endpoint) => {
    expect(await problemsOf({ 's3.endpoint': endpoint })).toContain('model.s3.endpoint');
  },
);
