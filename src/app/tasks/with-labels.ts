import type { LabelLeases } from '../../ports/label-leases.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { labelStoreOf } from './label.ts';

/** What plans are made of. */
export interface PlannerParts {
  readonly store: LabelStore;
  readonly search: LabelSearch;
  readonly leases: LabelLeases;
  readonly settings: Settings;
}

/** Opens the training table for one task. */
export async function withLabels<T>(
  settings: Settings,
  log: Log,
  work: (parts: PlannerParts) => Promise<T>,
): Promise<T> {
  const { store, search, leases, close } = await labelStoreOf(settings, log);
  try {
    return await work({ store: givingWay(store), search, leases, settings });
  } finally {
    await close();
  }
}

/**
 * libsql answers on the calling thread, so that a planner which only waits for it would never let the process see a signal, nor a timer. Each
 * call that a planner repeats gives way once.
 */
function givingWay(store: LabelStore): LabelStore {
  const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve));
  const after =
    <A extends readonly unknown[], T>(call: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      const answer = await call(...given);
      await giveWay();
      return answer;
    };
  return {
    rows: after((query) => store.rows(query)),
    rowsOf: after((ids) => store.rowsOf(ids)),
    counts: () => store.counts(),
    steps: (limit) => store.steps(limit),
    step: (id) => store.step(id),
    begin: (step) => store.begin(step),
    hold: (id) => store.hold(id),
    add: after((step, rows, position) => store.add(step, rows, position)),
    edit: after((step, edits, position) => store.edit(step, edits, position)),
    finish: (step) => store.finish(step),
    undo: (id, by, progress) => store.undo(id, by, progress),
    close: () => store.close(),
  };
}
