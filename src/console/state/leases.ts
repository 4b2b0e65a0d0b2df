import type { LeaseAnswer } from '../../http/console-schemas.ts';
import { type Api, ApiProblem } from './api.ts';
import { Observable } from './observable.ts';

interface Held {
  readonly id: string;
  /** Rows that nobody has decided yet. */
  readonly open: Set<number>;
  readonly until: number;
}

const RENEW_SECONDS = 20;

/** The leases of this page: renewed while it shows their rows, given back when it is left. */
export class Leases {
  /** Epoch milliseconds by this browser's clock, by row. */
  readonly ends = new Observable<ReadonlyMap<number, number>>(new Map());
  readonly #api: Api;
  readonly #lost: (rows: ReadonlySet<number>) => void;
  readonly #held = new Map<string, Held>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `lost`: called with the rows of a lease that ended before it could be renewed. */
  constructor(api: Api, lost: (rows: ReadonlySet<number>) => void) {
    this.#api = api;
    this.#lost = lost;
  }

  start(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.renew(), RENEW_SECONDS * 1000);
  }

  add({ id, items, seconds }: LeaseAnswer): void {
    const rows = items.map((item) => item.id);
    if (rows.length === 0) return;
    this.#held.set(id, {
      id,
      open: new Set(rows),
      until: Date.now() + seconds * 1000,
    });
    this.#report();
  }

  /** Rows that are decided or skipped; a lease without others is not renewed. */
  done(rows: ReadonlySet<number>): void {
    for (const lease of this.#held.values()) for (const row of rows) lease.open.delete(row);
    for (const { id, open } of [...this.#held.values()]) if (open.size === 0) this.#held.delete(id);
    this.#report();
  }

  renew(): void {
    for (const lease of [...this.#held.values()])
      this.#api
        .call<{ readonly seconds?: number }>(`/api/v1/review/leases/${lease.id}`, { method: 'PUT', body: {} })
        .then(
          (answer) => {
            if (!this.#held.has(lease.id)) return;
            this.#held.set(lease.id, { ...lease, until: Date.now() + (answer?.seconds ?? 60) * 1000 });
            this.#report();
          },
          (error: unknown) => this.#notRenewed(lease, error),
        );
  }

  /** With requests that outlive the page. */
  leave(): void {
    clearInterval(this.#timer);
    for (const id of this.#held.keys())
      void this.#api
        .call(`/api/v1/review/leases/${id}`, { method: 'DELETE', keepalive: true })
        .catch(() => undefined);
    this.#held.clear();
    this.#report();
  }

  #notRenewed(lease: Held, error: unknown): void {
    const isGone =
      error instanceof ApiProblem && (error.status === 410 || error.status === 404 || error.status === 409);
    if (!isGone || !this.#held.delete(lease.id)) return;
    this.#report();
    this.#lost(lease.open);
  }

  #report(): void {
    this.ends.value = new Map(
      [...this.#held.values()].flatMap(({ open, until }) => [...open].map((row) => [row, until] as const)),
    );
  }
}
