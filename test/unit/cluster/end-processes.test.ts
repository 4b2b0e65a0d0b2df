import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { endProcesses, isRunning, type ProcessRecord } from '../../../src/cluster/end-processes.ts';
import { processIdentity } from '../../../src/cluster/process-identity.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that goes on until it is stopped, ready when this resolves. */
async function started(
  script = '',
): Promise<{ readonly child: ChildProcess; readonly record: ProcessRecord }> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  const pid = child.pid!;
  return { child, record: { name: 'it', pid, identity: processIdentity(pid)!, log: '', stopSeconds: 0.3 } };
}

describe.runIf(process.platform === 'linux')('endProcesses', () => {
  it('endProcesses sends SIGTERM, and SIGKILL to processes that ignore it', async () => {
    const [willing, deaf] = [await started(), await started(`process.on('SIGTERM', () => {})`)];
    await endProcesses([willing.record, deaf.record]);
    expect([willing, deaf].map(({ record }) => isRunning(record))).toEqual([false, false]);
    await expect
      .poll(() => [willing.child.signalCode, deaf.child.signalCode])
      .toEqual(['SIGTERM', 'SIGKILL']);
    await endProcesses([willing.record, deaf.record]);
  });

  it('endProcesses ends a frozen process', async () => {
    const { child, record } = await started();
    child.kill('SIGSTOP');
    await endProcesses([record]);
    await expect.poll(() => child.signalCode).toBe('SIGTERM');
  });

  it('endProcesses does not end a process that only reuses the number of a started one', async () => {
    const { child, record } = await started();
    const other = { ...record, identity: `${record.identity}0` };
    expect(isRunning(other)).toBe(false);
    await endProcesses([other]);
    expect(isRunning(record)).toBe(true);
    expect(child.signalCode).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('processIdentity', () => {
  it('processIdentity differs between processes, stays the same for one, and is undefined if there is none', async () => {
    const [one, other] = [await started(), await started()];
    expect(one.record.identity).not.toBe('');
    expect(processIdentity(one.record.pid)).toBe(one.record.identity);
    // A hundredth of a second is what the system counts in.
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await started()).record.identity).not.toBe(other.record.identity);
    one.child.kill('SIGKILL');
    await once(one.child, 'exit');
    expect(processIdentity(one.record.pid)).toBeUndefined();
  });

  it('processIdentity is undefined for a process that has ended before its parent collects it', async () => {
    // A shell that does not wait for its child, and prints its number.
    const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const [bytes] = (await once(parent.stdout!, 'data')) as [Buffer];
    const pid = Number(bytes.toString());
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => processIdentity(pid), { timeout: 10_000 }).toBeUndefined();
  });
});
