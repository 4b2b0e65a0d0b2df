import type { ErasureAnswer, ErasuresAnswer } from '../../http/erasure-schemas.ts';
import { type ErasureForm, erasureAddress } from '../logic/erasure.ts';
import { go } from './address.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { Observable } from './observable.ts';

const ASK_MS = 1000;

export interface ErasureView {
  readonly job?: ErasureAnswer;
  /** What the job is about; unknown after a reload, as the server does not say. */
  readonly form?: ErasureForm;
  /** Why nothing was begun, or why it is not known how far it is. */
  readonly problem?: ApiProblem;
  readonly isAsking: boolean;
}

/** The erasure that the page shows. It runs on the server; this asks how far it is. */
export class ErasureJobState {
  readonly view = new Observable<ErasureView>({ isAsking: false });
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Shows the job of the address, else one that runs. */
  async open(id: string | null): Promise<void> {
    this.#stopped = false;
    try {
      const { erasures } = await this.#api.call<ErasuresAnswer>('/api/v1/erasures');
      const job =
        erasures.find((each) => each.id === id) ?? erasures.find(({ state }) => state === 'running');
      if (job !== undefined) this.#show({ job, isAsking: false });
    } catch (error) {
      this.#show({ problem: problemOf(error), isAsking: false });
    }
  }

  async begin(form: ErasureForm, dryRun: boolean): Promise<void> {
    this.view.value = { isAsking: true };
    try {
      const job = await this.#api.call<ErasureAnswer>(erasureAddress(form, dryRun), { method: 'DELETE' });
      this.#show({ job, form, isAsking: false });
    } catch (error) {
      const problem = problemOf(error);
      this.#show({ problem, isAsking: false });
      if (problem.kind === 'erasure-running') await this.#showRunning(problem);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #showRunning(problem: ApiProblem): Promise<void> {
    const answer = await this.#api.call<ErasuresAnswer>('/api/v1/erasures').catch(() => undefined);
    const job = answer?.erasures.find(({ state }) => state === 'running');
    if (job !== undefined) this.#show({ job, problem, isAsking: false });
  }

  #show(view: ErasureView): void {
    if (this.#stopped) return;
    this.view.value = view;
    const { job } = view;
    if (job !== undefined) go('/erasure', `?job=${job.id}`, true);
    clearTimeout(this.#timer);
    if (job?.state === 'running') this.#timer = setTimeout(() => void this.#ask(job), ASK_MS);
  }

  async #ask(job: ErasureAnswer): Promise<void> {
    const { form } = this.view.value;
    const of = form === undefined ? {} : { form };
    try {
      const asked = await this.#api.call<ErasureAnswer>(`/api/v1/erasures/${job.id}`);
      this.#show({ job: asked, ...of, isAsking: false });
    } catch (error) {
      const problem = problemOf(error);
      // Of a server that was started again, nobody knows how it ended.
      if (problem.status === 404) this.#show({ problem, isAsking: false });
      else this.#show({ job, ...of, problem, isAsking: false });
    }
  }
}
