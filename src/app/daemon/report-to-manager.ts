import type { ServiceManager } from '../../ports/service-manager.ts';

export interface ManagerReportParts {
  readonly manager: ServiceManager;
  /** One line for people on the state of the run. */
  readonly status: () => string;
  readonly work: () => Work;
  readonly everySeconds?: number;
}

/** The progress of work. */
export interface Work {
  /** Counts up with every step: a batch pulled, scored, routed or tried again, offsets committed. */
  readonly steps: number;
  /** Batches under way. */
  readonly inFlight: number;
}

export interface ManagerReport {
  /** Reports that settings are being reloaded while `change` runs. */
  whileReloading(change: () => Promise<void>): Promise<void>;
  stopping(): void;
  /** Resolves when everything was passed on. */
  end(): Promise<void>;
}

const STATUS_SECONDS = 30;
/** One look that sees no step may be bad luck; three in a row last as long as the watchdog waits. */
const LOOKS_PER_WATCHDOG = 3;

/**
 * Reports to the service manager that the daemon is ready, and its status from then on. The watchdog is fed while work moves or
 * none is under way: an answering event loop alone would hide threads that hang. While a service is unavailable it is fed too,
 * since attempts count as steps and a restart would not help.
 */
export function reportToManager(parts: ManagerReportParts): ManagerReport {
  const { manager, status, work } = parts;
  const watchdog = manager.watchdogSeconds;
  const every =
    parts.everySeconds ?? (watchdog === undefined ? STATUS_SECONDS : watchdog / LOOKS_PER_WATCHDOG);
  let steps = -1;
  let lastStatus = status();
  manager.ready(lastStatus);
  const look = () => {
    const now = work();
    const moves = now.inFlight === 0 || now.steps !== steps;
    steps = now.steps;
    const text = moves ? status() : `no batch moves; ${status()}`;
    if (watchdog !== undefined && moves) manager.alive(text);
    else if (text !== lastStatus) manager.status(text);
    lastStatus = text;
  };
  const timer = setInterval(look, every * 1000);
  timer.unref();
  return {
    whileReloading: async (change) => {
      manager.reloading();
      try {
        await change();
      } finally {
        manager.ready(status());
      }
    },
    stopping: () => manager.stopping('stopping: what is in flight is finished first'),
    end: async () => {
      clearInterval(timer);
      await manager.flushed();
    },
  };
}
