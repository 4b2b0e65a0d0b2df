import { SluiceError } from '../../core/errors.ts';
import type { ModelData } from '../../core/model-data.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { championOf, modelWithData } from '../learning/champion.ts';

/** A row of a source, and what the model's training did with it. */
export interface TracedRow {
  readonly source: string;
  readonly id: number;
  /** `not-read`: it was added later; `left-out`: see the counts of the source. */
  readonly use: 'training' | 'held-out' | 'left-out' | 'not-read';
}

export interface ModelTrace {
  readonly version: string;
  readonly data: ModelData;
  readonly rows: readonly TracedRow[];
}

/** `dataset trace`: what a version was trained on; the active one where none is named. `rows`: such as `training:17`. */
export async function traceModel(
  settings: Settings,
  log: Log,
  version: string | undefined,
  rows: readonly string[],
): Promise<ModelTrace> {
  const warn = (text: string) => log.warn({}, text);
  const model =
    version === undefined ? await championOf(settings, warn) : await modelWithData(settings, version, warn);
  if (model === null)
    throw new SluiceError(
      'MODEL_MISSING',
      'there is no model; name a version that "sluice model list" prints',
    );
  const { data } = model;
  if (data === null)
    throw new SluiceError(
      'DATA_UNREADABLE',
      `${model.version} has no data.json: it was not trained on an assembled data set, so nothing states which labels are behind it. Train one with "sluice train --dataset".`,
    );
  return { version: model.version, data, rows: rows.map((row) => traced(data, row)) };
}

function traced({ sources }: ModelData, given: string): TracedRow {
  const [, name, number] = /^(.+):(\d{1,15})$/.exec(given) ?? [];
  const source = sources.find((each) => each.name === name);
  if (source === undefined || number === undefined)
    throw new SluiceError(
      'USAGE',
      `${given} names no row. Give SOURCE:NUMBER with one of the sources ${sources.map((each) => each.name).join(', ')}.`,
    );
  const id = Number(number);
  const isIn = (ranges: readonly (readonly [number, number])[]) =>
    ranges.some(([first, last]) => first <= id && id <= last);
  const use = isIn(source.rows)
    ? 'training'
    : isIn(source.heldOutRows)
      ? 'held-out'
      : id <= (source.readTo ?? 0)
        ? 'left-out'
        : 'not-read';
  return { source: source.name, id, use };
}
