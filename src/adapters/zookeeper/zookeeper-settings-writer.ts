import type { ProposedSettings, SettingChange, SettingsWriter } from '../../ports/settings-writer.ts';
import { type Keys, readKeys } from './read-keys.ts';
import { ZooKeeperClient, type ZooKeeperClientOptions } from './zookeeper-client.ts';

export interface ZooKeeperWriterOptions extends ZooKeeperClientOptions {
  /** Folder of the keys. */
  readonly path: string;
  /** The values of the keys, nested as in the settings file. */
  readonly settingsOf: (keys: Keys) => Readonly<Record<string, unknown>>;
  /** The key that holds a setting. */
  readonly keyOf: (path: readonly string[]) => string;
}

/** Settings in ZooKeeper, to write: all changed keys in one transaction. */
export class ZooKeeperSettingsWriter implements SettingsWriter {
  readonly #options: ZooKeeperWriterOptions;

  constructor(options: ZooKeeperWriterOptions) {
    this.#options = options;
  }

  get location(): string {
    return `zookeeper ${this.#options.hosts}${this.#options.path}`;
  }

  async propose(changes: readonly SettingChange[]): Promise<ProposedSettings> {
    const { path, settingsOf, keyOf } = this.#options;
    const values = new Map(
      changes.map((change) => [
        keyOf(change.path),
        typeof change.value === 'string' ? change.value : JSON.stringify(change.value),
      ]),
    );
    const keys = await this.#with((client, counted) => readKeys(client, path, counted));
    const sorted = [...new Map([...keys, ...values])].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      nested: settingsOf(new Map(sorted)),
      write: () => this.#with((client) => client.write(path, values)),
    };
  }

  /** A connection for each: settings are changed rarely. */
  async #with<T>(use: (client: ZooKeeperClient, changes: () => number) => Promise<T>): Promise<T> {
    let changes = 0;
    const client = new ZooKeeperClient(this.#options, () => changes++);
    try {
      return await use(client, () => changes);
    } finally {
      await client.close();
    }
  }
}
