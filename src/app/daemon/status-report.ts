import { SystemdManager } from '../../adapters/systemd/systemd-manager.ts';
import type { Log } from '../../ports/log.ts';
import type { ServiceManager } from '../../ports/service-manager.ts';
import type { DaemonPart } from './part-list.ts';
import { type ManagerReport, type ManagerReportParts, reportToManager } from './report-to-manager.ts';

export interface StatusReportParts extends Pick<ManagerReportParts, 'status' | 'work'> {
  /** What the log line of a daemon that is ready contains. */
  readonly facts: () => Readonly<Record<string, unknown>>;
  readonly log: Log;
  /** Undefined where no service manager waits for reports. */
  readonly manager?: (log: Log) => ServiceManager | undefined;
}

const systemd = (log: Log) => SystemdManager.of({ environment: process.env, log });

/** Reports that the daemon is ready: to the log, and to the service manager, which hears how it is from then on. */
export class StatusReport implements DaemonPart {
  readonly name = 'the report to the service manager';
  readonly #parts: StatusReportParts;
  #report: ManagerReport | undefined;

  constructor(parts: StatusReportParts) {
    this.#parts = parts;
  }

  start(): void {
    const { facts, log, status, work, manager: find = systemd } = this.#parts;
    log.info(facts(), 'ready');
    const manager = find(log);
    if (manager !== undefined) this.#report = reportToManager({ manager, status, work });
  }

  /** Reports changed settings while `change` runs. Works before the start too, when nobody waits for reports yet. */
  async whileReloading(change: () => Promise<void>): Promise<void> {
    await (this.#report === undefined ? change() : this.#report.whileReloading(change));
  }

  stopping(): void {
    this.#report?.stopping();
  }

  async stop(): Promise<void> {
    await this.#report?.end();
  }
}
