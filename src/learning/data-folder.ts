/**
 * An assembled data set is a folder, so that one process assembles it and others train on it and compare with it. All of its text is
 * people's: the process that makes the folder removes it.
 */
export const dataFolder = {
  /** One {@link TrainingLine} of JSON a line. */
  training: 'training.jsonl',
  /** One `HeldOutMessage` of JSON a line. */
  heldOut: 'held-out.jsonl',
  /** A `ModelData`; written last, so that a folder without it is not whole. */
  facts: 'data.json',
} as const;

/** A message to train on. */
export interface TrainingLine {
  readonly text: string;
  readonly label: 'spam' | 'ham';
  readonly source: string;
  readonly language?: string;
  /** What must stay on one side of a split. */
  readonly group?: string;
  /** What it counts for; 1 where left out. Reports count for less. */
  readonly weight?: number;
}
