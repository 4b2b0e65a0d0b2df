import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimState } from '../../../../src/app/daemon/claim-state.ts';
import { claimingProgram, requireNamespaces } from '../../cluster/claiming-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a state folder is refused while a daemon in another container uses it, and that daemon is named', async () => {
  requireNamespaces();
  const state = join(folder, 'state');
  await (await claimState(state))();
  const start = await claimingProgram(folder);
  const other = await start(join(state, 'daemon.pid'), { namespaced: true });
  expect(other.answer).toBe('mine');
  await expect(claimState(state)).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    message: expect.stringContaining(`(process 1 on host ${hostname()})`),
  });
  await other.kill();
  const release = await claimState(state);
  await expect(claimState(state)).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  await release();
});

it('a state folder that cannot be created is reported as a settings error, with the folder and the user', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(claimState(join(folder, 'file', 'state'))).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    message: expect.stringMatching(/file\/state \(state\.path\) cannot be claimed by the user \w+: ENOTDIR/),
  });
});
