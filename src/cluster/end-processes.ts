import { processIdentity } from './process-identity.ts';

/** A process that was started and written down; it may have ended since, and its number may be another's. */
export interface ProcessRecord {
  /** For people: "Kafka". */
  readonly name: string;
  readonly pid: number;
  /** As `processIdentity` returned it. */
  readonly identity: string;
  /** File of what it writes. */
  readonly log: string;
  /** How long it may take to end by SIGTERM. */
  readonly stopSeconds: number;
}

const LOOK_MILLISECONDS = 50;

/** Whether it runs, and not another that has its number now. */
export function isRunning({ pid, identity }: Pick<ProcessRecord, 'pid' | 'identity'>): boolean {
  return processIdentity(pid) === identity;
}

/**
 * Ends the processes that still run, all at once: by SIGTERM, and by SIGKILL what that does not end in time. Resolves when
 * none is left. Never signals a process that only has the number of one of them.
 */
export async function endProcesses(records: readonly ProcessRecord[]): Promise<void> {
  await Promise.all(records.map(end));
}

async function end(record: ProcessRecord): Promise<void> {
  if (!signal(record, 'SIGTERM')) return;
  const deadline = performance.now() + record.stopSeconds * 1000;
  for (let killed = false; isRunning(record); ) {
    if (!killed && performance.now() > deadline) killed = signal(record, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}

/** Returns whether there was a process to signal. */
function signal(record: ProcessRecord, name: NodeJS.Signals): boolean {
  if (!isRunning(record)) return false;
  try {
    // One that is frozen would see nothing else.
    if (name === 'SIGTERM') process.kill(record.pid, 'SIGCONT');
    return process.kill(record.pid, name);
  } catch (error) {
    // It has ended since the look.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
