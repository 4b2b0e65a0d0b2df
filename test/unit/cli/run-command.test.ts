import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CreateLog } from '../../../src/app/create-log.ts';
import type { DaemonOptions } from '../../../src/app/daemon/daemon-context.ts';
import type { LabelReport } from '../../../src/app/daemon/label-report.ts';
import type { DaemonProgress } from '../../../src/app/daemon/progress-report.ts';
import type { Daemon } from '../../../src/app/daemon/start-daemon.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Log } from '../../../src/ports/log.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

class FakeDaemon implements Daemon {
  readonly addresses = { api: 'http://127.0.0.1:8077', ops: null };
  console: string | null = null;
  readonly destinations = { verdicts: '/v', reviews: '/r', deadLetters: '/d' };
  labels: LabelReport | null = null;
  drains = 0;
  reloads = 0;
  state: DaemonProgress = {
    state: 'running',
    read: 0,
    ham: 0,
    review: 0,
    spam: 0,
    deadLetters: 0,
    perSecond: 0,
    lag: 10,
    caughtUp: false,
    model: 'm1',
  };
  end!: () => void;
  fail!: (error: Error) => void;
  readonly done = new Promise<void>((resolve, reject) => {
    this.end = resolve;
    this.fail = reject;
  });

  /** What a drain does; a test may replace it. */
  onDrain = (_giveUp?: AbortSignal) => this.end();

  drain(giveUp?: AbortSignal): Promise<void> {
    this.drains += 1;
    this.onDrain(giveUp);
    return this.done;
  }

  reload(): void {
    this.reloads += 1;
  }

  progress(): DaemonProgress {
    return this.state;
  }

  async labelReport(): Promise<LabelReport | null> {
    return this.labels;
  }

  catchUp(): void {
    this.state = {
      ...this.state,
      read: 1000,
      ham: 900,
      review: 20,
      spam: 78,
      deadLetters: 2,
      lag: 0,
      caughtUp: true,
    };
  }
}

let terminal: TestTerminal;
let daemon: FakeDaemon;
let signals: EventEmitter;
let logged: [string, Readonly<Record<string, unknown>>][];
let destination: unknown;
let started: DaemonOptions | undefined;

beforeEach(() => {
  terminal = new TestTerminal();
  daemon = new FakeDaemon();
  signals = new EventEmitter();
  logged = [];
  started = undefined;
});

const log: Log = {
  debug() {},
  info: (fields, text) => void logged.push([text, fields]),
  warn() {},
  error() {},
  child: () => log,
};

function run(
  argv: readonly string[],
  startDaemon?: (options: DaemonOptions) => Promise<Daemon>,
): Promise<number> {
  const app = appOf({
    createLog: async (options: Parameters<CreateLog>[0]) => {
      destination = options.destination;
      return log;
    },
    startDaemon:
      startDaemon ??
      (async (options: DaemonOptions) => {
        started = options;
        return daemon;
      }),
  });
  return runProgram(['run', ...argv], terminal, app, {
    signals,
    drawEveryMilliseconds: 1,
    kill: () => undefined,
  });
}

describe('run', () => {
  it('sluice run drains at SIGTERM and exits with 0', async () => {
    const running = run([]);
    await vi.waitFor(() => expect(started).toBeDefined());
    signals.emit('SIGTERM');
    expect(await running).toBe(0);
    expect(daemon.drains).toBe(1);
    expect(started).toMatchObject({ once: false, liveSource: { file: undefined } });
    expect(signals.listenerCount('SIGTERM')).toBe(0);
  });

  it('sluice run drains as soon as it has started if the signal came before', async () => {
    let ready!: () => void;
    const admitted = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const running = run([], () => admitted.then(() => daemon));
    await vi.waitFor(() => expect(signals.listenerCount('SIGINT')).toBe(1));
    signals.emit('SIGINT');
    ready();
    expect(await running).toBe(0);
    expect(daemon.drains).toBe(1);
  });

  it('sluice run gives a drain the signal to give up, and exits with 75 if it had to', async () => {
    daemon.onDrain = (giveUp) =>
      giveUp?.addEventListener('abort', () => daemon.fail(new SluiceError('DRAIN_TIMEOUT', 'Too late.')));
    const running = run(['--set', 'drain.deadlineSeconds=1']);
    await vi.waitFor(() => expect(started).toBeDefined());
    signals.emit('SIGTERM');
    expect(await running).toBe(75);
    expect(terminal.said).toContain('DRAIN_TIMEOUT: Too late.');
  });

  it('sluice run exits with the exit code of an error that occurs at the start or later', async () => {
    const refused = new SluiceError('MODEL_REFUSED', 'It is too slow.');
    expect(await run([], () => Promise.reject(refused))).toBe(65);
    const running = run([]);
    await vi.waitFor(() => expect(started).toBeDefined());
    daemon.fail(new SluiceError('STORE_FAILED', 'The disk is full.'));
    expect(await running).toBe(69);
    expect(terminal.said).toContain('STORE_FAILED: The disk is full.');
  });

  it.each([
    ['http://127.0.0.1:8077/', 'Console: http://127.0.0.1:8077/\n'],
    [
      'http://127.0.0.1:8077/?token=abc',
      'Console: http://127.0.0.1:8077/?token=abc (a link for the first admin; it works once)\n',
    ],
  ])('sluice run says once where the console is: %s', async (address, text) => {
    daemon.console = address;
    const running = run([]);
    await vi.waitFor(() => expect(started).toBeDefined());
    signals.emit('SIGTERM');
    await running;
    expect(terminal.said.split(text)).toHaveLength(2);
  });

  it('sluice run logs once that all messages are scored, and keeps running', async () => {
    const running = run([]);
    await vi.waitFor(() => expect(started).toBeDefined());
    expect(logged).toEqual([]);
    daemon.catchUp();
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    daemon.state = { ...daemon.state, caughtUp: false };
    daemon.catchUp();
    signals.emit('SIGTERM');
    expect(await running).toBe(0);
    expect(logged).toHaveLength(1);
    expect(logged[0]![1]).toMatchObject({ read: 1000, spam: 78, review: 20, labels: null });
    expect(destination).toBe('stdout');
    expect(terminal.output).toBe('');
  });

  it('sluice run draws a progress line on a terminal, then a summary with precision and recall', async () => {
    terminal.interactive = true;
    daemon.labels = { messages: 990, spamInAll: 80, precision: 0.987, recall: 0.9, sentToReview: 15 };
    const running = run([]);
    await vi.waitFor(() => expect(terminal.said).toContain('0 messages · 0/s · ham 0'));
    daemon.catchUp();
    await vi.waitFor(() => expect(terminal.said).toContain('Ctrl-C stops'));
    signals.emit('SIGINT');
    expect(await running).toBe(0);
    expect(terminal.said.match(/review rows/g)).toHaveLength(1);
    expect(terminal.said).toMatch(/precision +98\.7 %/);
    expect(terminal.said).toMatch(/recall +90\.0 % of the 80 spam messages/);
    expect(terminal.said).toContain('http://127.0.0.1:8077');
    expect(terminal.said).toMatch(/verdicts +\/v\n/);
    expect(terminal.output).toBe('');
    expect(logged).toEqual([]);
  });

  it('sluice run prints the summary at the end if a signal came before all messages were scored', async () => {
    terminal.interactive = true;
    const running = run([]);
    await vi.waitFor(() => expect(terminal.said).toContain('0 messages'));
    signals.emit('SIGINT');
    expect(await running).toBe(0);
    expect(terminal.said).toContain('Stopped. Messages that were not scored yet');
    expect(terminal.said.match(/review rows/g)).toHaveLength(1);
  });

  it('sluice run keeps log lines and the progress line apart', async () => {
    const running = run(['--progress']);
    await vi.waitFor(() => expect(terminal.said).toContain('0 messages'));
    terminal.said = '';
    (destination as { write(lines: string): void }).write('a line\n');
    expect(terminal.said.startsWith('\r\u001b[Ka line\n0 messages')).toBe(true);
    signals.emit('SIGINT');
    await running;
  });

  it('sluice run with --once prints the summary at the end, with --json as one document on stdout', async () => {
    daemon.labels = { messages: 990, spamInAll: 80, precision: 0.987, recall: 0.9, sentToReview: 15 };
    const running = run(['--once', '--json']);
    await vi.waitFor(() => expect(started?.once).toBe(true));
    daemon.catchUp();
    daemon.end();
    expect(await running).toBe(0);
    expect(terminal.lines).toEqual([
      {
        model: 'm1',
        read: 1000,
        ham: 900,
        review: 20,
        spam: 78,
        dead_letters: 2,
        labels: { messages: 990, spam: 80, precision: 0.987, recall: 0.9, in_review: 15 },
        places: { verdicts: '/v', reviews: '/r', dead_letters: '/d' },
        addresses: daemon.addresses,
      },
    ]);
    expect(destination).toBe('stderr');
  });

  it('sluice run follows its settings file while it runs', async () => {
    const file = new URL('../../../config/embedded.yaml', import.meta.url).pathname;
    const running = run(['--config', file, '--set', 'pool.threads=1']);
    await vi.waitFor(() => expect(started).toBeDefined());
    expect(started!.liveSource?.file).toBe(file);
    expect(started!.liveSource?.base.settings).toBe(started!.settings);
    signals.emit('SIGTERM');
    await running;
  });

  it('sluice run starts nothing if settings are invalid', async () => {
    expect(await run(['--set', 'pool.threads=0'])).toBe(78);
    expect(started).toBeUndefined();
  });
});
