/// <reference path="./node-zookeeper-client.d.ts" />
import zookeeper, { type Client, type Exception } from 'node-zookeeper-client';
import { SluiceError } from '../../core/errors.ts';

export interface ZooKeeperClientOptions {
  /** `host:port`, more of them with commas between. */
  readonly hosts: string;
  /** `user:password` of a digest ACL. */
  readonly auth?: string | undefined;
  /** For the connection and for each call. */
  readonly deadlineSeconds: number;
  readonly sessionSeconds?: number;
}

const SESSION_SECONDS = 10;
/** After a round over all servers the library waits up to this before the next. */
const SPIN_MILLISECONDS = 200;
const CLOSE_MILLISECONDS = 500;

/**
 * ZooKeeper, as far as settings need it. What the library leaves open is settled here: a connection and each call have a
 * deadline, since the library reports neither an absent nor a silent server; a client that has expired, or did not answer in
 * time, is dead for good, and the next call makes another. Throws `SETTINGS_AWAY` (retriable) when there is no answer,
 * `SETTINGS_UNREADABLE` when it is no.
 */
export class ZooKeeperClient {
  readonly #options: ZooKeeperClientOptions;
  readonly #onChange: () => void;
  #current: { readonly client: Client; readonly connected: Promise<Client> } | undefined;
  #closed = false;
  /** One function, so that the library keeps it once a node, however often the node is read. */
  readonly #watcher = () => this.#onChange();

  /** `onChange`: called when something that was read may have changed, and when a connection was made. */
  constructor(options: ZooKeeperClientOptions, onChange: () => void = () => {}) {
    this.#options = options;
    this.#onChange = onChange;
  }

  get hosts(): string {
    return this.#options.hosts;
  }

  /** Names of the nodes below; undefined where there is no such node. Watched, also for its coming into being. */
  async children(path: string): Promise<readonly string[] | undefined> {
    const there = await this.#call<readonly string[]>(path, (client, answer) =>
      client.getChildren(path, this.#watcher, answer),
    );
    if (there === undefined)
      await this.#call<unknown>(path, (client, answer) => client.exists(path, this.#watcher, answer));
    return there;
  }

  /** What a node holds, as text; undefined where there is no such node. Watched. */
  data(path: string): Promise<string | undefined> {
    return this.#call<string>(path, (client, answer) =>
      client.getData(path, this.#watcher, (error, bytes) =>
        // The library has nothing, and not no bytes, for a node that is empty.
        answer(error, bytes?.toString('utf8') ?? ''),
      ),
    );
  }

  /** Writes several nodes in one transaction; those that are not there are made, and their folder. */
  async write(folder: string, values: ReadonlyMap<string, string>): Promise<void> {
    const acls =
      this.#options.auth === undefined ? zookeeper.ACL.OPEN_ACL_UNSAFE : zookeeper.ACL.CREATOR_ALL_ACL;
    const there = new Set(await this.children(folder));
    if (there.size === 0 && (await this.children(folder)) === undefined)
      await this.#call<unknown>(folder, (client, answer) => client.mkdirp(folder, null, acls, answer));
    await this.#call<unknown>(folder, (client, answer) => {
      let transaction = client.transaction();
      for (const [name, value] of values) {
        const path = `${folder}/${name}`;
        const bytes = Buffer.from(value);
        transaction = there.has(name)
          ? transaction.setData(path, bytes, -1)
          : transaction.create(path, bytes, acls);
      }
      transaction.commit(answer);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current !== undefined) this.#discard(this.#current.client);
  }

  /** Undefined where there is no such node. */
  async #call<T>(
    path: string,
    question: (client: Client, answer: (error: Exception | null | undefined, value: T) => void) => void,
  ): Promise<T | undefined> {
    const client = await this.#connected();
    const { deadlineSeconds } = this.#options;
    return await new Promise<T | undefined>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#discard(client);
        reject(this.#away(`no answer within ${deadlineSeconds} s`));
      }, deadlineSeconds * 1000);
      question(client, (error, value) => {
        clearTimeout(timer);
        if (!error) resolve(value);
        else if (error.code === zookeeper.Exception.NO_NODE) resolve(undefined);
        else reject(this.#problem(path, error));
      });
    });
  }

  #connected(): Promise<Client> {
    if (this.#closed) return Promise.reject(this.#away('the client was closed'));
    if (this.#current !== undefined) return this.#current.connected;
    const { hosts, auth, deadlineSeconds, sessionSeconds = SESSION_SECONDS } = this.#options;
    const client = zookeeper.createClient(hosts, {
      sessionTimeout: sessionSeconds * 1000,
      spinDelay: SPIN_MILLISECONDS,
      retries: 0,
    });
    const connected = new Promise<Client>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#discard(client);
        reject(this.#away(`no connection within ${deadlineSeconds} s`));
      }, deadlineSeconds * 1000);
      client.on('connected', () => {
        clearTimeout(timer);
        resolve(client);
        // What changed while there was no connection is seen by looking.
        this.#onChange();
      });
      const dead = (why: string) => () => {
        clearTimeout(timer);
        this.#discard(client);
        reject(this.#away(why));
        this.#onChange();
      };
      client.on('expired', dead('the session has expired'));
      client.on('authenticationFailed', dead('the server does not take zookeeper.auth'));
    });
    // The caller sees it.
    connected.catch(() => {});
    this.#current = { client, connected };
    guardReading(client, () => {
      if (this.#current?.client === client) this.#discard(client);
    });
    if (auth !== undefined) client.addAuthInfo('digest', Buffer.from(auth));
    client.connect();
    return connected;
  }

  /** Forgets a client; the next call makes another. */
  #discard(client: Client): void {
    if (this.#current?.client === client) this.#current = undefined;
    end(client);
  }

  #away(why: string): SluiceError {
    return new SluiceError(
      'SETTINGS_AWAY',
      `ZooKeeper at ${this.#options.hosts} does not answer (${why}); check zookeeper.hosts and the server`,
      { retriable: true },
    );
  }

  #problem(path: string, error: Exception): SluiceError {
    if (error.code === zookeeper.Exception.NO_AUTH || error.code === zookeeper.Exception.AUTH_FAILED)
      return new SluiceError(
        'SETTINGS_UNREADABLE',
        `ZooKeeper at ${this.#options.hosts} refuses ${path}; give zookeeper.auth, or change the node's ACL`,
        { cause: error },
      );
    return this.#away(error.message);
  }
}

/**
 * Keeps what the library throws while it reads from ending the process: it throws at a code that it does not know, and takes
 * the answer to a connection that was closed meanwhile for one.
 */
function guardReading({ connectionManager: manager }: Client, failed: () => void): void {
  const read = manager.onSocketData;
  manager.onSocketData = (bytes) => {
    try {
      read.call(manager, bytes);
    } catch {
      failed();
    }
  };
}

/** Ends a client, also one whose server is silent: the library would wait for it for ever. */
function end(client: Client): void {
  client.removeAllListeners();
  client.close();
  setTimeout(() => {
    clearTimeout(client.connectionManager.connectTimeoutHandler);
    client.connectionManager.socket?.destroy();
  }, CLOSE_MILLISECONDS);
}
