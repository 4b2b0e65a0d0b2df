import { randomUUID } from 'node:crypto';
import zookeeper, { type Client } from 'node-zookeeper-client';

const { OPEN_ACL_UNSAFE } = zookeeper.ACL;

/** What a test does to nodes from outside: a client of its own, which the code under test knows nothing of. */
export class ZooKeeperNodes {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(hosts: string, auth?: string): Promise<ZooKeeperNodes> {
    const client = zookeeper.createClient(hosts, { sessionTimeout: 20_000, spinDelay: 100, retries: 3 });
    if (auth !== undefined) client.addAuthInfo('digest', Buffer.from(auth));
    const connected = new Promise<void>((resolve) => client.once('connected', resolve));
    client.connect();
    await connected;
    return new ZooKeeperNodes(client);
  }

  /** Makes the node and those above it, or gives it another value. */
  async set(path: string, value: string, acls: readonly unknown[] = OPEN_ACL_UNSAFE): Promise<void> {
    const there = await promised<unknown>((answer) => this.#client.exists(path, () => {}, answer));
    const transaction = this.#client.transaction();
    if (there === undefined || there === null) {
      const above = path.slice(0, path.lastIndexOf('/'));
      if (above !== '')
        await promised<unknown>((answer) => this.#client.mkdirp(above, null, OPEN_ACL_UNSAFE, answer));
      transaction.create(path, Buffer.from(value), acls);
    } else transaction.setData(path, Buffer.from(value), -1);
    await promised<unknown>((answer) => transaction.commit(answer));
  }

  /** In a transaction each, one after the other. */
  async setAll(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) await this.set(`${folder}/${name}`, value);
  }

  async remove(path: string): Promise<void> {
    await promised<unknown>((answer) => this.#client.transaction().remove(path, -1).commit(answer));
  }

  async get(path: string): Promise<string> {
    return await new Promise((resolve, reject) =>
      this.#client.getData(
        path,
        () => {},
        (error, bytes) => (error ? reject(error) : resolve(bytes?.toString() ?? '')),
      ),
    );
  }

  close(): void {
    this.#client.close();
  }
}

function promised<T>(ask: (answer: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => ask((error, value) => (error ? reject(error) : resolve(value))));
}

export function freshPath(): string {
  return `/test-${randomUUID()}`;
}
