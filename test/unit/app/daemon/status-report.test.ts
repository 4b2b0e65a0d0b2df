import { describe, expect, it } from 'vitest';
import { StatusReport } from '../../../../src/app/daemon/status-report.ts';
import type { ServiceManager } from '../../../../src/ports/service-manager.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

/** A report, and what its log and its service manager hear, in order. */
function reportOf(hasManager: boolean) {
  const heard: string[] = [];
  const log = new RecordingLog();
  log.info = (fields, text) => void heard.push(`log ${text} ${JSON.stringify(fields)}`);
  const manager: ServiceManager = {
    watchdogSeconds: undefined,
    ready: (status) => void heard.push(`ready: ${status}`),
    status: () => {},
    reloading: () => void heard.push('reloading'),
    stopping: () => void heard.push('stopping'),
    alive: () => {},
    flushed: async () => void heard.push('all sent'),
  };
  const report = new StatusReport({
    facts: () => ({ model: 'one' }),
    status: () => 'running',
    work: () => ({ steps: 0, inFlight: 0 }),
    log,
    manager: () => (hasManager ? manager : undefined),
  });
  return { report, heard };
}

describe('StatusReport', () => {
  it('StatusReport logs that the daemon is ready before it notifies the service manager, and ends when everything is sent', async () => {
    const { report, heard } = reportOf(true);
    report.start();
    report.stopping();
    await report.stop();
    expect(heard).toEqual(['log ready {"model":"one"}', 'ready: running', 'stopping', 'all sent']);
  });

  it('StatusReport notifies the service manager of a reload while settings change', async () => {
    const { report, heard } = reportOf(true);
    report.start();
    await report.whileReloading(async () => void heard.push('change'));
    await report.stop();
    expect(heard.slice(2, -1)).toEqual(['reloading', 'change', 'ready: running']);
  });

  it('StatusReport applies a change at once before the start, or without a service manager', async () => {
    const { report, heard } = reportOf(false);
    void report.whileReloading(async () => void heard.push('early change'));
    expect(heard).toEqual(['early change']);
    report.start();
    void report.whileReloading(async () => void heard.push('change'));
    report.stopping();
    await report.stop();
    expect(heard).toEqual(['early change', 'log ready {"model":"one"}', 'change']);
  });
});
