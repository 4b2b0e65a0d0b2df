/// <reference path="./webhdfs.d.ts" />
import type { IncomingMessage } from 'node:http';
import webhdfs, { type Answer, type Client, type FileStatus, type Request } from 'webhdfs';
import { SluiceError } from '../../core/errors.ts';

export interface HdfsClientOptions {
  /** HTTP addresses of the NameNodes; the first is asked first. */
  readonly urls: readonly string[];
  readonly user: string;
  /** For each question; a transfer may take longer while bytes keep coming. */
  readonly deadlineSeconds: number;
}

/** How slow a transfer may be. Without a limit its caller could wait forever. */
const LEAST_BYTES_PER_SECOND = 64 * 1024;

/** Why a NameNode did not do what it was asked; none of it is the caller's fault, so the next may be asked. */
class Unanswered extends Error {}

/**
 * HDFS over HTTP, as far as models need it. What webhdfs leaves open is settled here: every call has a deadline, only a
 * success is one (the library takes 503 for a success and its page for content), and what one NameNode cannot answer,
 * being away or in standby, the next is asked. Throws `MODEL_STORE_FAILED` (retriable) when none answers.
 */
export class HdfsClient {
  readonly #nodes: readonly { readonly url: string; readonly client: Client }[];
  readonly #deadlineSeconds: number;
  /** The node that answered last. */
  #current = 0;

  constructor({ urls, user, deadlineSeconds }: HdfsClientOptions) {
    this.#deadlineSeconds = deadlineSeconds;
    this.#nodes = urls.map((url) => {
      const { protocol, hostname, port } = new URL(url);
      const endpoint = {
        protocol: protocol.slice(0, -1),
        host: hostname,
        port: Number(port) || (protocol === 'https:' ? 443 : 80),
        path: '/webhdfs/v1',
        user,
      };
      // Its own timer too: a connection whose request was given up below would stay open.
      return { url, client: webhdfs.createClient(endpoint, { timeout: deadlineSeconds * 1000 }) };
    });
  }

  /** For messages. */
  get endpoint(): string {
    return this.#nodes.map(({ url }) => url).join(', ');
  }

  /** Undefined where there is nothing. */
  stat(path: string): Promise<FileStatus | undefined> {
    return this.#ask(path, (client, answer: Answer<FileStatus>) => client.stat(checked(path), answer));
  }

  /** Undefined where there is no such folder. */
  readdir(path: string): Promise<readonly FileStatus[] | undefined> {
    return this.#ask(path, (client, answer: Answer<readonly FileStatus[]>) =>
      client.readdir(checked(path), answer),
    );
  }

  async mkdir(path: string): Promise<void> {
    await this.#ask(path, (client, answer: Answer<void>) => client.mkdir(checked(path), answer));
  }

  /** Does not return whether it succeeded, since the library does not: look afterwards. */
  async rename(from: string, to: string): Promise<void> {
    await this.#ask(from, (client, answer: Answer<void>) =>
      client.rename(checked(from), checked(to), answer),
    );
  }

  /** With all that is below it; nothing happens where there is nothing. */
  async remove(path: string): Promise<void> {
    await this.#ask(path, (client, answer: Answer<void>) => client.unlink(checked(path), true, answer));
  }

  /** Does not return whether the bytes are there: read them back. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#ask(
      path,
      (client, answer: Answer<void>) => client.writeFile(checked(path), bytes, answer),
      bytes.length,
    );
  }

  /** The content of a file; undefined where there is none. One with more than `maxBytes` is cut there, plus one byte. */
  async read(path: string, maxBytes: number): Promise<Buffer | undefined> {
    return await this.#any(path, (client) =>
      this.#download(path, client.createReadStream(checked(path)), maxBytes),
    );
  }

  #ask<T>(
    path: string,
    question: (client: Client, answer: Answer<T>) => Request,
    bytes = 0,
  ): Promise<T | undefined> {
    return this.#any(
      path,
      (client) =>
        new Promise<T | undefined>((resolve, reject) => {
          const request = question(client, (error, value) => {
            clearTimeout(timer);
            const { response } = request;
            const status = response?.statusCode;
            if (!error && (status === undefined || status < 400)) resolve(value);
            else if (status === 404) resolve(undefined);
            else reject(problemOf(status, response?.body, error, path));
          });
          // An error that comes when the question was answered, or given up, must not end the process.
          request.on('error', () => {});
          const timer = this.#deadline(bytes, request, reject);
        }),
    );
  }

  #download(path: string, request: Request, maxBytes: number): Promise<Buffer | undefined> {
    return new Promise<Buffer | undefined>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      let status: number | undefined;
      const timer = this.#deadline(maxBytes, request, reject);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      const refusal: Buffer[] = [];
      request.on('response', (response: IncomingMessage) => {
        status = response.statusCode;
        // The library makes an error of the first piece of a refusal, and loses what kind of one it is.
        if (status !== 200) response.on('data', (chunk: Buffer) => refusal.push(chunk));
      });
      request.on('data', (chunk: Buffer) => {
        if (status !== 200) return;
        chunks.push(chunk);
        length += chunk.length;
        // What has more bytes than it may is refused by its length; the rest of them need not come.
        if (length <= maxBytes) return;
        request.abort();
        end(() => resolve(Buffer.concat(chunks).subarray(0, maxBytes + 1)));
      });
      // A download that is cut ends with an error first, and then with success. The error may come more than once.
      request.on('error', (error: Error) => {
        if (status === undefined || status === 200) end(() => reject(new Unanswered(error.message)));
      });
      request.on('complete', () =>
        end(() => {
          if (status === 200) resolve(Buffer.concat(chunks));
          else if (status === 404) resolve(undefined);
          else reject(problemOf(status, parsed(Buffer.concat(refusal)), undefined, path));
        }),
      );
    });
  }

  #deadline(bytes: number, request: Request, reject: (error: Error) => void): NodeJS.Timeout {
    const seconds = this.#deadlineSeconds + bytes / LEAST_BYTES_PER_SECOND;
    return setTimeout(() => {
      request.abort();
      reject(new Unanswered(`no answer within ${Math.round(seconds)} s`));
    }, seconds * 1000);
  }

  /** Asks one node after the other, beginning with the one that answered last. */
  async #any<T>(path: string, ask: (client: Client) => Promise<T>): Promise<T> {
    const problems: string[] = [];
    for (let turn = 0; turn < this.#nodes.length; turn++) {
      const at = (this.#current + turn) % this.#nodes.length;
      const { url, client } = this.#nodes[at]!;
      try {
        const answer = await ask(client);
        this.#current = at;
        return answer;
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        problems.push(`${url}: ${error.message}`);
      }
    }
    throw new SluiceError(
      'MODEL_STORE_FAILED',
      `HDFS does not answer for ${path} (${problems.join('; ')}); check model.hdfs.url and the NameNode`,
      { retriable: true },
    );
  }
}

/** A NameNode that is unavailable or in standby may be replaced by another. What one refuses, all refuse. */
function problemOf(
  status: number | undefined,
  body: unknown,
  error: Error | null | undefined,
  path: string,
): Error {
  const { exception, message } = remoteException(body);
  const reply =
    exception === undefined ? (error?.message ?? `HTTP status ${status}`) : `${exception}: ${message}`;
  // A NameNode in standby answers 403, like one that refuses.
  const refused = (status === 403 && exception !== 'StandbyException') || status === 401 || status === 400;
  if (!refused || (status === 403 && exception === undefined && /standby/i.test(reply)))
    return new Unanswered(reply);
  return new SluiceError(
    'MODEL_STORE_FAILED',
    `HDFS refuses ${path}: ${reply}; check model.hdfs.path and the rights of model.hdfs.user`,
  );
}

function remoteException(body: unknown): { readonly exception?: string; readonly message?: string } {
  const { RemoteException: inner } = (typeof body === 'object' && body !== null ? body : {}) as {
    RemoteException?: { exception?: string; message?: string };
  };
  const firstLine = inner?.message?.split('\n')[0];
  return {
    ...(inner?.exception === undefined ? {} : { exception: inner.exception }),
    ...(firstLine === undefined ? {} : { message: firstLine }),
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** The library sends other names wrongly encoded: `a%20b` is stored as `a b`. */
function checked(path: string): string {
  if (!/^(?:\/[A-Za-z0-9._-]+)+$/.test(path) || /\/\.\.?(?:\/|$)/.test(path))
    throw new SluiceError(
      'MODEL_STORE_FAILED',
      `${JSON.stringify(path)} cannot be a path in HDFS here: its names may have letters, digits, ".", "_" and "-"`,
    );
  return path;
}
