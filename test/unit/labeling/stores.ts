import type { LabelRow, LabelStep } from '../../../src/core/label-step.ts';
import type { LabelSearch } from '../../../src/ports/label-search.ts';
import type { LabelStore } from '../../../src/ports/label-store.ts';

/** A table in memory, to read. */
export function storeOf(
  rows: readonly LabelRow[],
  steps: readonly LabelStep[] = [],
): Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'> {
  return {
    rows: async ({ after, limit, filter = {} }) =>
      rows
        .filter(({ id, label }) => {
          const { label: wanted } = filter;
          return id > after && (wanted === undefined || (label ?? 'unlabeled') === wanted);
        })
        .slice(0, limit),
    rowsOf: async (ids) => rows.filter(({ id }) => ids.includes(id)),
    steps: async (limit) => steps.toReversed().slice(0, limit),
  };
}

/** An index that ranks by how many of the words a row has. */
export function searchOf(rows: readonly LabelRow[]): LabelSearch {
  return {
    rank: async (words, limit) =>
      rows
        .map(({ id, message }) => {
          const own = new Set(message.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []);
          return { id, score: words.filter((word) => own.has(word)).length };
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit),
  };
}
