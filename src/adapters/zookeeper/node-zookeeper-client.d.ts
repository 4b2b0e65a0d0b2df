/** What is used here of node-zookeeper-client 1.1.3, which has no types of its own. */
declare module 'node-zookeeper-client' {
  export interface Exception extends Error {
    /** Negative: one of `Exception`'s codes. */
    readonly code?: number;
  }

  export type Answer<T> = (error: Exception | null | undefined, value: T) => void;

  export interface Stat {
    readonly version: number;
  }

  export type Watcher = (event: { readonly path: string }) => void;

  export interface Transaction {
    create(path: string, data: Buffer, acls: readonly unknown[]): Transaction;
    setData(path: string, data: Buffer, version: number): Transaction;
    remove(path: string, version: number): Transaction;
    commit(answer: Answer<unknown>): void;
  }

  export interface Client extends NodeJS.EventEmitter {
    /** Its own, and the only way to end a connection whose far end is silent. */
    readonly connectionManager: {
      readonly socket?: { destroy(): void };
      readonly connectTimeoutHandler?: NodeJS.Timeout;
      onSocketData(bytes: Buffer): void;
    };
    connect(): void;
    close(): void;
    addAuthInfo(scheme: string, auth: Buffer): void;
    getChildren(path: string, watcher: Watcher, answer: Answer<readonly string[]>): void;
    getData(
      path: string,
      watcher: Watcher,
      answer: (error: Exception | null | undefined, data: Buffer | undefined, stat: Stat) => void,
    ): void;
    /** No stat where there is no such node. */
    exists(path: string, watcher: Watcher, answer: Answer<Stat | undefined>): void;
    mkdirp(path: string, data: null, acls: readonly unknown[], answer: Answer<unknown>): void;
    transaction(): Transaction;
  }

  const zookeeper: {
    createClient(
      hosts: string,
      options: { readonly sessionTimeout: number; readonly spinDelay: number; readonly retries: number },
    ): Client;
    readonly ACL: {
      readonly OPEN_ACL_UNSAFE: readonly unknown[];
      readonly CREATOR_ALL_ACL: readonly unknown[];
    };
    readonly Exception: { readonly NO_NODE: number; readonly NO_AUTH: number; readonly AUTH_FAILED: number };
  };
  export default zookeeper;
}
