import { expect, it } from 'vitest';
import { loadSettings } from '../../../src/settings/load-settings.ts';

const right = {
  issuer: 'https://login.example.com',
  clientId: 'sluice',
  publicUrl: 'https://sluice.example.com',
  'groups.admin': '["operators"]',
};

async function problemsOf(changes: Readonly<Record<string, string | undefined>>): Promise<string> {
  const given = Object.entries({ ...right, ...changes }).filter(([, value]) => value !== undefined);
  const baseFolders = { workingDirectory: '/tmp', packageRoot: '/tmp' };
  const assignments = given.map(([name, value]) => `console.openId.${name}=${value}`);
  return loadSettings({ environment: {}, baseFolders, assignments }).then(
    () => '',
    (error: Error) => error.message,
  );
}

it('log-ins by an identity provider need client, public address, and a way to a role', async () => {
  expect(await problemsOf({})).toBe('');
  expect(await problemsOf({ 'groups.admin': undefined, defaultRole: 'viewer' })).toBe('');
  expect(await problemsOf({ clientId: undefined })).toContain('console.openId.clientId');
  expect(await problemsOf({ publicUrl: undefined })).toContain('console.openId.publicUrl');
  expect(await problemsOf({ 'groups.admin': undefined })).toContain('nobody could log in');
});

it('http is refused for issuer and public address off loopback', async () => {
  const loopback = { issuer: 'http://127.0.0.1:9000', publicUrl: 'http://localhost:8077' };
  expect(await problemsOf(loopback)).toBe('');
  for (const name of ['issuer', 'publicUrl']) {
    expect(await problemsOf({ [name]: 'http://10.0.0.5:9000' })).toContain('is http and not on a loopback');
    expect(await problemsOf({ [name]: 'https://a.example/?q=1' })).toContain('has more than');
    expect(await problemsOf({ [name]: 'ftp://a.example' })).toContain(`console.openId.${name}`);
  }
});

it('without an issuer, nothing else is needed', async () => {
  const none = { issuer: undefined, clientId: undefined, publicUrl: undefined, 'groups.admin': undefined };
  expect(await problemsOf(none)).toBe('');
});
