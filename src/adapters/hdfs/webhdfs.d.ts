/** What is used here of webhdfs 1.2.0, which has no types of its own. */
declare module 'webhdfs' {
  export interface Response {
    readonly statusCode: number;
    /** JSON where the answer was that. */
    readonly body?: unknown;
  }

  /** A request under way, as the package `request` makes them. */
  export interface Request extends NodeJS.EventEmitter {
    readonly response?: Response;
    abort(): void;
  }

  export interface FileStatus {
    readonly pathSuffix: string;
    readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK';
    readonly length: number;
    /** Epoch milliseconds. */
    readonly modificationTime: number;
  }

  export type Answer<T> = (error: Error | null | undefined, value: T) => void;

  export interface Client {
    stat(path: string, answer: Answer<FileStatus>): Request;
    readdir(path: string, answer: Answer<readonly FileStatus[]>): Request;
    mkdir(path: string, answer: Answer<void>): Request;
    rename(path: string, destination: string, answer: Answer<void>): Request;
    unlink(path: string, recursive: boolean, answer: Answer<void>): Request;
    writeFile(path: string, bytes: Uint8Array, answer: Answer<void>): Request;
    createReadStream(path: string): Request;
  }

  const webhdfs: {
    createClient(
      place: {
        readonly protocol: string;
        readonly host: string;
        readonly port: number;
        readonly path: string;
        readonly user?: string;
      },
      request: { readonly timeout: number },
    ): Client;
  };
  export default webhdfs;
}
