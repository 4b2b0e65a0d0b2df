import type { SessionAnswer } from '../../http/console-schemas.ts';

/** The server answered with a problem, or (status 0) it could not be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** As `already-decided`; `unreachable` where there was no answer. */
  readonly kind: string;
  readonly detail: string;
  /** Seconds; 0 where none was stated. */
  readonly retryAfter: number;

  constructor(status: number, kind: string, detail: string, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

export function problemOf(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem(0, 'unknown', String(error));
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly key?: string;
  /** Whether the request outlives the page. */
  readonly keepalive?: boolean;
}

const REQUEST_SECONDS = 30;

/** Requests to `/api`, with the session's cookie and CSRF token. */
export class Api {
  #csrf = '';

  async session(): Promise<SessionAnswer> {
    return this.#entered(await this.call<SessionAnswer>('/api/v1/session'));
  }

  async logIn(body: Readonly<Record<string, string>>): Promise<SessionAnswer> {
    return this.#entered(await this.call<SessionAnswer>('/api/v1/session', { method: 'POST', body }));
  }

  async logOut(): Promise<void> {
    await this.call('/api/v1/session', { method: 'DELETE' });
    this.#csrf = '';
  }

  /** Throws {@link ApiProblem}. */
  async call<T>(path: string, { method = 'GET', body, key, keepalive = false }: Call = {}): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET' && this.#csrf !== '') headers['x-csrf-token'] = this.#csrf;
    if (key !== undefined) headers['idempotency-key'] = key;
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(path, {
        method,
        headers,
        credentials: 'same-origin',
        keepalive,
        // An answer that does not come is a lost connection.
        ...(keepalive ? {} : { signal: AbortSignal.timeout(REQUEST_SECONDS * 1000) }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch (error) {
      throw new ApiProblem(0, 'unreachable', error instanceof Error ? error.message : String(error));
    }
    const read = readJson(text);
    if (answer.ok) return read as T;
    const { type, title, detail } = (read ?? {}) as Readonly<Record<string, unknown>>;
    throw new ApiProblem(
      answer.status,
      typeof type === 'string' ? type.replace('urn:sluice:problem:', '') : 'unknown',
      String(detail ?? title ?? answer.statusText),
      Number(answer.headers.get('retry-after')) || 0,
    );
  }

  #entered(session: SessionAnswer): SessionAnswer {
    this.#csrf = session.csrf;
    return session;
  }
}

function readJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
