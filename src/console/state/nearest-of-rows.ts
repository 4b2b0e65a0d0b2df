import type { NearestAnswer } from '../../http/nearest-schemas.ts';
import type { Api } from './api.ts';
import { Observable } from './observable.ts';

export type Nearest =
  | { readonly phase: 'loading' | 'failed' }
  | { readonly phase: 'ready'; readonly items: NearestAnswer['items'] };

const MOST = 100;
/** Who goes through the queue quickly does not ask for messages that are only passed. */
const AFTER_MS = 150;

/** Labeled messages like the one that is shown; loaded once it has been shown for a moment. */
export class NearestOfRows {
  readonly all = new Observable<ReadonlyMap<number, Nearest>>(new Map());
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Asks for another row are dropped that have not been sent. */
  shown(id: number): void {
    clearTimeout(this.#timer);
    const known = this.all.value.get(id);
    if (known === undefined || known.phase === 'failed')
      this.#timer = setTimeout(() => void this.load(id), AFTER_MS);
  }

  async load(id: number): Promise<void> {
    this.#set(id, { phase: 'loading' });
    try {
      const { items } = await this.#api.call<NearestAnswer>(`/api/v1/review/${id}/nearest`);
      this.#set(id, { phase: 'ready', items });
    } catch {
      this.#set(id, { phase: 'failed' });
    }
  }

  #set(id: number, nearest: Nearest): void {
    const all = new Map(this.all.value);
    all.delete(id);
    all.set(id, nearest);
    for (const [oldest] of all) {
      if (all.size <= MOST) break;
      all.delete(oldest);
    }
    this.all.value = all;
  }
}
