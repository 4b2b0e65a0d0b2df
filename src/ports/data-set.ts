import type { RowLabel } from '../core/decision.ts';
import type { ModelData } from '../core/model-data.ts';

/** A line of an assembled data set. */
export interface DataSetLine {
  /** For error messages: file and line. */
  readonly origin: string;
  readonly text: string;
  readonly label: RowLabel;
  /** Name of one of the data's sources. */
  readonly source: string;
  readonly language?: string | undefined;
  readonly group?: string | undefined;
  readonly weight?: number | undefined;
}

/** A data set that was assembled: what is trained on and what is held out has been decided. */
export interface DataSet {
  readonly data: ModelData;
  /** The bytes of `data.json`, which go into the model's folder as they are. */
  readonly bytes: Uint8Array;
  /** Throws `DATA_UNREADABLE` or `DATA_INVALID` with file and line. */
  training(): AsyncIterable<DataSetLine>;
  heldOut(): AsyncIterable<DataSetLine>;
}
