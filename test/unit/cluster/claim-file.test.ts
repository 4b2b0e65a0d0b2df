import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../../src/adapters/libsql/lock-file.ts';
import { type Claim, claimFile, filesOfClaim } from '../../../src/cluster/claim-file.ts';
import { processIdentity } from '../../../src/cluster/process-identity.ts';
import { SmallDisk } from '../../ledger/small-disk.ts';
import { type ClaimingProcess, claimingProgram, requireNamespaces } from './claiming-process.ts';

let programs: string;
let start: Awaited<ReturnType<typeof claimingProgram>>;
let folder: string;
let path: string;
const claims: Claim[] = [];
const processes: ClaimingProcess[] = [];
beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'sluice-claiming-'));
  start = await claimingProgram(programs);
});
afterAll(() => rmSync(programs, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-claim-'));
  path = join(folder, 'daemon.pid');
});
afterEach(async () => {
  for (const claim of claims.splice(0)) if ('release' in claim) claim.release();
  for (const process of processes.splice(0)) await process.kill();
  rmSync(folder, { recursive: true });
});

const claim = () => {
  const made = claimFile(path, lockFile);
  claims.push(made);
  return made;
};
const taken = () => 'release' in claim();
const startProcess = async (options?: { readonly namespaced: boolean }) => {
  const process = await start(path, options);
  processes.push(process);
  return process;
};
const ofThisProcess = `process ${process.pid} on host ${hostname()}`;

describe('a claim', () => {
  it('a folder claim is held once per process until it is released, and names its holder', () => {
    const first = claim();
    expect(claim()).toEqual({ holder: ofThisProcess });
    if ('release' in first) first.release();
    expect(readdirSync(folder)).toEqual(['daemon.pid.claim']);
    expect(taken()).toBe(true);
  });

  it('the files of a folder claim can be read by their owner only, and nothing is written into the locked one', () => {
    expect(taken()).toBe(true);
    for (const file of ['daemon.pid', 'daemon.pid.claim'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${path}.claim`)).toHaveLength(0);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('a folder claim of another process is held until that process is killed', async () => {
    const other = await startProcess();
    expect(other.answer).toBe('mine');
    expect(claim()).toEqual({ holder: expect.stringMatching(/^process \d+ on host /) });
    await other.kill();
    expect(taken()).toBe(true);
  });

  it('a folder claim is held even if nothing references it, after garbage collection', async () => {
    claimFile(path, lockFile);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await startProcess()).answer).toBe(ofThisProcess);
  });

  it('a folder claim excludes processes in other PID namespaces, all of which have the process number 1', async () => {
    requireNamespaces();
    const first = await startProcess({ namespaced: true });
    expect(first.answer).toBe('mine');
    const ofFirst = `process 1 on host ${hostname()}`;
    expect((await startProcess({ namespaced: true })).answer).toBe(ofFirst);
    expect((await startProcess()).answer).toBe(ofFirst);
    await first.kill();
    const third = await startProcess({ namespaced: true });
    expect(third.answer).toBe('mine');
    expect(claim()).toEqual({ holder: ofFirst });
    await third.release();
    expect(taken()).toBe(true);
  });

  it('the release of a claim does not end the claim of another process that was made after the files were removed', async () => {
    const first = claim();
    for (const file of filesOfClaim(path)) rmSync(file, { force: true });
    const second = await startProcess();
    expect(second.answer).toBe('mine');
    if ('release' in first) first.release();
    expect(claim()).toEqual({ holder: expect.stringMatching(/^process \d+ on host /) });
    await second.release();
    expect(taken()).toBe(true);
  });

  it('a folder claim is given to one of many processes that request it at the same time', async () => {
    writeFileSync(path, JSON.stringify({ pid: 1, identity: 'boot/1' }));
    const all = await Promise.all(Array.from({ length: 5 }, () => startProcess()));
    expect(all.filter(({ answer }) => answer === 'mine')).toHaveLength(1);
  });

  it('a folder claim is held on a full disk too, without the name of its holder', () => {
    const disk = SmallDisk.mount(folder, 1);
    try {
      disk.fill();
      expect(taken()).toBe(true);
      expect(claim()).toEqual({ holder: 'another process' });
    } finally {
      for (const made of claims.splice(0)) if ('release' in made) made.release();
      disk.unmount();
    }
  });

  it('a folder claim fails with an error if the file cannot be locked', () => {
    mkdirSync(`${path}.claim`);
    expect(claim).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
  });
});

describe('a file that a version of Sluice without locks has left', () => {
  it('a PID file of a version without locks is a claim while its process runs, and none after that was killed', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid!;
    writeFileSync(path, JSON.stringify({ pid, identity: processIdentity(pid) }));
    expect(claim()).toEqual({ holder: `process ${pid}` });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(taken()).toBe(true);
  });

  it.each([
    ['a process whose number another has by now', () => ({ pid: process.ppid, identity: 'boot/1' })],
    ['a process with this one’s number, from before', () => ({ pid: process.pid, identity: 'boot/1' })],
    ['a number alone, which this process has now', () => ({ pid: process.pid })],
    ['words', () => 'nobody'],
  ])('a PID file of a version without locks is no claim if it contains %s', (_, left) => {
    writeFileSync(path, JSON.stringify(left()));
    expect(taken()).toBe(true);
  });

  it('a PID file of a version without locks is no claim if it is incomplete', () => {
    writeFileSync(path, '');
    expect(taken()).toBe(true);
  });

  it('a PID file of a version without locks with only a number is a claim while any process has that number', () => {
    writeFileSync(path, JSON.stringify({ pid: process.ppid }));
    expect(claim()).toEqual({ holder: `process ${process.ppid}` });
  });
});
