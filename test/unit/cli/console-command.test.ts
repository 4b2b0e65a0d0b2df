import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { FakeLog } from '../http/fakes.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const signals = new EventEmitter();
let terminal: TestTerminal;
let log: FakeLog;
beforeEach(() => {
  terminal = new TestTerminal();
  log = new FakeLog();
});

function run(startConsole: () => Promise<unknown>) {
  const app = appOf({ createLog: async () => log, startConsole });
  return runProgram(['console'], terminal, app, { signals, kill: () => undefined });
}

describe('sluice console', () => {
  it('sluice console says where it is, keeps the token out of the log, and ends with 0 at a signal', async () => {
    let stops = 0;
    const running = run(async () => ({
      address: 'http://127.0.0.1:8079/?token=abc',
      ops: null,
      stop: async () => {
        stops++;
      },
    }));
    await vi.waitFor(() => expect(terminal.said).toContain('Console: http://127.0.0.1:8079/?token=abc'));
    expect(log.lines.join('')).toContain('"console":"http://127.0.0.1:8079/"');
    expect(log.lines.join('')).not.toContain('abc');
    signals.emit('SIGTERM');
    expect(await running).toBe(0);
    expect([stops, signals.listenerCount('SIGTERM')]).toEqual([1, 0]);
  });

  it('sluice console answers with the code of what keeps it from starting', async () => {
    expect(
      await run(async () => {
        throw new SluiceError('STORE_FAILED', 'No access.');
      }),
    ).toBe(69);
    expect(terminal.said).toContain('STORE_FAILED: No access.');
  });

  it('sluice console --help says where it listens and who publishes', async () => {
    expect(await runProgram(['console', '--help'], terminal)).toBe(0);
    expect(terminal.output).toContain('console.port');
    expect(terminal.output).toContain('link for the first admin');
  });
});
