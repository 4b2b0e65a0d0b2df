import type { ServiceManager } from '../../ports/service-manager.ts';

export interface ManagerReportParts {
  readonly manager: ServiceManager;
  /** One line for people on how the run stands. */
  readonly status: () => string;
  readonly work: () => Work;
  readonly everySeconds?: number;
}

/** How work stands. */
export interface Work {
  /** Counts up with every step: a batch pulled, judged, routed or tried again, offsets committed. */
  readonly steps: number;
  /** Batches under way. */
  readonly inFlight: number;
}

export interface ManagerReport {
  /** Tells that changed settings are put in force while `change` runs. */
  whileReloading(change: () => Promise<void>): Promise<void>;
  stopping(): void;
  /** Resolves when everything was passed on. */
  end(): Promise<void>;
}

const STATUS_SECONDS = 30;
/** One look that sees no step may be bad luck; three in a row last as long as the watchdog waits. */
const LOOKS_PER_WATCHDOG = 3;

/**
 * Tells who started this process that it is ready, and from then on how it stands. The watchdog is fed while work moves or
 * none is under way: an answering event loop alone would hide threads that hang. A service that is away is no reason to
 * starve it, as the tries count as steps and a new start would not mend that.
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
      await manager.told();
    },
  };
}
