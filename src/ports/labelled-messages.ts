export type Label = 'spam' | 'ham';

/** One message with the class that a person, or the author of a data set, gave it. */
export interface LabelledMessage {
  /** Where it stands, for error messages: file and row, or file of a corpus. */
  readonly origin: string;
  readonly text: string;
  readonly label: Label;
  /** BCP 47, if the data states it. */
  readonly language?: string;
  /** What must stay on one side of a split: a video, a conversation, a sender. */
  readonly group?: string;
  /** If the data states it. */
  readonly community?: string;
  /** When it was sent, epoch milliseconds, if the data states it. */
  readonly at?: number;
}

/** A data set, read as a stream. Throws `DATA_UNREADABLE` or `DATA_INVALID` with file and row. */
export interface LabelledMessages {
  readonly name: string;
  /** What each of its messages counts for in training; 1 where left out. */
  readonly weight?: number;
  read(): AsyncIterable<LabelledMessage>;
}
