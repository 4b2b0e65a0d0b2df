import type { LabelNextAnswer } from '../../http/label-next-schemas.ts';
import { failureOf } from '../logic/decision-queue.ts';
import { asksAgainAfter, effectOf, type LabelEffect, type LabelKey } from '../logic/label-next.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { Observable } from './observable.ts';

const PATH = '/api/v1/training/next';

/** Everything behind the question which message to label next: the message, the answers, what is known of the model. */
export class LabelAsking {
  /** Undefined until the server has answered for the first time. */
  readonly view = new Observable<LabelNextAnswer | undefined>(undefined);
  /** Why nothing can be shown. */
  readonly failure = new Observable<ApiProblem | undefined>(undefined);
  /** What was not done, and why. */
  readonly refusal = new Observable<ApiProblem | undefined>(undefined);
  readonly effect = new Observable<LabelEffect | undefined>(undefined);
  readonly isSending = new Observable(false);
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #effects = 0;
  #isActive = false;

  constructor(api: Api) {
    this.#api = api;
  }

  start(): void {
    this.#isActive = true;
    void this.ask();
  }

  /** The message goes back, so that somebody else may get it. */
  stop(): void {
    this.#isActive = false;
    clearTimeout(this.#timer);
    if (this.view.value?.phase !== 'asking') return;
    void this.#api.call(PATH, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  }

  /** The message that this person has, or a new one. `again`: the table is read again where nothing was left. */
  async ask(again = false): Promise<void> {
    try {
      this.#show(await this.#api.call<LabelNextAnswer>(PATH, { method: 'POST', body: { again } }));
    } catch (error) {
      const problem = problemOf(error);
      // A message that is shown can still be answered.
      if (this.view.value?.phase === 'asking') this.#later(asksAgainAfter(this.view.value));
      else this.failure.value = problem;
    }
  }

  async answer(answer: LabelKey): Promise<void> {
    const row = this.view.value?.question?.row;
    if (row === undefined) return;
    const next = await this.#post('/answers', { row, answer });
    if (next !== undefined) this.#report(effectOf(answer, next.labeled_rows));
  }

  async undo(): Promise<void> {
    const next = await this.#post('/undo', {});
    if (next !== undefined) this.#report({ kind: 'undone', count: 1 });
  }

  /** Undefined where it failed. An answer that is sent again counts once. */
  async #post(path: string, body: object): Promise<LabelNextAnswer | undefined> {
    if (this.isSending.value) return undefined;
    this.isSending.value = true;
    this.refusal.value = undefined;
    try {
      const next = await this.#api.call<LabelNextAnswer>(PATH + path, { method: 'POST', body });
      this.#show(next);
      return next;
    } catch (error) {
      const problem = problemOf(error);
      if (failureOf(problem.status, problem.kind) === 'refresh')
        await this.#api.session().catch(() => undefined);
      this.refusal.value = problem;
      // The message is somebody else's by now.
      if (problem.kind === 'lease-expired') await this.ask();
      return undefined;
    } finally {
      this.isSending.value = false;
    }
  }

  #show(view: LabelNextAnswer): void {
    this.failure.value = undefined;
    this.view.value = view;
    this.#later(asksAgainAfter(view));
  }

  #later(seconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (seconds === undefined || !this.#isActive) return;
    this.#timer = setTimeout(() => {
      if (this.isSending.value) this.#later(seconds);
      else void this.ask();
    }, seconds * 1000);
  }

  #report(effect: Omit<LabelEffect, 'number'>): void {
    this.effect.value = { ...effect, number: ++this.#effects };
  }
}
