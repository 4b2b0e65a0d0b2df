import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';

/** One series of an answer. Values that are no finite number are left out. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** `at`: epoch milliseconds. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export interface RangeQuery {
  readonly expression: string;
  /** The expression is computed at `start`, and every so many seconds behind it up to `end`; epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
}

export interface PrometheusQueryOptions {
  /** As people open it in a browser: `http://host:9090`, with a path where a proxy serves it below one, and with user and password. */
  readonly url: string;
  readonly deadlineSeconds?: number;
  /** Of one answer. */
  readonly maxBytes?: number;
}

const DEADLINE_SECONDS = 20;
/** A hundred series of 200 points have less than one. */
const MAX_BYTES = 16 * 2 ** 20;
/** Of an answer that is none, as much as helps to recognize a page for logging in. */
const SHOWN_CHARACTERS = 200;

const refusal = z.object({ status: z.literal('error'), error: z.string() });
const matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        // Missing for native histograms.
        values: z.array(z.tuple([z.number(), z.string()])).default([]),
      }),
    ),
  }),
});

/** Queries over a range of time by Prometheus' HTTP API, which Thanos, Mimir and VictoriaMetrics have too. */
export class PrometheusQuery {
  /** Without user and password. */
  readonly location: string;
  readonly #address: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #deadlineMs: number;
  readonly #maxBytes: number;

  /** Throws `USAGE` for an address that is none. */
  constructor({ url, deadlineSeconds = DEADLINE_SECONDS, maxBytes = MAX_BYTES }: PrometheusQueryOptions) {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address === undefined || !['http:', 'https:'].includes(address.protocol))
      throw new SluiceError(
        'USAGE',
        'the address of Prometheus is not one; give it as you open it in a browser, such as http://localhost:9090',
      );
    const { username, password } = address;
    this.#headers = username === '' && password === '' ? {} : { authorization: basic(username, password) };
    // The client refuses addresses that have them.
    address.username = '';
    address.password = '';
    address.search = '';
    address.hash = '';
    this.location = address.href.replace(/\/$/, '');
    this.#address = new URL(`${this.location}/api/v1/query_range`);
    this.#deadlineMs = deadlineSeconds * 1000;
    this.#maxBytes = maxBytes;
  }

  /** Throws `SERVICE_FAILED`. */
  async range({ expression, start, end, stepSeconds }: RangeQuery): Promise<readonly QueriedSeries[]> {
    const address = new URL(this.#address);
    address.search = new URLSearchParams({
      query: expression,
      start: String(start / 1000),
      end: String(end / 1000),
      step: String(stepSeconds),
    }).toString();
    const { status, text } = await this.#ask(address);
    const answer = jsonOf(text);
    const refused = refusal.safeParse(answer);
    if (refused.success)
      throw this.#failed(
        `refuses the query ${expression}: ${refused.data.error}; check that it is a Prometheus of version 2 or newer`,
      );
    const read = matrix.safeParse(answer);
    if (!read.success || status !== 200)
      throw this.#failed(
        `gives no answer of Prometheus' API (HTTP ${status}: ${shown(text)}); check the address, and user and password where it asks for them`,
      );
    return read.data.data.result.map(({ metric, values }) => ({
      labels: metric,
      points: values
        .map(([seconds, value]) => ({ at: Math.round(seconds * 1000), value: Number(value) }))
        .filter(({ value }) => Number.isFinite(value)),
    }));
  }

  async #ask(address: URL): Promise<{ readonly status: number; readonly text: string }> {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    try {
      const response = await fetch(address, { headers: this.#headers, signal: deadline });
      return { status: response.status, text: await this.#textOf(response) };
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      const reason = deadline.aborted
        ? `no answer within ${this.#deadlineMs / 1000} s`
        : describeError(error instanceof Error && error.cause !== undefined ? error.cause : error);
      throw this.#failed(
        `is unavailable (${reason}); check that it runs and can be reached from here`,
        error,
      );
    }
  }

  async #textOf(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    // Leaving the loop early ends the transfer.
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).length;
      if (length > this.#maxBytes)
        throw this.#failed(
          `answers with more than ${this.#maxBytes} bytes; check that the address is that of Prometheus, and ask for a shorter time`,
        );
    }
    return Buffer.concat(chunks).toString();
  }

  #failed(what: string, cause?: unknown): SluiceError {
    return new SluiceError('SERVICE_FAILED', `Prometheus at ${this.location} ${what}`, { cause });
  }
}

function basic(user: string, password: string): string {
  const both = `${decodeURIComponent(user)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(both).toString('base64')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line || 'nothing';
}
