import { spawn } from 'node:child_process';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { ServiceManager } from '../../ports/service-manager.ts';

export interface SystemdManagerOptions {
  /** Of the process: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** For tests. */
  readonly command?: string;
  readonly deadlineSeconds?: number;
}

const COMMAND = 'systemd-notify';
const DEADLINE_SECONDS = 5;

/**
 * Notifies systemd with `systemd-notify`, one process for each notification: Node has no Unix datagram sockets, and packages
 * with them must be compiled. Notifications come from a child, so the unit needs `NotifyAccess=all`. A failure is logged
 * once; a lost notification costs no message.
 */
export class SystemdManager implements ServiceManager {
  readonly watchdogSeconds: number | undefined;
  readonly #log: Log;
  readonly #command: string;
  readonly #deadlineSeconds: number;
  readonly #environment: NodeJS.ProcessEnv;
  #queue = Promise.resolve();
  /** Notifications that wait for the process under way. A newer one replaces an older one of the same name. */
  #waiting: Record<string, string> | undefined;
  #failed = false;

  private constructor(options: SystemdManagerOptions) {
    const { NOTIFY_SOCKET, PATH } = options.environment;
    this.watchdogSeconds = watchdogSeconds(options.environment);
    this.#log = options.log;
    this.#command = options.command ?? COMMAND;
    this.#deadlineSeconds = options.deadlineSeconds ?? DEADLINE_SECONDS;
    // The child must not take itself for what is watched.
    this.#environment = { NOTIFY_SOCKET, ...(PATH === undefined ? {} : { PATH }) };
  }

  /** Undefined where systemd did not start this process, or does not want to hear of it. */
  static of(options: SystemdManagerOptions): SystemdManager | undefined {
    return options.environment.NOTIFY_SOCKET ? new SystemdManager(options) : undefined;
  }

  ready(status: string): void {
    this.#notify({ READY: '1', STATUS: status });
  }

  status(text: string): void {
    this.#notify({ STATUS: text });
  }

  reloading(): void {
    // Node's clock of that name is the one that systemd compares with.
    this.#notify({
      RELOADING: '1',
      MONOTONIC_USEC: String(process.hrtime.bigint() / 1000n),
      STATUS: 'applying changed settings',
    });
  }

  stopping(status: string): void {
    this.#notify({ STOPPING: '1', STATUS: status });
  }

  alive(status: string): void {
    this.#notify({ WATCHDOG: '1', STATUS: status });
  }

  async flushed(): Promise<void> {
    await this.#queue;
  }

  #notify(words: Readonly<Record<string, string>>): void {
    // RELOADING and READY end each other: their order must stay, so they do not share a run.
    const joins = this.#waiting !== undefined && !('READY' in words) && !('RELOADING' in words);
    if (joins) {
      Object.assign(this.#waiting!, words);
      return;
    }
    const waiting = { ...words };
    this.#waiting = waiting;
    this.#queue = this.#queue.then(() => {
      if (this.#waiting === waiting) this.#waiting = undefined;
      return this.#run(waiting);
    });
  }

  async #run(words: Readonly<Record<string, string>>): Promise<void> {
    const args = Object.entries(words).map(([name, value]) => `${name}=${value.replaceAll('\n', ' ')}`);
    try {
      await new Promise<void>((resolve, reject) => {
        const child = spawn(this.#command, args, {
          stdio: 'ignore',
          env: this.#environment,
          timeout: this.#deadlineSeconds * 1000,
          killSignal: 'SIGKILL',
        });
        child.once('error', reject);
        child.once('exit', (code, signal) =>
          code === 0 ? resolve() : reject(new Error(`it ended with ${signal ?? code}`)),
        );
      });
      this.#failed = false;
    } catch (error) {
      if (this.#failed) return;
      this.#failed = true;
      this.#log.warn(
        { error: describeError(error) },
        'systemd-notify failed; install the systemd package, or use Type=exec without WatchdogSec',
      );
    }
  }
}

function watchdogSeconds(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment;
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== '' && Number(WATCHDOG_PID) !== process.pid)
    return undefined;
  const microseconds = Number(WATCHDOG_USEC ?? Number.NaN);
  return microseconds > 0 ? microseconds / 1e6 : undefined;
}
