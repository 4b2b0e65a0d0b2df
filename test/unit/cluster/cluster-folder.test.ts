import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../../src/adapters/libsql/lock-file.ts';
import { ClusterFolder } from '../../../src/cluster/cluster-folder.ts';
import { processIdentity } from '../../../src/cluster/process-identity.ts';
import { claimingProgram, requireNamespaces } from './claiming-process.ts';

let above = '';
let folder: ClusterFolder<string>;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'sluice-folder-'));
  folder = new ClusterFolder(join(above, 'cluster'), ['kafka', 'mysql'], lockFile);
});
afterEach(() => rmSync(above, { recursive: true }));

const record = { whole: true, processes: [], places: 'here' };

describe('ClusterFolder', () => {
  it('ClusterFolder has no record at first, and stores one that only its owner can read', async () => {
    expect(folder.read()).toBeUndefined();
    (await folder.claim())();
    folder.write(record);
    expect(folder.read()).toEqual(record);
    expect(statSync(join(folder.path, 'cluster.json')).mode & 0o777).toBe(0o600);
  });

  it('ClusterFolder throws if its record is invalid, because processes may be running', async () => {
    mkdirSync(folder.path);
    writeFileSync(join(folder.path, 'cluster.json'), '{"whole":');
    expect(() => folder.read()).toThrow(expect.objectContaining({ code: 'SERVICE_FAILED' }));
  });

  it('ClusterFolder is changed by one process at a time, and a killed one does not block others', async () => {
    const release = await folder.claim();
    await expect(folder.claim()).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      retriable: true,
      message: expect.stringContaining(`(process ${process.pid} on host ${hostname()})`),
    });
    release();
    const lock = join(folder.path, 'cluster.lock');
    for (const left of [
      '',
      JSON.stringify({ pid: process.pid, identity: `${processIdentity(process.pid)}0` }),
    ]) {
      writeFileSync(lock, left);
      (await folder.claim())();
    }
  });

  it('ClusterFolder is not changed by two processes at once, even if one is in another container', async () => {
    requireNamespaces();
    (await folder.claim())();
    const start = await claimingProgram(above);
    const other = await start(join(folder.path, 'cluster.lock'), { namespaced: true });
    expect(other.answer).toBe('mine');
    await expect(folder.claim()).rejects.toMatchObject({ code: 'SERVICE_FAILED', retriable: true });
    await other.kill();
    (await folder.claim())();
  });

  it('ClusterFolder refuses a folder that contains something else', async () => {
    mkdirSync(folder.path);
    writeFileSync(join(folder.path, 'letter.txt'), 'dear');
    await expect(folder.claim()).rejects.toMatchObject({ code: 'USAGE' });
    expect(readdirSync(folder.path)).toEqual(['letter.txt']);
  });

  it('ClusterFolder wipes its own files and nothing else', async () => {
    const release = await folder.claim();
    folder.write(record);
    writeFileSync(join(folder.part('kafka'), 'data'), '');
    writeFileSync(join(folder.path, 'letter.txt'), 'dear');
    await folder.wipe();
    release();
    expect(readdirSync(folder.path)).toEqual(['letter.txt']);
    rmSync(join(folder.path, 'letter.txt'));
    await folder.wipe();
    expect(readdirSync(above)).toEqual([]);
  });
});
