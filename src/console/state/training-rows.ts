import type { DecisionAnswer, SessionAnswer } from '../../http/console-schemas.ts';
import type {
  RelabelAnswer,
  RelabelBody,
  TrainingPageAnswer,
  TrainingRowAnswer,
} from '../../http/training-schemas.ts';
import { addressOfFilter, type TrainingFilter, trainingFilters } from '../logic/address-filter.ts';
import { failureOf } from '../logic/decision-queue.ts';
import {
  extended,
  movedBy,
  noSelection,
  type Selection,
  targetsOf,
  toggled,
  withAll,
} from '../logic/row-selection.ts';
import { type Api, type ApiProblem, problemOf } from './api.ts';
import { randomId } from './decision-sender.ts';
import { filledPage } from './filled-page.ts';
import { Observable } from './observable.ts';

export interface ShownTraining {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly items: readonly TrainingRowAnswer[];
  readonly next: string | null;
  readonly count: number | null;
  readonly isExact: boolean;
  readonly problem: ApiProblem | undefined;
}

/** What the last action did. */
export interface TrainingEffect {
  readonly kind: 'spam' | 'ham' | 'undone' | 'unchanged' | 'nothing-to-undo' | 'too-many';
  readonly count: number;
  readonly number: number;
}

type Label = RelabelBody['label'];

/** A decision that can be taken back. */
interface Undoable {
  readonly id: number;
  readonly count: number;
  /** The rows as they were; none after a reload. */
  readonly before: readonly TrainingRowAnswer[];
}

/** More rows at once are changed only after a question. */
export const CONFIRM_ABOVE = 50;
/** As many as one request may name. */
const MOST_AT_ONCE = 1000;
const PAGE = 50;

/** Everything behind the page of the training data: its rows, what is chosen, other labels, undo. */
export class TrainingRows {
  readonly shown = new Observable<ShownTraining>({
    ...{ phase: 'loading', items: [], next: null, count: null, isExact: false, problem: undefined },
  });
  readonly selection = new Observable<Selection>(noSelection);
  readonly effect = new Observable<TrainingEffect | undefined>(undefined);
  /** What was not done, and why. */
  readonly refusal = new Observable<ApiProblem | undefined>(undefined);
  readonly isSending = new Observable(false);
  /** Waits for an answer to the question whether so many rows are to be changed. */
  readonly question = new Observable<{ readonly label: Label; readonly ids: readonly number[] } | undefined>(
    undefined,
  );
  readonly undoable = new Observable<readonly Undoable[]>([]);
  readonly #api: Api;
  readonly #session: SessionAnswer;
  #filter: TrainingFilter = {};
  #unanswered: { readonly key: string; readonly request: string } | undefined;
  #effects = 0;

  constructor(api: Api, session: SessionAnswer) {
    this.#api = api;
    this.#session = session;
  }

  /** What this person relabeled before a reload can be taken back as well. */
  async restore(): Promise<void> {
    try {
      const { items } = await this.#api.call<{
        readonly items: readonly (DecisionAnswer & { readonly undone_by: number | null })[];
      }>('/api/v1/decisions?by=me&limit=50');
      const known = new Set(this.undoable.value.map(({ id }) => id));
      const before = items
        .filter(
          ({ id, label, undone_by, training }) =>
            training !== undefined && label !== null && undone_by === null && !known.has(id),
        )
        .map(({ id, training = [] }) => ({ id, count: training.length, before: [] }));
      this.undoable.value = [...before.reverse(), ...this.undoable.value];
    } catch {
      // What is relabeled from now on can be taken back all the same.
    }
  }

  async load(filter: TrainingFilter): Promise<void> {
    this.#filter = filter;
    this.#set({ phase: 'loading', items: [], next: null, count: null, problem: undefined });
    this.selection.value = noSelection;
    await this.#fetch(null);
  }

  async more(): Promise<void> {
    await this.#fetch(this.shown.value.next);
  }

  move(by: 1 | -1, isRange: boolean): void {
    this.selection.value = movedBy(this.selection.value, this.#ids, by, isRange);
  }

  /** `isRange`: all rows between the last one and this. `index`: the row that keys act on, if left out. */
  select(isRange: boolean, index = this.selection.value.at): void {
    this.selection.value = (isRange ? extended : toggled)(this.selection.value, this.#ids, index);
  }

  selectAll(isOn: boolean): void {
    this.selection.value = withAll(this.selection.value, this.#ids, isOn);
  }

  /** The chosen rows, else the one that keys act on, get the label; many only after a question. */
  relabel(label: Label): void {
    if (this.isSending.value || this.question.value !== undefined) return;
    const ids = targetsOf(this.selection.value, this.#ids);
    const others = this.shown.value.items.filter((row) => ids.includes(row.id) && isOther(row, label));
    if (others.length === 0) this.#report('unchanged', ids.length);
    else if (ids.length > MOST_AT_ONCE) this.#report('too-many', MOST_AT_ONCE);
    else if (others.length > CONFIRM_ABOVE) this.question.value = { label, ids: others.map(({ id }) => id) };
    else void this.#send({ label, ids: others.map(({ id }) => id) });
  }

  answer(isYes: boolean): void {
    const { value } = this.question;
    this.question.value = undefined;
    if (value !== undefined && isYes) void this.#send({ label: value.label, ids: [...value.ids] });
  }

  async undo(): Promise<void> {
    const last = this.undoable.value.at(-1);
    if (this.isSending.value) return;
    if (last === undefined) {
      this.#report('nothing-to-undo', 0);
      return;
    }
    const undone = await this.#post<DecisionAnswer>('POST', `/api/v1/decisions/${last.id}/undo`, {});
    if (undone === undefined) return;
    this.undoable.value = this.undoable.value.filter(({ id }) => id !== last.id);
    this.#report('undone', undone.training?.length ?? last.count);
    const back = new Set(undone.training);
    if (last.before.length === 0) await this.load(this.#filter);
    else this.#replace(last.before.filter(({ id }) => back.has(id)));
  }

  get #ids(): readonly number[] {
    return this.shown.value.items.map(({ id }) => id);
  }

  async #send(body: RelabelBody): Promise<void> {
    const answer = await this.#post<RelabelAnswer>('PATCH', '/api/v1/training', body);
    if (answer === undefined) return;
    const { decision } = answer;
    const asked = new Set(body.ids);
    const before = this.shown.value.items.filter(({ id }) => asked.has(id));
    const changed = new Set(decision?.training);
    const at = decision?.decided_at ?? Date.now();
    this.#replace(
      before.map((row) => ({
        ...row,
        class: body.label,
        ...(changed.has(row.id)
          ? { labelled_by: this.#session.name, labelled_at: at, decision: decision?.id ?? null }
          : {}),
      })),
    );
    this.selection.value = { ...this.selection.value, chosen: new Set() };
    if (decision !== null)
      this.undoable.value = [
        ...this.undoable.value,
        { id: decision.id, count: changed.size, before: before.filter(({ id }) => changed.has(id)) },
      ];
    this.#report(decision === null ? 'unchanged' : body.label, decision === null ? asked.size : changed.size);
  }

  /** Undefined where it failed. The same request after a lost answer has the same key, so that it is done once. */
  async #post<T>(method: 'POST' | 'PATCH', path: string, body: object): Promise<T | undefined> {
    const request = `${path} ${JSON.stringify(body)}`;
    if (this.#unanswered?.request !== request) this.#unanswered = { key: randomId(), request };
    this.isSending.value = true;
    this.refusal.value = undefined;
    try {
      const answer = await this.#api.call<T>(path, { method, body, key: this.#unanswered.key });
      this.#unanswered = undefined;
      return answer;
    } catch (error) {
      const problem = problemOf(error);
      const failure = failureOf(problem.status, problem.kind);
      if (failure === 'refused') this.#unanswered = undefined;
      if (failure === 'refresh') await this.#api.session().catch(() => undefined);
      this.refusal.value = problem;
      return undefined;
    } finally {
      this.isSending.value = false;
    }
  }

  #replace(rows: readonly TrainingRowAnswer[]): void {
    const byId = new Map(rows.map((row) => [row.id, row]));
    this.#set({ items: this.shown.value.items.map((row) => byId.get(row.id) ?? row) });
  }

  async #fetch(after: string | null): Promise<void> {
    const filter = this.#filter;
    let first: TrainingPageAnswer | undefined;
    try {
      const page = await filledPage(async (from) => {
        const params = new URLSearchParams(addressOfFilter(trainingFilters, filter));
        params.set('limit', String(PAGE));
        if (from !== null) params.set('after', from);
        const loaded = await this.#api.call<TrainingPageAnswer>(`/api/v1/training?${params}`);
        first ??= loaded;
        return loaded;
      }, after);
      if (filter !== this.#filter) return;
      const before = after === null ? [] : this.shown.value.items;
      this.#set({
        ...{ phase: 'ready', items: [...before, ...page.items], next: page.next, problem: undefined },
        ...(after === null ? { count: first?.count ?? null, isExact: first?.count_is_exact ?? false } : {}),
      });
    } catch (error) {
      if (filter === this.#filter) this.#set({ phase: 'failed', problem: problemOf(error) });
    }
  }

  #report(kind: TrainingEffect['kind'], count: number): void {
    this.effect.value = { kind, count, number: ++this.#effects };
  }

  #set(changes: Partial<ShownTraining>): void {
    this.shown.value = { ...this.shown.value, ...changes };
  }
}

/** A label that a label step gave becomes the person's, also where it stays the same. */
function isOther(row: TrainingRowAnswer, label: Label): boolean {
  return row.class !== label || (row.labelled_by?.startsWith('step:') ?? false);
}
