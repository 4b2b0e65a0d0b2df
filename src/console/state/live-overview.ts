import type { OverviewEvent } from '../../http/overview-schemas.ts';
import { EventParser } from '../logic/event-parser.ts';
import { type Point, pointOf, withPoint } from '../logic/overview-history.ts';
import { failuresAfter, pauseSeconds } from '../logic/reconnect.ts';
import { ApiProblem, problemOf, problemOfAnswer } from './api.ts';
import { Observable } from './observable.ts';

export interface LiveState {
  /** `waits`: for the next attempt; `refused`: another attempt would change nothing; `hidden`: the tab is. */
  readonly phase: 'connecting' | 'live' | 'waits' | 'refused' | 'paused' | 'hidden';
  readonly latest?: OverviewEvent | undefined;
  /** Epoch milliseconds, when {@link latest} came. */
  readonly receivedAt?: number | undefined;
  readonly history: readonly Point[];
  readonly problem?: ApiProblem | undefined;
  /** Epoch milliseconds of the next attempt. */
  readonly retryAt?: number | undefined;
}

/** An event comes each second: a connection that brings none for so long is lost. */
const SILENT_SECONDS = 15;

/** The events of the server while somebody looks at them: none while the tab is hidden, or the person has paused. */
export class LiveOverview {
  readonly state = new Observable<LiveState>({ phase: 'connecting', history: [] });
  #connection: AbortController | undefined;
  #retry: number | undefined;
  #failures = 0;
  #isPaused = false;

  start(): void {
    document.addEventListener('visibilitychange', this.#seen);
    this.#seen();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#seen);
    this.#disconnect();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#seen();
  }

  /** At once, whatever the pause. */
  readonly retry = (): void => {
    this.#failures = 0;
    this.#seen();
  };

  readonly #seen = (): void => {
    this.#disconnect();
    if (document.visibilityState === 'hidden') this.#change({ phase: 'hidden' });
    else if (this.#isPaused) this.#change({ phase: 'paused' });
    else void this.#connect();
  };

  #disconnect(): void {
    this.#connection?.abort();
    this.#connection = undefined;
    clearTimeout(this.#retry);
  }

  #change(changes: Partial<LiveState>): void {
    this.state.value = { ...this.state.value, retryAt: undefined, problem: undefined, ...changes };
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#change({ phase: 'connecting' });
    const from = performance.now();
    const problem = await this.#receive(connection).catch(problemOf);
    // Ended here, and by nobody else.
    if (this.#connection !== connection) return;
    connection.abort();
    if (problem.status === 401 || problem.status === 403) {
      this.#change({ phase: 'refused', problem });
      return;
    }
    this.#failures = failuresAfter(this.#failures, (performance.now() - from) / 1000);
    const seconds = pauseSeconds(this.#failures, problem.retryAfter, Math.random());
    this.#change({ phase: 'waits', problem, retryAt: Date.now() + seconds * 1000 });
    this.#retry = setTimeout(() => void this.#connect(), seconds * 1000);
  }

  /** Resolves to why it ended. */
  async #receive(connection: AbortController): Promise<ApiProblem> {
    let silence: number | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), SILENT_SECONDS * 1000);
    };
    try {
      heard();
      const answer = await fetch('/api/v1/events', {
        headers: { accept: 'text/event-stream' },
        credentials: 'same-origin',
        signal: connection.signal,
      });
      if (!answer.ok || answer.body === null) return problemOfAnswer(answer, await answer.text());
      const parser = new EventParser();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return new ApiProblem(0, 'ended', '');
        heard();
        for (const { name, data } of parser.push(value))
          if (name === 'overview' && this.#connection === connection) this.#arrived(data);
      }
    } catch (error) {
      return new ApiProblem(0, 'unreachable', String(error));
    } finally {
      clearTimeout(silence);
    }
  }

  #arrived(data: string): void {
    const latest = JSON.parse(data) as OverviewEvent;
    const receivedAt = Date.now();
    const history = withPoint(this.state.value.history, pointOf(latest, receivedAt));
    this.#change({ phase: 'live', latest, receivedAt, history });
  }
}
