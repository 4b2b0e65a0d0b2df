import type { RowLabel } from '../../src/core/decision.ts';
import { SluiceError } from '../../src/core/errors.ts';
import {
  isByPerson,
  type LabelRow,
  type LabelStep,
  type LabelStepKind,
  labeledByStep,
  stepOf,
} from '../../src/core/label-step.ts';
import type {
  LabelCounts,
  LabelEdit,
  LabelRowFilter,
  LabelStore,
  NewLabelRow,
  UndoneStep,
} from '../../src/ports/label-store.ts';

const HOLD_MS = 30_000;

/** One value of a label, and what gave it. */
interface Label {
  readonly label: RowLabel;
  readonly by: string | null;
  readonly at: number | null;
  readonly decision?: number;
}

/** A row with all that was done to it and not taken back: the last of each list is what the table holds. */
interface MemoryRow {
  readonly id: number;
  readonly message: string;
  readonly community: string;
  readonly source: string;
  readonly imported: number | null;
  labels: Label[];
  groups: { readonly group: string | null; readonly step: number | null }[];
  removedBy: number | null;
}

/** A row of the training table as it is stored: all that steps change. */
export interface StoredLabelRow {
  readonly id: number;
  readonly message: string;
  readonly label: RowLabel;
  readonly by: string | null;
  readonly at: number | null;
  readonly group: string | null;
  readonly imported: number | null;
}

interface HeldStep {
  step: LabelStep;
  holder: string | null;
  until: number;
  takenBack: number;
}

/** What the processes share: a table and its steps, and what people decide. */
export class MemoryTraining {
  readonly rows = new Map<number, MemoryRow>();
  readonly steps: HeldStep[] = [];
  readonly activity: { readonly who: string; readonly what: string; readonly after: unknown }[] = [];
  readonly #decisions = new Map<number, readonly number[]>();
  #lastRow = 0;

  insert(row: Omit<MemoryRow, 'id' | 'removedBy'>): void {
    const id = ++this.#lastRow;
    this.rows.set(id, { ...row, id, removedBy: null });
  }

  /** What the table of a database would hold, by ids. */
  stored(): readonly StoredLabelRow[] {
    return [...this.rows.values()]
      .filter(({ removedBy }) => removedBy === null)
      .map((row) => ({
        ...{ id: row.id, message: row.message, label: top(row).label, by: top(row).by, at: top(row).at },
        ...{ group: row.groups.at(-1)!.group, imported: row.imported },
      }));
  }

  /** A person gives rows a label. Returns the decision; undefined where nothing changes. */
  relabel(by: string, label: RowLabel, ids: readonly number[], at: number): number | undefined {
    const rows = ids.map((id) => this.rows.get(id)!);
    const changed = rows.filter((row) => top(row).label !== label || !isByPerson(top(row).by));
    if (changed.length === 0) return undefined;
    const decision = this.#decisions.size + 1;
    this.#decisions.set(
      decision,
      changed.map(({ id }) => id),
    );
    for (const row of changed) row.labels.push({ label, by, at, decision });
    return decision;
  }

  /** False where a later decision changed every row. */
  undoDecision(decision: number): boolean {
    const back = (this.#decisions.get(decision) ?? []).flatMap((id) => {
      const row = this.rows.get(id);
      return row !== undefined && top(row).decision === decision ? [row] : [];
    });
    for (const row of back) {
      row.labels.pop();
      const isOrphan = this.steps.some(
        ({ step }) => step.id === row.imported && (step.state === 'undone' || step.state === 'undoing'),
      );
      if (isOrphan && top(row).by === null) this.rows.delete(row.id);
    }
    return back.length > 0;
  }
}

/** The training table in memory, for tests: each row has the stack of its labels, from which an undo takes its own out. */
export class MemoryLabelStore implements LabelStore {
  readonly #table: MemoryTraining;
  readonly #now: () => number;
  readonly #holder = globalThis.crypto.randomUUID();

  constructor(table: MemoryTraining = new MemoryTraining(), now: () => number = Date.now) {
    this.#table = table;
    this.#now = now;
  }

  async rows({ after, limit, filter = {} }: Parameters<LabelStore['rows']>[0]): Promise<readonly LabelRow[]> {
    return this.#there()
      .filter((row) => row.id > after && isMet(row, filter))
      .slice(0, limit)
      .map(labelRowOf);
  }

  async rowsOf(ids: readonly number[]): Promise<readonly LabelRow[]> {
    const wanted = new Set(ids);
    return this.#there()
      .filter(({ id }) => wanted.has(id))
      .map(labelRowOf);
  }

  async counts(): Promise<LabelCounts> {
    const groups = new Map<string, LabelCounts['groups'][number]>();
    for (const row of this.#there()) {
      const { label, source, labelled_by } = labelRowOf(row);
      const step = stepOf(labelled_by);
      const kind = this.#table.steps.find((each) => each.step.id === step)?.step.kind;
      const known = step === undefined ? 'person' : (kind ?? 'unknown');
      const by = label === null ? null : labelled_by === null ? 'unknown' : known;
      const key = JSON.stringify([label, source, by]);
      groups.set(key, { label, source, by, rows: (groups.get(key)?.rows ?? 0) + 1 });
    }
    return { rows: this.#there().length, groups: [...groups.values()] };
  }

  async steps(limit: number): Promise<readonly LabelStep[]> {
    const all = this.#table.steps.map(({ step }) => step);
    return all.reverse().slice(0, limit);
  }

  async step(id: number): Promise<LabelStep> {
    return this.#find(id).step;
  }

  async begin({
    kind,
    about,
    parameters,
    by,
  }: {
    readonly kind: LabelStepKind;
    readonly about: string;
    readonly parameters: unknown;
    readonly by: string;
  }): Promise<LabelStep> {
    this.#refuseUnfinished();
    const step: LabelStep = {
      ...{ id: this.#table.steps.length + 1, kind, about, parameters: parameters ?? null, by },
      ...{ state: 'running', rows: 0, position: null, started_at: this.#now() },
      ...{ finished_at: null, undone_at: null, undone_by: null },
    };
    this.#table.steps.push({ step, holder: this.#holder, until: this.#now() + HOLD_MS, takenBack: 0 });
    this.#record(by, 'label-step', { step: step.id, kind, state: 'running' });
    return step;
  }

  async hold(id: number): Promise<LabelStep> {
    const held = this.#find(id);
    if (held.step.state !== 'running' && held.step.state !== 'undoing')
      throw new SluiceError('USAGE', `label step ${id} is ${held.step.state}`);
    this.#take(held);
    return held.step;
  }

  async add(id: number, rows: readonly NewLabelRow[], position: unknown): Promise<void> {
    const held = this.#running(id);
    for (const { source } of rows)
      if (source.length > 191)
        throw new SluiceError('USAGE', 'the source of a row has at most 191 characters');
    for (const { label, message, community, source } of rows)
      this.#table.insert({
        ...{ message, community, source, imported: id, groups: [{ group: null, step: null }] },
        labels: [
          label === undefined
            ? { label: 'ham', by: null, at: null }
            : { label, by: labeledByStep(id), at: this.#now() },
        ],
      });
    this.#advance(held, rows.length, position);
  }

  async edit(id: number, edits: readonly LabelEdit[], position?: unknown): Promise<number> {
    const held = this.#running(id);
    let changed = 0;
    for (const kind of ['label', 'group', 'remove'] as const) {
      const seen = new Set<number>();
      for (const edit of edits)
        if (edit.kind === kind && !seen.has(edit.row.id)) {
          seen.add(edit.row.id);
          if (this.#edit(id, edit)) changed++;
        }
    }
    this.#advance(held, changed, position);
    return changed;
  }

  async finish(id: number): Promise<LabelStep> {
    const held = this.#running(id);
    held.step = { ...held.step, state: 'applied', finished_at: this.#now() };
    held.holder = null;
    const { kind, by, rows } = held.step;
    this.#record(by, 'label-step', { step: id, kind, state: 'applied', rows });
    return held.step;
  }

  async undo(id: number, by: string, progress?: (rows: number) => void): Promise<UndoneStep> {
    const held = this.#find(id);
    if (held.step.state === 'undone') throw new SluiceError('USAGE', `label step ${id} was undone`);
    if (held.step.state === 'applied') this.#refuseUnfinished();
    this.#take(held);
    held.step = { ...held.step, state: 'undoing' };
    for (const row of [...this.#table.rows.values()]) {
      const rows = held.step.kind === 'import' ? this.#undoImported(row, id) : undoRow(row, id);
      held.takenBack += rows;
      if (rows > 0) progress?.(held.takenBack);
    }
    held.step = { ...held.step, state: 'undone', undone_at: this.#now(), undone_by: by };
    held.holder = null;
    const rows = held.takenBack;
    const kept =
      held.step.kind === 'import' ? this.#there().filter(({ imported }) => imported === id).length : 0;
    this.#record(by, 'label-undo', { step: id, kind: held.step.kind, rows, kept });
    return { step: held.step, rows, kept };
  }

  async close(): Promise<void> {
    for (const held of this.#table.steps) if (held.holder === this.#holder) held.holder = null;
  }

  #there(): readonly MemoryRow[] {
    return [...this.#table.rows.values()].filter(({ removedBy }) => removedBy === null);
  }

  #edit(step: number, edit: LabelEdit): boolean {
    const row = this.#table.rows.get(edit.row.id);
    if (row === undefined || row.removedBy !== null) return false;
    if (edit.kind === 'group') {
      const last = row.groups.at(-1)!;
      if (last.group !== edit.row.near_group || last.group === edit.group) return false;
      if (last.step === step) row.groups.pop();
      row.groups.push({ group: edit.group, step });
      return true;
    }
    const { by, label } = top(row);
    if (by !== edit.row.labelled_by || isByPerson(by)) return false;
    if (edit.kind === 'remove') {
      row.removedBy = step;
      return true;
    }
    const own = labeledByStep(step);
    if (by === own && label === edit.label) return false;
    if (by === own) row.labels.pop();
    row.labels.push({ label: edit.label, by: own, at: this.#now() });
    return true;
  }

  #undoImported(row: MemoryRow, id: number): number {
    if (row.imported !== id) return 0;
    if (row.removedBy === null && isByPerson(top(row).by)) {
      const decided = row.labels.filter(({ by }) => isByPerson(by));
      row.labels = [{ label: 'ham', by: null, at: null }, ...decided];
      return 0;
    }
    this.#table.rows.delete(row.id);
    return 1;
  }

  #find(id: number): HeldStep {
    const held = this.#table.steps.find(({ step }) => step.id === id);
    if (held === undefined) throw new SluiceError('STEP_UNKNOWN', `there is no label step ${id}`);
    return held;
  }

  #running(id: number): HeldStep {
    const held = this.#find(id);
    const { state } = held.step;
    if (state === 'undoing' || (state === 'running' && held.holder !== this.#holder))
      throw running(held.step);
    if (state !== 'running') throw new SluiceError('USAGE', `label step ${id} is ${state}`);
    return held;
  }

  #take(held: HeldStep): void {
    const isOthers = held.holder !== null && held.holder !== this.#holder && held.until > this.#now();
    if (isOthers) throw running(held.step);
    held.holder = this.#holder;
    held.until = this.#now() + HOLD_MS;
  }

  #advance(held: HeldStep, rows: number, position: unknown): void {
    held.step = {
      ...{ ...held.step, rows: held.step.rows + rows },
      ...(position === undefined ? {} : { position }),
    };
    held.until = this.#now() + HOLD_MS;
  }

  #refuseUnfinished(): void {
    const other = this.#table.steps.find(({ step }) => step.state === 'running' || step.state === 'undoing');
    if (other !== undefined) throw running(other.step);
  }

  #record(who: string, what: string, after: unknown): void {
    this.#table.activity.push({ who, what, after });
  }
}

function running({ id, kind, by, state }: LabelStep): SluiceError {
  const next = state === 'undoing' ? `sluice label undo ${id}` : `sluice label resume ${id}`;
  return new SluiceError('STEP_RUNNING', `label step ${id} (${kind}, by ${by}) is not finished: ${next}`);
}

function top(row: MemoryRow): Label {
  return row.labels.at(-1)!;
}

/** How many of the row's changes the step had made. */
function undoRow(row: MemoryRow, step: number): number {
  const before = row.labels.length + row.groups.length;
  row.labels = row.labels.filter(({ by }) => stepOf(by) !== step);
  row.groups = row.groups.filter((each) => each.step !== step);
  const isBack = row.removedBy === step;
  if (isBack) row.removedBy = null;
  return before - row.labels.length - row.groups.length + (isBack ? 1 : 0);
}

function isMet(row: MemoryRow, { label, import: step }: LabelRowFilter): boolean {
  if (step !== undefined && row.imported !== step) return false;
  return label === undefined || (labelRowOf(row).label ?? 'unlabeled') === label;
}

function labelRowOf(row: MemoryRow): LabelRow {
  const { id, message, community, source, imported } = row;
  const { label, by } = top(row);
  return {
    ...{ id, message, community, source, labelled_by: by, near_group: row.groups.at(-1)!.group },
    label: by === null && imported !== null ? null : label,
  };
}
