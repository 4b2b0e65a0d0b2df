import { SluiceError } from '../../../src/core/errors.ts';
import { isByPerson, type LabelRow, type LabelStep, labeledByStep } from '../../../src/core/label-step.ts';
import {
  type LabelCounts,
  type LabelEdit,
  type LabelRowFilter,
  type LabelStore,
  MAX_LABEL_EDITS,
  type NewLabelRow,
  type UndoneStep,
} from '../../../src/ports/label-store.ts';

interface Change {
  readonly step: number;
  readonly before: LabelRow | undefined;
  readonly id: number;
}

type Row = LabelRow & { readonly import: number | null };

/** A training table in memory, for the parts that are built on the port; the real one is held to its contract elsewhere. */
export class FakeLabelStore implements LabelStore {
  readonly table = new Map<number, Row>();
  readonly made: LabelStep[] = [];
  readonly changes: Change[] = [];
  /** Names of the calls, in order. */
  readonly calls: string[] = [];
  /** Called before each write; what it throws fails the call before it has changed anything. */
  beforeWrite: (call: string) => void = () => {};
  /** Called after each write; what it throws fails the call though it has changed the table. */
  afterWrite: (call: string) => void = () => {};
  #nextId = 1;

  /** Adds a row as if an import had. */
  put(row: Partial<LabelRow> = {}): number {
    const id = this.#nextId++;
    this.table.set(id, {
      ...{ id, message: `message ${id}`, community: '', source: 'import', label: null },
      ...{ labelled_by: null, near_group: null, import: null },
      ...row,
    });
    return id;
  }

  /** A person decides a row. */
  decide(id: number, label: 'spam' | 'ham', by = 'anna'): void {
    this.table.set(id, { ...this.table.get(id)!, label, labelled_by: by });
  }

  /** What the rows are, without what they were imported by. */
  snapshot(): readonly LabelRow[] {
    return [...this.table.values()]
      .sort((one, other) => one.id - other.id)
      .map(({ import: _, ...row }) => row);
  }

  async rows({
    after,
    limit,
    filter = {},
  }: {
    readonly after: number;
    readonly limit: number;
    readonly filter?: LabelRowFilter;
  }): Promise<readonly LabelRow[]> {
    const wanted = filter.label === 'unlabeled' ? null : filter.label;
    return [...this.table.values()]
      .filter((row) => row.id > after && (wanted === undefined || row.label === wanted))
      .filter((row) => filter.import === undefined || row.import === filter.import)
      .sort((one, other) => one.id - other.id)
      .slice(0, limit)
      .map(({ import: _, ...row }) => row);
  }

  async rowsOf(ids: readonly number[]): Promise<readonly LabelRow[]> {
    return this.snapshot().filter(({ id }) => ids.includes(id));
  }

  async counts(): Promise<LabelCounts> {
    const groups = new Map<string, LabelCounts['groups'][number]>();
    for (const { label, source, labelled_by } of this.table.values()) {
      const step = labelled_by?.startsWith('step:') ? Number(labelled_by.slice(5)) : undefined;
      const by =
        step !== undefined
          ? this.made.find(({ id }) => id === step)!.kind
          : labelled_by !== null
            ? 'person'
            : label === null
              ? null
              : 'unknown';
      const key = JSON.stringify([label, source, by]);
      groups.set(key, { label, source, by, rows: (groups.get(key)?.rows ?? 0) + 1 });
    }
    return { rows: this.table.size, groups: [...groups.values()] };
  }

  async steps(limit: number): Promise<readonly LabelStep[]> {
    return [...this.made].reverse().slice(0, limit);
  }

  async step(id: number): Promise<LabelStep> {
    const found = this.made.find((step) => step.id === id);
    if (found === undefined) throw new SluiceError('STEP_UNKNOWN', `there is no step ${id}`);
    return found;
  }

  async begin(step: Pick<LabelStep, 'kind' | 'about' | 'parameters' | 'by'>): Promise<LabelStep> {
    this.calls.push('begin');
    const other = this.made.find(({ state }) => state === 'running' || state === 'undoing');
    if (other !== undefined) throw new SluiceError('STEP_RUNNING', `step ${other.id} is not finished`);
    const made: LabelStep = {
      ...step,
      parameters: JSON.parse(JSON.stringify(step.parameters)),
      ...{ id: this.made.length + 1, state: 'running', rows: 0, position: null },
      ...{ started_at: 1, finished_at: null, undone_at: null, undone_by: null },
    };
    this.made.push(made);
    return made;
  }

  async hold(id: number): Promise<LabelStep> {
    this.calls.push('hold');
    this.beforeWrite('hold');
    const step = await this.step(id);
    if (step.state !== 'running' && step.state !== 'undoing')
      throw new SluiceError('USAGE', `step ${id} is finished`);
    return step;
  }

  async add(id: number, rows: readonly NewLabelRow[], position: unknown): Promise<void> {
    this.#write('add', () => {
      for (const row of rows) {
        const added = this.put({ ...row, label: row.label ?? null });
        this.table.set(added, { ...this.table.get(added)!, import: id });
        this.changes.push({ step: id, id: added, before: undefined });
      }
      this.#set(id, {
        rows: this.made[id - 1]!.rows + rows.length,
        position: JSON.parse(JSON.stringify(position)),
      });
    });
  }

  async edit(id: number, edits: readonly LabelEdit[], position?: unknown): Promise<number> {
    if (edits.length > MAX_LABEL_EDITS) throw new Error('too many edits in one transaction');
    let changed = 0;
    this.#write('edit', () => {
      for (const edit of edits) {
        const row = this.table.get(edit.row.id);
        if (row === undefined || isByPerson(row.labelled_by)) continue;
        if ('labelled_by' in edit.row && edit.row.labelled_by !== row.labelled_by) continue;
        this.changes.push({ step: id, id: row.id, before: row });
        changed++;
        if (edit.kind === 'remove') this.table.delete(row.id);
        else if (edit.kind === 'group') this.table.set(row.id, { ...row, near_group: edit.group });
        else this.table.set(row.id, { ...row, label: edit.label, labelled_by: labeledByStep(id) });
      }
      this.#set(id, {
        rows: this.made[id - 1]!.rows + changed,
        ...(position === undefined ? {} : { position }),
      });
    });
    return changed;
  }

  async finish(id: number): Promise<LabelStep> {
    this.#write('finish', () => this.#set(id, { state: 'applied', finished_at: 2 }));
    return await this.step(id);
  }

  /** Of the last step alone; chains are the real store's concern. */
  async undo(id: number, by: string, progress?: (rows: number) => void): Promise<UndoneStep> {
    const step = await this.step(id);
    let rows = 0;
    this.#write('undo', () => {
      for (const { before, id: row } of this.changes.filter((change) => change.step === id).reverse()) {
        rows++;
        const now = this.table.get(row);
        if (now !== undefined && isByPerson(now.labelled_by)) continue;
        if (before === undefined) this.table.delete(row);
        else this.table.set(row, before as Row);
      }
      progress?.(rows);
      this.#set(id, { state: 'undone', undone_at: 3, undone_by: by });
    });
    return { step: { ...step, state: 'undone' }, rows, kept: 0 };
  }

  async close(): Promise<void> {}

  #write(call: string, change: () => void): void {
    this.beforeWrite(call);
    this.calls.push(call);
    change();
    this.afterWrite(call);
  }

  #set(id: number, values: Partial<LabelStep>): void {
    this.made[id - 1] = { ...this.made[id - 1]!, ...values };
  }
}
