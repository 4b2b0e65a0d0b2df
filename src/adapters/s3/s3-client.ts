import { AwsV4Signer } from 'aws4fetch';
import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import { SluiceError } from '../../core/errors.ts';
import { sha256Of } from '../../core/sha256.ts';
import { Deadline } from './deadline.ts';
import { errorOf, type ListedObject, listingOf } from './s3-documents.ts';
import { problemOf, reasonOf, Unanswered } from './s3-problem.ts';

export interface S3ClientOptions {
  /** Scheme, host and port of the service. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the bucket stands in the path of an address, and not in its host. */
  readonly forcePathStyle: boolean;
  /** For each request with its retries; a transfer may take longer, in proportion to its bytes. */
  readonly deadlineSeconds: number;
}

/** An object as it is stored. */
export interface StoredObject {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Of this content; another content has another. */
  readonly etag: string;
}

/** When an object may be written: where there is none, or where its ETag is this one. */
export type WriteCondition = 'absent' | { readonly etag: string };

interface Question {
  readonly method: 'GET' | 'PUT';
  /** Undefined for the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

const RETRIES = 4;
const BACKOFF = { initialDelay: 50, maxDelay: 2000 };
const MOST_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Of 1,000 objects each. More than that in a prefix are not models. */
const MOST_PAGES = 100;
const EMPTY = new Uint8Array();

/**
 * Objects of one bucket of an S3-compatible service, as far as models need them. Each request is signed with its content's
 * hash (Signature Version 4), so that the service refuses what arrives damaged. What fails in passing is tried again until
 * its deadline. Throws `MODEL_STORE_FAILED`: retriable when the service does not answer, not retriable when it refuses.
 */
export class S3Client {
  readonly #options: S3ClientOptions;
  /** Derived keys of signatures, by day. */
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  constructor(options: S3ClientOptions) {
    this.#options = options;
  }

  /** Address of an object, of a prefix, or of the bucket; also for people. */
  addressOf(key = ''): string {
    const { endpoint, bucket, forcePathStyle } = this.#options;
    const url = new URL(endpoint);
    if (forcePathStyle) url.pathname = `/${bucket}/${key}`;
    else {
      url.hostname = `${bucket}.${url.hostname}`;
      url.pathname = `/${key}`;
    }
    return url.href.replace(/\/$/, '');
  }

  /** Undefined where there is no such object. One with more than `maxBytes` is cut there, plus one byte. */
  async read(key: string, maxBytes: number): Promise<StoredObject | undefined> {
    return await this.#ask({ method: 'GET', key }, async (response, deadline) => {
      if (response.status === 200) {
        deadline.allow(Math.min(maxBytes, Number(response.headers.get('content-length') ?? 0)));
        const bytes = await bytesOf(response, maxBytes);
        return { bytes, etag: response.headers.get('etag') ?? '' };
      }
      const { code, refusal } = await this.#refusalOf(response);
      // Without a document it is another kind of server that has no such page.
      if (response.status === 404 && code === 'NoSuchKey') return undefined;
      throw refusal(key);
    });
  }

  /**
   * Writes an object as a whole. Returns its ETag, also where it was there with the same content; undefined where the
   * condition does not hold.
   */
  async write(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    condition?: WriteCondition,
  ): Promise<string | undefined> {
    const headers: Readonly<Record<string, string>> =
      condition === undefined
        ? {}
        : condition === 'absent'
          ? { 'if-none-match': '*' }
          : { 'if-match': condition.etag };
    const question: Question = { method: 'PUT', key, headers, body: bytes };
    const etag = await this.#ask(question, async (response) => {
      if (response.ok) {
        await response.arrayBuffer();
        return response.headers.get('etag') ?? '';
      }
      const { code, refusal } = await this.#refusalOf(response);
      const isGone = response.status === 404 && code === 'NoSuchKey';
      if (condition !== undefined && (response.status === 412 || isGone)) return undefined;
      throw refusal(key);
    });
    if (etag !== undefined) return etag;
    // It may be ours: a write whose answer was lost is repeated, and finds itself.
    const found = await this.read(key, bytes.length);
    return found?.bytes.equals(bytes) === true ? found.etag : undefined;
  }

  /** All objects whose keys begin with the prefix. */
  async list(prefix: string): Promise<readonly ListedObject[]> {
    const objects: ListedObject[] = [];
    let next: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const query = {
        'list-type': '2',
        prefix,
        ...(next === undefined ? {} : { 'continuation-token': next }),
      };
      const found = await this.#ask({ method: 'GET', query }, async (response) => {
        if (response.status !== 200) throw (await this.#refusalOf(response)).refusal(prefix);
        const listing = listingOf((await bytesOf(response, MOST_DOCUMENT_BYTES)).toString());
        if (listing !== undefined) return listing;
        throw new SluiceError(
          'MODEL_STORE_FAILED',
          `${this.addressOf()} answers a listing with something else; is model.s3.endpoint an S3 service?`,
        );
      });
      objects.push(...found.objects);
      if (found.next === undefined) return objects;
      next = found.next;
    }
    throw new SluiceError(
      'MODEL_STORE_FAILED',
      `${this.addressOf(prefix)} has more than ${MOST_PAGES * 1000} objects; give models a model.s3.prefix of their own`,
    );
  }

  /** `answered` throws {@link Unanswered} where another attempt may help, and allows more time for a long answer. */
  async #ask<T>(
    question: Question,
    answered: (response: Response, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(this.#options.deadlineSeconds, question.body?.length ?? 0);
    const attempts = retry(handleType(Unanswered), {
      maxAttempts: RETRIES,
      backoff: new ExponentialBackoff(BACKOFF),
    });
    try {
      return await attempts.execute(() => this.#attempt(question, deadline, answered), deadline.signal);
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      const why = deadline.signal.aborted ? `no answer within ${deadline.seconds} s` : reasonOf(error);
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `S3 does not answer for ${this.addressOf(question.key)} (${why}); check model.s3.endpoint and the service`,
        { retriable: true, cause: error },
      );
    } finally {
      deadline.end();
    }
  }

  async #attempt<T>(
    question: Question,
    deadline: Deadline,
    answered: (response: Response, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { method, key, query = {}, headers = {}, body } = question;
    const { region, accessKeyId, secretAccessKey } = this.#options;
    const url = new URL(this.addressOf(key));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': sha256Of(body ?? EMPTY) },
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      cache: this.#signingKeys,
    }).sign();
    try {
      // A redirect leads to another region, whose signature would be another.
      const response = await fetch(signed.url, {
        method,
        headers: signed.headers,
        redirect: 'manual',
        signal: deadline.signal,
        ...(body === undefined ? {} : { body }),
      });
      return await answered(response, deadline);
    } catch (error) {
      // Whatever fetch throws: refused, reset, cut in the middle of a body, a name or a certificate.
      throw error instanceof SluiceError || error instanceof Unanswered
        ? error
        : new Unanswered(reasonOf(error), { cause: error });
    }
  }

  async #refusalOf(response: Response): Promise<{
    readonly code: string | undefined;
    /** Of the object or prefix that was asked for. */
    readonly refusal: (key: string) => Error;
  }> {
    const document = errorOf((await bytesOf(response, MOST_DOCUMENT_BYTES)).toString());
    const { code, message } = document;
    return {
      code,
      refusal: (key) => problemOf({ status: response.status, code, message }, this.addressOf(key)),
    };
  }
}

/** The body, cut after `maxBytes` and one byte: what is longer than it may be is refused by its length. */
async function bytesOf(response: Response, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes + 1);
}
