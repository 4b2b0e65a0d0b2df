import type { ModelData } from '../core/model-data.ts';

/** Whether the active model's training could have known a row of a source with the label that it has. */
export type KnownBefore = (
  source: { readonly name: string; readonly kind: string },
  row: KnownRow,
) => boolean;

export interface KnownRow {
  readonly id: number;
  readonly at: number | undefined;
}

/**
 * Whether a row is older than the active model's data. A base data set is known where that model's data names it, and where there is no such
 * data; a row of a table by its time, and by its number where it has none. Without an active model no row of a table is known.
 */
export function knownBefore(data: ModelData | null): KnownBefore {
  if (data === null) return ({ kind }) => kind === 'base';
  const known = new Map(data.sources.map((source) => [`${source.kind} ${source.name}`, source]));
  return ({ name, kind }, { id, at }) => {
    const source = known.get(`${kind} ${name}`);
    if (kind === 'base') return source !== undefined;
    if (at !== undefined) return at <= data.labelsUntil;
    return source !== undefined && id <= (source.readTo ?? 0);
  };
}
