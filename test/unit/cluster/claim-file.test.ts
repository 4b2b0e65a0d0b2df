import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFile } from '../../../src/cluster/claim-file.ts';
import { processIdentity } from '../../../src/cluster/process-identity.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-claim-'));
  path = join(folder, 'daemon.pid');
});
afterEach(() => rmSync(folder, { recursive: true }));

const taken = () => 'release' in claimFile(path);

describe('a claim', () => {
  it('is held by one until it is given back, and leaves nothing behind', () => {
    const first = claimFile(path);
    expect(claimFile(path)).toEqual({ heldBy: process.pid });
    if ('release' in first) first.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(taken()).toBe(true);
  });

  it('is held by another process while that runs, and by none after it was killed', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid!;
    writeFileSync(path, JSON.stringify({ pid, identity: processIdentity(pid) }));
    expect(claimFile(path)).toEqual({ heldBy: pid });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(taken()).toBe(true);
  });

  it.each([
    ['a process whose number another has by now', () => ({ pid: process.ppid, identity: 'boot/1' })],
    ['a process with this one’s number, from before', () => ({ pid: process.pid, identity: 'boot/1' })],
    ['a number alone, which this process has now', () => ({ pid: process.pid })],
    ['words', () => 'nobody'],
  ])('of %s holds nothing', (_, left) => {
    writeFileSync(path, JSON.stringify(left()));
    expect(taken()).toBe(true);
  });

  it('that was cut short holds nothing', () => {
    writeFileSync(path, '');
    expect(taken()).toBe(true);
  });

  it('with a number alone is held while some process has it', () => {
    writeFileSync(path, JSON.stringify({ pid: process.ppid }));
    expect(claimFile(path)).toEqual({ heldBy: process.ppid });
  });

  it('is one process’s where many ask at once for one that nobody holds', async () => {
    writeFileSync(path, JSON.stringify({ pid: 1, identity: 'boot/1' }));
    const program = `
      import { claimFile } from ${JSON.stringify(join(import.meta.dirname, '../../../src/cluster/claim-file.ts'))};
      process.stdout.write('release' in claimFile(${JSON.stringify(path)}) ? 'mine' : 'theirs');
      setTimeout(() => {}, 60_000);
    `;
    const entry = join(folder, 'claim.mjs');
    writeFileSync(entry, program);
    const { build } = await import('esbuild');
    const built = join(folder, 'built.mjs');
    await build({ entryPoints: [entry], outfile: built, bundle: true, format: 'esm', platform: 'node' });
    const children = Array.from({ length: 5 }, () => spawn(process.execPath, [built]));
    const answers = await Promise.all(
      children.map(
        (child) => new Promise((resolve) => child.stdout.once('data', (said) => resolve(`${said}`))),
      ),
    );
    for (const child of children) child.kill('SIGKILL');
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  });
});
