import type { QueueItemAnswer } from '../../http/console-schemas.ts';
import { waitingRows } from '../logic/decision-queue.ts';
import type { ViewState } from '../logic/view-state.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import type { DecisionSender } from './decision-sender.ts';
import { Observable } from './observable.ts';

export interface ShownRows {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly items: readonly QueueItemAnswer[];
  readonly next: string | null;
  readonly selected: ReadonlySet<number>;
  /** The row that keys act on where none is selected. */
  readonly at: number;
  readonly problem: ApiProblem | undefined;
}

const none: ShownRows = {
  phase: 'loading',
  items: [],
  next: null,
  selected: new Set(),
  at: 0,
  problem: undefined,
};

/** The rows of the table: pages of `GET /api/v1/review`, with what is selected. */
export class TableRows {
  readonly shown = new Observable<ShownRows>(none);
  readonly #api: Api;
  readonly #sender: DecisionSender;
  #view: ViewState | undefined;
  /** Where the last selection was made, for a range. */
  #anchor = 0;

  constructor(api: Api, sender: DecisionSender) {
    this.#api = api;
    this.#sender = sender;
  }

  async load(view: ViewState): Promise<void> {
    this.#view = view;
    this.shown.value = none;
    await this.#fetch();
  }

  async more(): Promise<void> {
    await this.#fetch(this.shown.value.next ?? undefined);
  }

  /** `isRange`: all rows between the last one and this. */
  select(index: number, isOn: boolean, isRange: boolean): void {
    const { items, selected } = this.shown.value;
    const chosen = new Set(selected);
    const [from, to] = isRange
      ? [Math.min(index, this.#anchor), Math.max(index, this.#anchor)]
      : [index, index];
    for (const { id } of items.slice(from, to + 1))
      if (isOn) chosen.add(id);
      else chosen.delete(id);
    this.#anchor = index;
    this.#set({ selected: chosen, at: index });
  }

  selectAll(isOn: boolean): void {
    this.#set({ selected: new Set(isOn ? this.shown.value.items.map(({ id }) => id) : []) });
  }

  move(by: 1 | -1): void {
    const { items, at } = this.shown.value;
    this.#set({ at: Math.min(Math.max(at + by, 0), Math.max(0, items.length - 1)) });
  }

  /** The selected rows, else the one that keys act on; they leave the table. */
  take(): readonly QueueItemAnswer[] {
    const { items, selected, at } = this.shown.value;
    const taken = selected.size > 0 ? items.filter(({ id }) => selected.has(id)) : items.slice(at, at + 1);
    const gone = new Set(taken.map(({ id }) => id));
    const left = items.filter(({ id }) => !gone.has(id));
    this.#set({ items: left, selected: new Set(), at: Math.min(at, Math.max(0, left.length - 1)) });
    return taken;
  }

  async #fetch(after?: string): Promise<void> {
    const view = this.#view;
    if (view === undefined) return;
    const params = new URLSearchParams({
      ...view.filter,
      state: view.state,
      order: view.order,
      limit: '50',
      ...(after === undefined ? {} : { after }),
    });
    try {
      const page = await this.#api.call<{ items: QueueItemAnswer[]; next: string | null }>(
        `/api/v1/review?${params}`,
      );
      if (view !== this.#view) return;
      const waiting = waitingRows(this.#sender.queue.value);
      const before = after === undefined ? [] : this.shown.value.items;
      const known = new Set(before.map(({ id }) => id));
      const items = [...before, ...page.items.filter(({ id }) => !known.has(id) && !waiting.has(id))];
      this.#set({ phase: 'ready', items, next: page.next, problem: undefined });
    } catch (error) {
      if (view === this.#view) this.#set({ phase: 'failed', problem: problemOf(error) });
    }
  }

  #set(changes: Partial<ShownRows>): void {
    this.shown.value = { ...this.shown.value, ...changes };
  }
}
