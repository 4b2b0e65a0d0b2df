/** Which rows of a table are chosen, by their ids, and where the keys are. A value: each function returns another one. */
export interface Selection {
  readonly chosen: ReadonlySet<number>;
  /** Index of the row that keys act on. */
  readonly at: number;
  /** Where a range begins: the row that was chosen last. */
  readonly anchor: number;
}

export const noSelection: Selection = { chosen: new Set(), at: 0, anchor: 0 };

/** Chooses a row, or no longer. */
export function toggled(selection: Selection, ids: readonly number[], index: number): Selection {
  const id = ids[index];
  if (id === undefined) return selection;
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, at: index, anchor: index };
}

/** Chooses all rows from the one that was chosen last to this one. */
export function extended(selection: Selection, ids: readonly number[], index: number): Selection {
  if (ids[index] === undefined) return selection;
  const [first, last] = [Math.min(index, selection.anchor), Math.max(index, selection.anchor)];
  const chosen = new Set([...selection.chosen, ...ids.slice(first, last + 1)]);
  return { ...selection, chosen, at: index };
}

/** To the row before or behind; `isRange`: and chooses all from the anchor to there. */
export function movedBy(
  selection: Selection,
  ids: readonly number[],
  by: 1 | -1,
  isRange = false,
): Selection {
  const at = Math.min(Math.max(selection.at + by, 0), Math.max(0, ids.length - 1));
  return isRange ? extended(selection, ids, at) : { ...selection, at };
}

export function withAll(selection: Selection, ids: readonly number[], isOn: boolean): Selection {
  return { ...selection, chosen: new Set(isOn ? ids : []) };
}

/** The chosen rows in their order; the one that keys act on where none is chosen. */
export function targetsOf({ chosen, at }: Selection, ids: readonly number[]): readonly number[] {
  return chosen.size > 0 ? ids.filter((id) => chosen.has(id)) : ids.slice(at, at + 1);
}
