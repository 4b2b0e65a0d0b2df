import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../../../src/cluster/process-identity.ts';
import { ServiceProcess } from '../../../src/cluster/service-process.ts';

describe('ServiceProcess', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-service-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('ServiceProcess kills a starting process when its signal aborts, and throws the reason', async () => {
    const abort = new AbortController();
    const outputFile = join(folder, 'output');
    const starting = ServiceProcess.start({
      name: 'a service',
      command: process.execPath,
      args: ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'],
      outputFile,
      // Never ready; once it has written, it is in the middle of its start.
      ready: async () => {
        if ((await readFile(outputFile, 'utf8')).endsWith('\n')) abort.abort(new RangeError('enough'));
        return false;
      },
      readySeconds: 60,
      stopSeconds: 1,
      install: '',
      signal: abort.signal,
    });
    await expect(starting).rejects.toThrow('enough');
    const pid = Number(await readFile(outputFile, 'utf8'));
    expect(pid).toBeGreaterThan(0);
    expect(processIdentity(pid)).toBeUndefined();
  });
});
