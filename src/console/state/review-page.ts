import type { DecisionLabel } from '../../core/decision.ts';
import { isScoreHidden } from '../../core/hidden-score.ts';
import { visibleLine } from '../../display/characters.ts';
import type {
  DecisionAnswer,
  LeaseAnswer,
  QueueItemAnswer,
  SessionAnswer,
} from '../../http/console-schemas.ts';
import { type Waiting, waitingRows } from '../logic/decision-queue.ts';
import { filterBody, type ViewState } from '../logic/view-state.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { DecisionSender } from './decision-sender.ts';
import { Leases } from './leases.ts';
import { Observable } from './observable.ts';
import { ProgressFigures } from './progress-figures.ts';
import { ReasonsOfRows } from './reasons-of-rows.ts';
import { type Undoable, UndoList } from './undo-list.ts';

/** What the message view shows. */
export interface Desk {
  readonly phase: 'loading' | 'ready' | 'empty' | 'failed';
  /** Rows in the order in which they are shown; each is held by a lease, but for those that were undone or asked for by their id. */
  readonly items: readonly QueueItemAnswer[];
  readonly at: number;
  readonly problem: ApiProblem | undefined;
  /** Rows that this person skipped since the page was opened. */
  readonly skipped: number;
}

/** What the last action did, for the toast and the live region. */
export interface Effect {
  readonly kind: DecisionLabel | 'undone' | 'skipped' | 'nothing-to-undo' | 'lease-ended';
  readonly count: number;
  readonly number: number;
}

const BUFFER = 10;
const REFILL_BELOW = 6;
/** While no message is free. */
const LOOK_AGAIN_SECONDS = 15;
const PREFETCH = 4;

/** Everything behind the review page: the rows that are held, decisions on their way, undo, progress. */
export class ReviewPage {
  readonly desk = new Observable<Desk>({
    phase: 'loading',
    items: [],
    at: 0,
    problem: undefined,
    skipped: 0,
  });
  readonly effect = new Observable<Effect | undefined>(undefined);
  readonly figures: ProgressFigures;
  readonly reasons: ReasonsOfRows;
  /** Counts what changed the table from here. */
  readonly changes = new Observable(0);
  readonly sender: DecisionSender;
  readonly leases: Leases;
  readonly undoList = new UndoList();
  readonly session: SessionAnswer;
  readonly #api: Api;
  /** Not decided, so still held until the lease ends: shown again without asking the server. */
  readonly #skipped = new Map<number, QueueItemAnswer>();
  /** Rows that were shown again when they were undone, before the server answered. */
  readonly #shownAgain = new Set<number>();
  #view: ViewState;
  #isLoading = false;
  #isListLoading = true;
  #undoable: Promise<void> | undefined;
  #effects = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, session: SessionAnswer, view: ViewState, storage: Storage) {
    this.#api = api;
    this.session = session;
    this.#view = view;
    this.reasons = new ReasonsOfRows(api);
    this.figures = new ProgressFigures(api);
    this.leases = new Leases(api, (rows) => this.#lostLease(rows));
    this.sender = new DecisionSender({
      ...{ api, storage, account: session.name },
      onAccepted: (entry, decision) => this.#accepted(entry, decision),
    });
  }

  get current(): QueueItemAnswer | undefined {
    const { items, at } = this.desk.value;
    return items[at];
  }

  get mayDecide(): boolean {
    return this.session.role !== 'viewer';
  }

  get isLead(): boolean {
    return this.session.role === 'lead' || this.session.role === 'admin';
  }

  start(): void {
    this.sender.send();
    this.leases.start();
    void this.#loadUndoable();
    this.figures.start();
    void this.#begin();
  }

  stop(): void {
    this.figures.stop();
    clearTimeout(this.#idleTimer);
    this.sender.stop();
    this.leave();
  }

  /** Gives back what is held. Decisions on their way name no lease, so they lose nothing by it. */
  leave(): void {
    this.leases.leave();
  }

  /** Other filters or another order: what is held is given back. */
  show(view: ViewState): void {
    const before = this.#view;
    this.#view = view;
    const isSame =
      before.order === view.order && JSON.stringify(before.filter) === JSON.stringify(view.filter);
    if (view.id !== undefined && view.id !== before.id) void this.#open(view.id);
    else if (!isSame) this.reload();
  }

  /** Begins with the queue again, skipped rows included. */
  reload(): void {
    this.leave();
    this.leases.start();
    this.#skipped.clear();
    this.#set({ phase: 'loading', items: [], at: 0, problem: undefined, skipped: 0 });
    void this.#refill();
  }

  decide(label: DecisionLabel, rows?: readonly QueueItemAnswer[]): void {
    const chosen = rows ?? (this.current === undefined ? [] : [this.current]);
    if (chosen.length === 0 || !this.mayDecide) return;
    const about = visibleLine(chosen[0]!.message, 60);
    const key = this.sender.decide({
      ...{ label, about },
      items: chosen.map(({ id, version }) =>
        version === '' ? { review_id: id } : { review_id: id, version },
      ),
      overrule: chosen.some(({ state }) => state === 'labelled'),
    });
    this.undoList.add({ of: key, items: chosen, about, count: chosen.length });
    this.#drop(new Set(chosen.map(({ id }) => id)));
    this.#report(label, chosen.length);
  }

  /** A decision that the server has already, on the campaign of `shown`: its rows leave the list. One undo takes all of it back. */
  settled(decision: DecisionAnswer, label: DecisionLabel, shown: QueueItemAnswer): void {
    const rows = new Set(decision.items);
    for (const id of rows) this.#skipped.delete(id);
    this.undoList.add({
      ...{ of: decision.id, about: visibleLine(shown.message, 60), count: rows.size },
      items: rows.has(shown.id) ? [shown] : [],
    });
    this.changes.value++;
    this.#drop(rows);
    this.#report(label, rows.size);
    void this.figures.load();
  }

  /** After an answer that was lost: what the server has, the decisions that can be undone included. */
  recheck(): void {
    this.#undoable = undefined;
    void this.#loadUndoable();
    void this.figures.load();
    this.reload();
  }

  skip(): void {
    const { current } = this;
    if (current === undefined) return;
    this.#skipped.set(current.id, current);
    this.#drop(new Set([current.id]));
    this.#report('skipped', 1);
  }

  showSkipped(): void {
    const items = [...this.#skipped.values()];
    this.#skipped.clear();
    this.#set({ phase: 'ready', items: [...this.desk.value.items, ...items], skipped: 0 });
    this.#prefetch();
  }

  move(by: 1 | -1): void {
    const { items, at } = this.desk.value;
    const next = Math.min(Math.max(at + by, 0), Math.max(0, items.length - 1));
    if (next !== at) this.#set({ at: next });
    this.#prefetch();
  }

  /** Takes the last decision back that is not taken back yet, and shows its message again. */
  undo(): void {
    const last = this.undoList.take();
    if (last === undefined && this.#isListLoading) {
      // Right after a reload: the list of one's own decisions is on its way.
      void this.#loadUndoable().then(() => this.undo());
      return;
    }
    if (last === undefined) {
      this.#report('nothing-to-undo', 0);
      return;
    }
    const before = this.sender.queue.value;
    this.sender.undo(last.of, last.about);
    const isForgotten = before.waiting.length > this.sender.queue.value.waiting.length;
    this.#showAgain(last, isForgotten);
    // Decided before a reload and not sent: only the queue in this browser knows which rows those were.
    const sent = before.waiting.find((entry) => entry.key === last.of);
    if (isForgotten && last.items.length === 0 && sent?.kind === 'decide')
      void this.#refresh(sent.items.map((item) => item.review_id));
    this.#report('undone', last.count);
  }

  async #begin(): Promise<void> {
    if (this.#view.id !== undefined) await this.#open(this.#view.id);
    await this.#refill();
  }

  /** Shows a row that was asked for, before those that are held. */
  async #open(id: number): Promise<void> {
    try {
      const item = await this.#api.call<QueueItemAnswer>(`/api/v1/review/${id}`);
      const { items } = this.desk.value;
      this.#set({ phase: 'ready', items: [item, ...items.filter((each) => each.id !== id)], at: 0 });
      this.#prefetch();
    } catch (error) {
      this.#set({ phase: 'failed', problem: problemOf(error) });
    }
  }

  async #refill(): Promise<void> {
    if (this.#isLoading || !this.mayDecide) {
      if (!this.mayDecide && this.desk.value.items.length === 0) await this.#list();
      return;
    }
    this.#isLoading = true;
    clearTimeout(this.#idleTimer);
    const view = this.#view;
    try {
      const lease = await this.#api.call<LeaseAnswer>('/api/v1/review/leases', {
        method: 'POST',
        body: {
          // Skipped rows are handed out again once their lease has ended.
          count: Math.min(100, BUFFER + this.#skipped.size),
          order: view.order,
          ...filterBody(view.filter),
        },
      });
      this.#take(lease);
    } catch (error) {
      if (this.current === undefined) this.#set({ phase: 'failed', problem: problemOf(error) });
    } finally {
      this.#isLoading = false;
    }
    if (view !== this.#view && this.desk.value.phase === 'loading') void this.#refill();
  }

  /** A viewer sees the queue without holding it. */
  async #list(): Promise<void> {
    try {
      const params = new URLSearchParams({ order: this.#view.order, limit: '50', ...this.#view.filter });
      const { items } = await this.#api.call<{ items: QueueItemAnswer[] }>(`/api/v1/review?${params}`);
      this.#set({ phase: items.length === 0 ? 'empty' : 'ready', items, at: 0, problem: undefined });
      this.#prefetch();
    } catch (error) {
      this.#set({ phase: 'failed', problem: problemOf(error) });
    }
  }

  #take(lease: LeaseAnswer): void {
    const waiting = waitingRows(this.sender.queue.value);
    const held = new Set(this.desk.value.items.map(({ id }) => id));
    const fresh = lease.items.filter(({ id }) => !held.has(id) && !waiting.has(id) && !this.#skipped.has(id));
    this.leases.add(lease);
    const items = [...this.desk.value.items, ...fresh];
    this.#set({ items, phase: items.length === 0 ? 'empty' : 'ready', problem: undefined });
    this.#prefetch();
    // New messages arrive while the page is open.
    if (items.length === 0)
      this.#idleTimer = setTimeout(() => void this.#refill(), LOOK_AGAIN_SECONDS * 1000);
  }

  /** Takes rows out of the list, so that the next one is in the place of the current one. */
  #drop(rows: ReadonlySet<number>): void {
    const { items, at } = this.desk.value;
    const kept = items.filter(({ id }) => !rows.has(id));
    const before = items.slice(0, at).filter(({ id }) => rows.has(id)).length;
    const next = Math.min(Math.max(0, at - before), Math.max(0, kept.length - 1));
    this.#set({
      items: kept,
      at: next,
      skipped: this.#skipped.size,
      ...(kept.length === 0 && this.desk.value.phase === 'ready' ? { phase: 'loading' as const } : {}),
    });
    this.leases.done(rows);
    this.#prefetch();
    if (kept.length < REFILL_BELOW) void this.#refill();
  }

  #showAgain({ items }: Undoable, isUnchanged: boolean): void {
    // The decision and its undo make other versions; without one, the row's text is not compared.
    const again = items.map((item) => (isUnchanged ? item : { ...item, version: '' }));
    if (again.length !== 1) return;
    const { items: held, at } = this.desk.value;
    const others = held.filter(({ id }) => id !== again[0]!.id);
    const place = Math.min(at, others.length);
    this.#shownAgain.add(again[0]!.id);
    this.#set({
      phase: 'ready',
      items: [...others.slice(0, place), again[0]!, ...others.slice(place)],
      at: place,
    });
  }

  #accepted(entry: Waiting, decision: DecisionAnswer): void {
    this.changes.value++;
    if (entry.kind === 'decide') this.undoList.settle(entry.key, decision.id);
    if (decision.undoes !== null) this.undoList.drop(decision.undoes);
    if (entry.kind !== 'undo') {
      if (entry.label !== 'unsure') this.figures.count(entry.items.length);
      return;
    }
    void this.#refresh(decision.items);
    void this.figures.load();
  }

  /** After an undo: the rows as the server has them now. */
  async #refresh(ids: readonly number[]): Promise<void> {
    // Of many, the one that was shown again.
    const id = ids.length === 1 ? ids[0] : ids.find((each) => this.#shownAgain.has(each));
    if (id === undefined) return;
    try {
      const item = await this.#api.call<QueueItemAnswer>(`/api/v1/review/${id}`);
      const { items, at } = this.desk.value;
      const place = items.findIndex(({ id }) => id === item.id);
      if (this.#shownAgain.delete(item.id)) {
        if (place >= 0) this.#set({ items: items.with(place, item) });
      } else if (item.state !== 'labelled' && !waitingRows(this.sender.queue.value).has(item.id)) {
        // Undone after a reload: the row was not in the list, or has come with a lease since, behind others.
        const others = items.filter(({ id }) => id !== item.id);
        const next = place >= 0 && place < at ? at - 1 : at;
        this.#set({ phase: 'ready', items: others.toSpliced(next, 0, item), at: next });
      }
      this.#prefetch();
    } catch {
      // The row stays as it is shown; deciding it reports what is wrong.
    }
  }

  #lostLease(rows: ReadonlySet<number>): void {
    const { items } = this.desk.value;
    if (!items.some(({ id }) => rows.has(id))) return;
    this.#drop(rows);
    this.#report('lease-ended', rows.size);
  }

  #loadUndoable(): Promise<void> {
    this.#undoable ??= this.#fetchUndoable();
    return this.#undoable;
  }

  async #fetchUndoable(): Promise<void> {
    try {
      const { items } = await this.#api.call<{ items: (DecisionAnswer & { undone_by: number | null })[] }>(
        '/api/v1/decisions?by=me&limit=50',
      );
      const { waiting } = this.sender.queue.value;
      this.undoList.restore(items, waiting);
    } catch {
      // What was decided in this page can be undone all the same.
    }
    this.#isListLoading = false;
  }

  #prefetch(): void {
    const { items, at } = this.desk.value;
    for (const item of items.slice(at, at + PREFETCH)) if (!isScoreHidden(item)) this.reasons.load(item.id);
  }

  #report(kind: Effect['kind'], count: number): void {
    this.effect.value = { kind, count, number: ++this.#effects };
  }

  #set(changes: Partial<Desk>): void {
    this.desk.value = { ...this.desk.value, ...changes };
  }
}
