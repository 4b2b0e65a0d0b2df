import type { DecisionAnswer, QueueItemAnswer } from '../../http/console-schemas.ts';
import type { Waiting } from '../logic/decision-queue.ts';
import { Observable } from './observable.ts';

/** A decision that its author can take back. */
export interface Undoable {
  /** Id of the decision; its idempotency key until the server has answered. */
  readonly of: number | string;
  /** As they were shown; none after a reload. */
  readonly items: readonly QueueItemAnswer[];
  readonly about: string;
  readonly count: number;
}

/** As many as the server allows. */
const MOST = 50;

/** The last decisions of this person, newest last; also those from before a reload. */
export class UndoList {
  readonly size = new Observable(0);
  #list: Undoable[] = [];

  add(decision: Undoable): void {
    this.#set([...this.#list, decision]);
  }

  take(): Undoable | undefined {
    const last = this.#list.at(-1);
    this.#set(this.#list.slice(0, -1));
    return last;
  }

  /** The server has the decision, under this id. */
  settle(key: string, id: number): void {
    // A decision from before a reload may be known by its id already.
    this.drop(id);
    this.#set(this.#list.map((each) => (each.of === key ? { ...each, of: id } : each)));
  }

  /** It is taken back already. */
  drop(id: number): void {
    this.#set(this.#list.filter(({ of }) => of !== id));
  }

  /** Of the server's list, newest first, and of what waits in the browser: behind what was decided since. */
  restore(
    decisions: readonly (DecisionAnswer & { readonly undone_by: number | null })[],
    waiting: readonly Waiting[],
  ): void {
    const known = new Set(this.#list.map(({ of }) => of));
    const takenBack = new Set(waiting.flatMap((entry) => (entry.kind === 'undo' ? [entry.of] : [])));
    const older: Undoable[] = [...decisions]
      .reverse()
      .filter(
        ({ id, label, undone_by, training }) =>
          // The page of the training data takes its own back.
          training === undefined &&
          label !== null &&
          undone_by === null &&
          !known.has(id) &&
          !takenBack.has(id),
      )
      .map(({ id, items }) => ({ of: id, items: [], about: `#${items[0]}`, count: items.length }));
    const unsent: Undoable[] = waiting.flatMap((entry) =>
      entry.kind === 'decide' && !known.has(entry.key) && !takenBack.has(entry.key)
        ? [{ of: entry.key, items: [], about: entry.about, count: entry.items.length }]
        : [],
    );
    this.#set([...older, ...unsent, ...this.#list]);
  }

  #set(list: readonly Undoable[]): void {
    this.#list = list.slice(-MOST);
    this.size.value = this.#list.length;
  }
}
