import type { DecisionLabel } from '../../core/decision.ts';

/**
 * Decisions on their way to the server, in the order in which they were made. The queue is a value: each function returns
 * another one. Every entry has an idempotency key, so sending one again after a lost answer changes nothing.
 */
export interface DecisionQueue {
  readonly waiting: readonly Waiting[];
  /** What the server refused, until somebody has read it. */
  readonly refused: readonly Refused[];
}

interface Entry {
  /** Idempotency key. */
  readonly key: string;
  /** Epoch milliseconds; later in each entry than in the one before. */
  readonly at: number;
  /** Whether a request was begun, whose answer may have been lost. */
  readonly tried: boolean;
  /** First words of the message, for what is said about it later. */
  readonly about: string;
}

export interface WaitingDecision extends Entry {
  readonly kind: 'decide';
  readonly label: DecisionLabel;
  readonly items: readonly { readonly review_id: number; readonly version?: string | undefined }[];
  readonly overrule: boolean;
}

export interface WaitingUndo extends Entry {
  readonly kind: 'undo';
  /** Id of the decision, or the key of one that waits before this. */
  readonly of: number | string;
}

export type Waiting = WaitingDecision | WaitingUndo;

export interface Refused {
  readonly entry: Waiting;
  /** The problem's kind, as `already-decided`. */
  readonly problem: string;
  readonly detail: string;
}

export const emptyQueue: DecisionQueue = { waiting: [], refused: [] };

/** Of what was stored, in whatever order it was found. */
export function restoredQueue(waiting: readonly Waiting[], refused: readonly Refused[] = []): DecisionQueue {
  const inOrder = [...waiting].sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1));
  return { waiting: inOrder, refused: [...refused] };
}

/** A time for the next entry: now, or just after the last one where the clock was set back. */
export function timeOfNext({ waiting }: DecisionQueue, now: number): number {
  return Math.max(now, (waiting.at(-1)?.at ?? 0) + 1);
}

export function added(queue: DecisionQueue, entry: Waiting): DecisionQueue {
  return { ...queue, waiting: [...queue.waiting, entry] };
}

/** Before its request is begun. */
export function tried(queue: DecisionQueue, key: string): DecisionQueue {
  return {
    ...queue,
    waiting: queue.waiting.map((entry) => (entry.key === key ? { ...entry, tried: true } : entry)),
  };
}

/** The server has it, as decision `id`: an undo that waits for it can go next. */
export function accepted(queue: DecisionQueue, key: string, id: number): DecisionQueue {
  const waiting = queue.waiting
    .filter((entry) => entry.key !== key)
    .map((entry) => (entry.kind === 'undo' && entry.of === key ? { ...entry, of: id } : entry));
  return { ...queue, waiting };
}

/** The server will not take it, now or later. There is nothing to undo then. */
export function refuse(
  queue: DecisionQueue,
  key: string,
  reason: { readonly problem: string; readonly detail: string },
): DecisionQueue {
  const entry = queue.waiting.find((each) => each.key === key);
  if (entry === undefined) return queue;
  const undo = queue.waiting.find((each) => each.kind === 'undo' && each.of === key);
  return {
    waiting: queue.waiting.filter((each) => each !== entry && each !== undo),
    // Who has taken it back already need not hear of it.
    refused: undo === undefined ? [...queue.refused, { entry, ...reason }] : queue.refused,
  };
}

/** Somebody has read why it was refused. */
export function dismissed(queue: DecisionQueue, key: string): DecisionQueue {
  return { ...queue, refused: queue.refused.filter(({ entry }) => entry.key !== key) };
}

/**
 * Takes back a decision that waits: one that no request was begun for is forgotten, and the server never hears of it; for any other one an undo
 * is sent after it.
 */
export function takenBack(
  queue: DecisionQueue,
  of: string,
  undo: Pick<WaitingUndo, 'key' | 'at' | 'about'>,
): DecisionQueue {
  const entry = queue.waiting.find(({ key }) => key === of);
  if (entry === undefined) return queue;
  if (!entry.tried) return { ...queue, waiting: queue.waiting.filter((each) => each !== entry) };
  return added(queue, { ...undo, kind: 'undo', of, tried: false });
}

/** The rows that a waiting decision is about; they are not to be shown again. */
export function waitingRows({ waiting }: DecisionQueue): ReadonlySet<number> {
  const takenBackKeys = new Set(waiting.map((entry) => (entry.kind === 'undo' ? entry.of : undefined)));
  return new Set(
    waiting.flatMap((entry) =>
      entry.kind === 'decide' && !takenBackKeys.has(entry.key)
        ? entry.items.map(({ review_id }) => review_id)
        : [],
    ),
  );
}

/** What a failed request means for its entry. */
export type Failure = 'again' | 'log-in' | 'refresh' | 'refused';

/**
 * `status`: of the answer, 0 where there was none. A request that was not understood is refused for good; one that met a server without its
 * store, an overload, or no server is sent again.
 */
export function failureOf(status: number, problem: string): Failure {
  if (status === 401) return 'log-in';
  if (status === 403 && problem !== 'forbidden') return 'refresh';
  if (status === 0 || status === 408 || status === 429 || status >= 500) return 'again';
  return 'refused';
}

/** Seconds until the n-th attempt after a failure, n from 1: doubled each time, up to half a minute; never before the server asked for. */
export function pauseSeconds(attempt: number, retryAfter = 0): number {
  return Math.max(retryAfter, Math.min(30, 2 ** (attempt - 1)));
}
