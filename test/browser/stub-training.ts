import type { FastifyInstance } from 'fastify';
import type { TrainingRowAnswer } from '../../src/http/training-schemas.ts';
import { StubProblem } from './stub-desk.ts';

const HOUR = 3_600_000;

/** The training data in memory, with the rules of the real one that the page depends on. */
export class StubTraining {
  readonly rows: TrainingRowAnswer[];
  readonly decisions: {
    readonly id: number;
    readonly label: 'spam' | 'ham' | null;
    readonly before: readonly TrainingRowAnswer[];
    undone_by: number | null;
  }[] = [];
  readonly #byKey = new Map<string, unknown>();
  /** Idempotency keys as they came. */
  readonly keys: string[] = [];

  constructor(messages: readonly { readonly message: string; readonly community?: string }[]) {
    const now = Date.now();
    // Newest first, as they are listed.
    this.rows = messages.map(({ message, community }, index): TrainingRowAnswer => {
      const isDecided = index % 3 !== 2;
      return {
        ...{ id: messages.length - index, message, community: community ?? 'forum' },
        class: index % 4 === 1 ? 'ham' : 'spam',
        source: isDecided ? 'review' : 'import-2026-10',
        labelled_by: isDecided ? (index % 2 === 0 ? 'ada' : 'mo') : null,
        labelled_at: isDecided ? now - (index + 1) * HOUR : null,
        near_group: index === 0 ? 'g-88213' : null,
        review_id: isDecided ? index + 1 : null,
        decision: isDecided ? 1000 + index : null,
      };
    });
  }

  page(query: Readonly<Record<string, string>>) {
    const { q = '', class: label, source, after = '0', limit = '50' } = query;
    const found = this.rows.filter(
      (row) =>
        row.message.toLowerCase().includes(q.toLowerCase()) &&
        (label === undefined || row.class === label) &&
        (source === undefined || row.source === source),
    );
    const [from, most] = [Number(after), Number(limit)];
    return {
      items: found.slice(from, from + most),
      next: found.length > from + most ? String(from + most) : null,
      count: from === 0 ? found.length : null,
      count_is_exact: from === 0,
    };
  }

  relabel(key: string, { label, ids }: { readonly label: 'spam' | 'ham'; readonly ids: readonly number[] }) {
    return this.#once(key, () => {
      const missing = ids.filter((id) => !this.rows.some((row) => row.id === id));
      if (missing.length > 0) throw new StubProblem(404, 'not-found');
      const before = this.rows.filter((row) => ids.includes(row.id) && row.class !== label);
      if (before.length === 0) return { decision: null, unchanged: ids.length };
      const at = Date.now();
      const id = 5000 + this.decisions.length;
      for (const row of before)
        this.#put({ ...row, class: label, labelled_by: 'mo', labelled_at: at, decision: id });
      this.decisions.push({ id, label, before, undone_by: null });
      return { decision: this.#shown(id), unchanged: ids.length - before.length };
    });
  }

  undo(key: string, id: number) {
    return this.#once(key, () => {
      const decision = this.decisions.find((each) => each.id === id)!;
      if (decision.undone_by !== null) throw new StubProblem(409, 'undo-refused');
      for (const row of decision.before) this.#put(row);
      const undo = 5000 + this.decisions.length;
      this.decisions.push({ id: undo, label: null, before: decision.before, undone_by: null });
      decision.undone_by = undo;
      return this.#shown(undo);
    });
  }

  listed() {
    return this.decisions.map(({ id }) => this.#shown(id)).reverse();
  }

  #shown(id: number) {
    const { label, before, undone_by } = this.decisions.find((each) => each.id === id)!;
    return {
      ...{ id, label, items: [], training: before.map((row) => row.id), decided_by: 'mo' },
      ...{ decided_at: Date.now(), note: null, undoes: label === null ? id : null, undone_by },
    };
  }

  #put(row: TrainingRowAnswer): void {
    const index = this.rows.findIndex(({ id }) => id === row.id);
    if (index >= 0) this.rows[index] = row;
  }

  #once<T>(key: string, work: () => T): T {
    this.keys.push(key);
    if (!this.#byKey.has(key)) this.#byKey.set(key, work());
    return this.#byKey.get(key) as T;
  }
}

export function trainingRoutes(
  app: FastifyInstance,
  training: StubTraining,
  keyOf: (headers: object) => string,
): void {
  app.get('/api/v1/training', async ({ query }) => training.page(query as Record<string, string>));
  app.patch('/api/v1/training', async ({ headers, body }) =>
    training.relabel(keyOf(headers), body as { label: 'spam' | 'ham'; ids: number[] }),
  );
}
