import { describeError } from '../../core/errors.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';
import type { Log } from '../../ports/log.ts';
import { type Keys, readKeys } from './read-keys.ts';
import { ZooKeeperClient, type ZooKeeperClientOptions } from './zookeeper-client.ts';

export interface ZooKeeperSettingsOptions extends ZooKeeperClientOptions {
  /** Folder of the keys. */
  readonly path: string;
  /** All keys are read again after this time, changed or not: a watch may be lost with its connection. */
  readonly pollSeconds: number;
  /** The values of the keys, nested as in the settings file. */
  readonly settingsOf: (keys: Keys) => Readonly<Record<string, unknown>>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const RETRY_SECONDS = 1;

/**
 * Settings in ZooKeeper, one node a key. Watches report a change at once. In addition everything is read again on a
 * timer, with a deadline, so that an expired session, a frozen server and dropped packets are noticed and overcome.
 */
export class ZooKeeperSettings implements LiveSettings {
  readonly #options: ZooKeeperSettingsOptions;
  readonly #client: ZooKeeperClient;
  #changes = 0;
  #wake: () => void = () => {};

  constructor(options: ZooKeeperSettingsOptions) {
    this.#options = options;
    this.#client = new ZooKeeperClient(options, () => {
      this.#changes++;
      this.#wake();
    });
  }

  async read(): Promise<Readonly<Record<string, unknown>>> {
    return this.#options.settingsOf(await this.#keys());
  }

  /** Calls `changed` once at its beginning too: who has read before may have missed one. */
  async watch(changed: () => void, signal: AbortSignal): Promise<void> {
    const { log, pollSeconds, hosts } = this.#options;
    let seen: string | undefined;
    let away = false;
    while (!signal.aborted) {
      const before = this.#changes;
      let pause = pollSeconds;
      try {
        const now = JSON.stringify([...(await this.#keys())]);
        if (away) log.info({ zookeeper: hosts }, 'ZooKeeper answers again');
        away = false;
        if (now !== seen && !signal.aborted) changed();
        seen = now;
      } catch (error) {
        if (!away && !signal.aborted)
          log.warn(
            { zookeeper: hosts, error: describeError(error) },
            'ZooKeeper is unavailable; the current settings stay active, and it is retried',
          );
        away = true;
        pause = RETRY_SECONDS;
      }
      // While ZooKeeper is unavailable, each failed read counts as a change.
      await this.#sleep(pause, signal, away ? this.#changes : before);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #keys(): Promise<Keys> {
    return readKeys(this.#client, this.#options.path, () => this.#changes);
  }

  /** Waits until the number of changes differs from `changes`, the time has passed, or the signal aborts. */
  async #sleep(seconds: number, signal: AbortSignal, changes: number): Promise<void> {
    if (signal.aborted || this.#changes !== changes) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }
}
