import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLibsqlAccountStore } from '../../../src/adapters/libsql/libsql-account-store.ts';
import { openAccounts } from '../../../src/app/open/open-accounts.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { TestTerminal } from './test-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-account-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: readonly string[]) {
  const terminal = new TestTerminal();
  const path = join(folder, 'sluice.db');
  const code = await runProgram(['account', ...argv, '--set', `store.libsql.path=${path}`], terminal);
  return { code, output: terminal.output, said: terminal.said };
}

async function take(invitation: string, name: string): Promise<string> {
  const accounts = openAccounts(await openLibsqlAccountStore(join(folder, 'sluice.db')));
  const result = await accounts.logins.login({ invitation, name, password: `a password of ${name}` }, 'here');
  await accounts.close();
  return result.kind;
}

it('somebody is invited, joins, is listed, loses the sessions, and is disabled and enabled', async () => {
  const invited = await run('invite', '--role', 'admin');
  expect(invited).toMatchObject({ code: 0, output: expect.stringMatching(/^\/\?invitation=[\w-]{43}\n$/) });
  expect(await take(invited.output.trim().split('=')[1]!, 'anna')).toBe('opened');
  const json = JSON.parse((await run('invite', '--role', 'viewer', '--json')).output) as {
    invitation: string;
  };
  expect(await take(json.invitation, 'ben')).toBe('opened');
  expect(await run('sessions', 'end', 'Ben')).toMatchObject({ code: 0, said: '1 sessions of Ben ended\n' });
  expect(await run('disable', 'ben')).toMatchObject({ code: 0, said: 'ben is disabled\n' });
  expect((await run('list')).output).toBe('admin      anna\nviewer     ben  disabled\n');
  expect((await run('enable', 'ben')).code).toBe(0);
  const listed = JSON.parse((await run('list', '--json')).output) as unknown;
  expect(listed).toMatchObject([{ name: 'anna' }, { name: 'ben', disabled_at: null, hasPassword: true }]);
  expect(JSON.stringify(listed)).not.toContain('scrypt');
});

it('the last admin is not disabled, a name that nobody has is refused, and so is a role that does not exist', async () => {
  const invited = await run('invite', '--role', 'admin');
  await take(invited.output.trim().split('=')[1]!, 'anna');
  expect(await run('disable', 'anna')).toMatchObject({
    code: 1,
    said: expect.stringContaining('ACCOUNT_REFUSED'),
  });
  expect(await run('disable', 'carl')).toMatchObject({
    code: 1,
    said: expect.stringContaining('ACCOUNT_UNKNOWN'),
  });
  expect((await run('invite', '--role', 'god')).code).toBe(2);
  expect((await run('invite')).code).toBe(2);
});
