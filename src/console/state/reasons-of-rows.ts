import type { ExplanationAnswer } from '../../http/console-schemas.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { Observable } from './observable.ts';

export type Reasons =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly explanation: ExplanationAnswer }
  | { readonly phase: 'failed'; readonly problem: ApiProblem };

const MOST = 200;

/** Why rows have their score; of the rows that were asked for last. */
export class ReasonsOfRows {
  readonly all = new Observable<ReadonlyMap<number, Reasons>>(new Map());
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  load(id: number): void {
    const known = this.all.value.get(id);
    if (known !== undefined && known.phase !== 'failed') return;
    this.#set(id, { phase: 'loading' });
    this.#api.call<ExplanationAnswer>(`/api/v1/review/${id}/explanation`).then(
      (explanation) => this.#set(id, { phase: 'ready', explanation }),
      (error: unknown) => this.#set(id, { phase: 'failed', problem: problemOf(error) }),
    );
  }

  #set(id: number, reasons: Reasons): void {
    const all = new Map(this.all.value);
    all.delete(id);
    all.set(id, reasons);
    for (const [oldest] of all) {
      if (all.size <= MOST) break;
      all.delete(oldest);
    }
    this.all.value = all;
  }
}
