import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reportToManager, type Work } from '../../../../src/app/daemon/report-to-manager.ts';
import type { ServiceManager } from '../../../../src/ports/service-manager.ts';

class FakeManager implements ServiceManager {
  readonly watchdogSeconds: number | undefined;
  readonly heard: string[] = [];

  constructor(watchdogSeconds?: number) {
    this.watchdogSeconds = watchdogSeconds;
  }
  ready(status: string): void {
    this.heard.push(`ready: ${status}`);
  }
  status(text: string): void {
    this.heard.push(`status: ${text}`);
  }
  reloading(): void {
    this.heard.push('reloading');
  }
  stopping(): void {
    this.heard.push('stopping');
  }
  alive(): void {
    this.heard.push('alive');
  }
  async flushed(): Promise<void> {}
}

let work: Work;
let status: string;

beforeEach(() => {
  vi.useFakeTimers();
  work = { steps: 0, inFlight: 0 };
  status = 'running';
});
afterEach(() => vi.useRealTimers());

function report(manager: FakeManager) {
  return reportToManager({ manager, status: () => status, work: () => work });
}

test('a service manager without a watchdog is notified at once that the daemon is ready, and later of a changed status', async () => {
  const manager = new FakeManager();
  const reporting = report(manager);
  expect(manager.heard).toEqual(['ready: running']);
  vi.advanceTimersByTime(60_000);
  expect(manager.heard).toHaveLength(1);
  status = 'running: 5 read';
  vi.advanceTimersByTime(60_000);
  expect(manager.heard).toEqual(['ready: running', 'status: running: 5 read']);
  await reporting.end();
  status = 'later';
  vi.advanceTimersByTime(60_000);
  expect(manager.heard).toHaveLength(2);
});

test('a daemon feeds the watchdog three times in its interval while nothing is in flight', () => {
  const manager = new FakeManager(60);
  report(manager);
  vi.advanceTimersByTime(60_000);
  expect(manager.heard.filter((word) => word === 'alive')).toHaveLength(3);
});

test('a daemon feeds the watchdog while batches make progress, and stops when batches in flight make none', () => {
  const manager = new FakeManager(60);
  report(manager);
  for (let step = 1; step <= 3; step++) {
    work = { steps: step, inFlight: 2 };
    vi.advanceTimersByTime(20_000);
  }
  expect(manager.heard.filter((word) => word === 'alive')).toHaveLength(3);
  vi.advanceTimersByTime(60_000);
  expect(manager.heard.filter((word) => word === 'alive')).toHaveLength(3);
  expect(manager.heard.at(-1)).toBe('status: no batch moves; running');
  // A try at a service that is away is a step.
  work = { steps: 4, inFlight: 2 };
  vi.advanceTimersByTime(20_000);
  expect(manager.heard.at(-1)).toBe('alive');
});

test('a reload notifies the service manager that the daemon is ready again, even if it fails', async () => {
  const manager = new FakeManager();
  const reporting = report(manager);
  const refused = reporting.whileReloading(() => Promise.reject(new Error('refused')));
  await expect(refused).rejects.toThrow('refused');
  reporting.stopping();
  expect(manager.heard.slice(1)).toEqual(['reloading', 'ready: running', 'stopping']);
});
