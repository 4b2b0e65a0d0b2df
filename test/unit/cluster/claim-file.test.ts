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
  it('a claim is held once in a process until it is released, and names its holder', () => {
    const first = claim();
    expect(claim()).toEqual({ holder: ofThisProcess });
    if ('release' in first) first.release();
    expect(readdirSync(folder)).toEqual(['daemon.pid.claim']);
    expect(taken()).toBe(true);
  });

  it('a claim leaves its files to their owner, and writes nothing into the one that is locked', () => {
    expect(taken()).toBe(true);
    for (const file of ['daemon.pid', 'daemon.pid.claim'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${path}.claim`)).toHaveLength(0);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('a claim of another process is held until that is killed', async () => {
    const other = await startProcess();
    expect(other.answer).toBe('mine');
    expect(claim()).toEqual({ holder: expect.stringMatching(/^process \d+ on host /) });
    await other.kill();
    expect(taken()).toBe(true);
  });

  it('a claim is held though nothing refers to it any more, whatever garbage is collected', async () => {
    claimFile(path, lockFile);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await startProcess()).answer).toBe(ofThisProcess);
  });

  it('a claim excludes processes in other PID namespaces, all of which have the number 1', async () => {
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

  it('a claim of a process that is released does not end that of another, who claimed it after the files were removed', async () => {
    const first = claim();
    for (const file of filesOfClaim(path)) rmSync(file, { force: true });
    const second = await startProcess();
    expect(second.answer).toBe('mine');
    if ('release' in first) first.release();
    expect(claim()).toEqual({ holder: expect.stringMatching(/^process \d+ on host /) });
    await second.release();
    expect(taken()).toBe(true);
  });

  it('a claim is one process’s where many want it at the same time', async () => {
    writeFileSync(path, JSON.stringify({ pid: 1, identity: 'boot/1' }));
    const all = await Promise.all(Array.from({ length: 5 }, () => startProcess()));
    expect(all.filter(({ answer }) => answer === 'mine')).toHaveLength(1);
  });

  it('a claim counts on a full disk too, where its holder cannot be named', () => {
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

  it('a claim is an error where the file cannot be locked', () => {
    mkdirSync(`${path}.claim`);
    expect(claim).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
  });
});

describe('a file that a version of Sluice without locks has left', () => {
  it('a file that a version of Sluice without locks has left is a claim while its process runs, and none after that was killed', async () => {
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
  ])('a file that a version of Sluice without locks has left of %s is no claim', (_, left) => {
    writeFileSync(path, JSON.stringify(left()));
    expect(taken()).toBe(true);
  });

  it('a file that a version of Sluice without locks has left and that was cut short is no claim', () => {
    writeFileSync(path, '');
    expect(taken()).toBe(true);
  });

  it('a file that a version of Sluice without locks has left with a number alone is a claim while some process has it', () => {
    writeFileSync(path, JSON.stringify({ pid: process.ppid }));
    expect(claim()).toEqual({ holder: `process ${process.ppid}` });
  });
});
