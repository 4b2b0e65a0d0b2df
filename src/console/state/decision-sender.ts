import type { DecisionAnswer, DecisionBody } from '../../http/console-schemas.ts';
import {
  accepted,
  added,
  type DecisionQueue,
  dismissed,
  emptyQueue,
  failureOf,
  pauseSeconds,
  type Refused,
  refuse,
  restoredQueue,
  takenBack,
  timeOfNext,
  tried,
  type Waiting,
  type WaitingDecision,
} from '../logic/decision-queue.ts';
import { type Api, ApiProblem } from './api.ts';
import { Observable } from './observable.ts';

/** `waiting`: the server does not take decisions at present, and they wait in this browser. */
export type Connection = 'good' | 'waiting' | 'logged-out';

/**
 * Sends decisions one after the other, in the order in which they were made, until the server has them. Each is stored in the browser before its
 * request begins, under a name of its own, so that two tabs do not overwrite each other's.
 */
export class DecisionSender {
  readonly queue = new Observable<DecisionQueue>(emptyQueue);
  readonly connection = new Observable<Connection>('good');
  /** Whether the browser stores what waits. */
  isDurable = true;
  readonly #api: Api;
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #onAccepted: (entry: Waiting, decision: DecisionAnswer) => void;
  #isSending = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: {
    readonly api: Api;
    readonly storage: Storage;
    readonly account: string;
    readonly onAccepted: (entry: Waiting, decision: DecisionAnswer) => void;
  }) {
    this.#api = options.api;
    this.#storage = options.storage;
    this.#prefix = `sluice.decision.${encodeURIComponent(options.account)}.`;
    this.#onAccepted = options.onAccepted;
    this.queue.value = this.#restored();
  }

  /** Returns its key. */
  decide(decision: Pick<WaitingDecision, 'label' | 'items' | 'overrule' | 'about'>): string {
    const { key, at } = this.#newEntry();
    this.#change(added(this.queue.value, { ...decision, kind: 'decide', key, at, tried: false }));
    this.send();
    return key;
  }

  /** Takes back a decision of the server (its id) or one that waits (its key). */
  undo(of: number | string, about: string): void {
    const entry = { ...this.#newEntry(), about };
    this.#change(
      typeof of === 'string'
        ? takenBack(this.queue.value, of, entry)
        : added(this.queue.value, { ...entry, kind: 'undo', of, tried: false }),
    );
    this.send();
  }

  dismiss(key: string): void {
    this.#change(dismissed(this.queue.value, key));
  }

  /** Begins now what waits for its next attempt. */
  send(): void {
    clearTimeout(this.#timer);
    if (!this.#isSending) void this.#sendAll();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    try {
      for (let entry = this.queue.value.waiting[0]; entry !== undefined; entry = this.queue.value.waiting[0])
        if (!(await this.#sendOne(entry))) break;
    } finally {
      this.#isSending = false;
    }
  }

  /** Whether the next one can be sent. */
  async #sendOne(entry: Waiting): Promise<boolean> {
    this.#change(tried(this.queue.value, entry.key));
    try {
      const decision = await this.#post(entry);
      this.#attempt = 0;
      this.connection.value = 'good';
      this.#change(accepted(this.queue.value, entry.key, decision.id));
      this.#onAccepted(entry, decision);
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      return this.#failed(entry, error);
    }
  }

  async #failed(entry: Waiting, { status, kind, detail, retryAfter }: ApiProblem): Promise<boolean> {
    const failure = failureOf(status, kind);
    if (failure === 'refused') {
      this.#attempt = 0;
      this.#change(refuse(this.queue.value, entry.key, { problem: kind, detail }));
      return true;
    }
    if (failure === 'log-in') {
      this.connection.value = 'logged-out';
      return false;
    }
    // The CSRF token may be of an older session in another tab.
    if (failure === 'refresh') await this.#api.session().catch(() => undefined);
    this.connection.value = 'waiting';
    this.#attempt++;
    this.#timer = setTimeout(() => this.send(), pauseSeconds(this.#attempt, retryAfter) * 1000);
    return false;
  }

  #post(entry: Waiting): Promise<DecisionAnswer> {
    const { key } = entry;
    if (entry.kind === 'undo')
      return this.#api.call(`/api/v1/decisions/${entry.of}/undo`, { method: 'POST', body: {}, key });
    const { label, items, overrule } = entry;
    // Without the lease: the version says whether the row is the one that was shown, also where the lease ended on the way.
    const body: DecisionBody = { label, items: [...items], ...(overrule ? { overrule } : {}) };
    return this.#api.call('/api/v1/decisions', { method: 'POST', body, key });
  }

  #newEntry(): { readonly key: string; readonly at: number } {
    return { key: randomId(), at: timeOfNext(this.queue.value, Date.now()) };
  }

  #change(queue: DecisionQueue): void {
    const before = stored(this.queue.value);
    const after = stored(queue);
    try {
      for (const [key, value] of after)
        if (before.get(key) !== value) this.#storage.setItem(this.#prefix + key, JSON.stringify(value));
      for (const key of before.keys()) if (!after.has(key)) this.#storage.removeItem(this.#prefix + key);
    } catch {
      // Storage can be full or switched off; the queue then lives as long as the page.
      this.isDurable = false;
    }
    this.queue.value = queue;
  }

  #restored(): DecisionQueue {
    const waiting: Waiting[] = [];
    const refused: Refused[] = [];
    try {
      for (let i = 0; i < this.#storage.length; i++) {
        const name = this.#storage.key(i)!;
        if (!name.startsWith(this.#prefix)) continue;
        const value = JSON.parse(this.#storage.getItem(name)!) as Waiting | Refused;
        if ('entry' in value) refused.push(value);
        else waiting.push(value);
      }
    } catch {
      this.isDurable = false;
    }
    return restoredQueue(waiting, refused);
  }
}

function stored({ waiting, refused }: DecisionQueue): ReadonlyMap<string, Waiting | Refused> {
  return new Map<string, Waiting | Refused>([
    ...waiting.map((entry) => [entry.key, entry] as const),
    ...refused.map((each) => [each.entry.key, each] as const),
  ]);
}

/** 128 random bits; `crypto.randomUUID` exists in secure contexts only. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
