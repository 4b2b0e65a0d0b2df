import type { ErasureSubject, MessageIdentity } from '../core/erasure.ts';

/** One stored record, as far as it states whose it is. */
export interface StoredRecord {
  /** Undefined or null where the record does not name one. */
  readonly sender?: string | null | undefined;
  readonly community?: string | undefined;
  readonly message_id?: string | undefined;
  readonly texts: readonly string[];
  /** Bytes that could not be read as a message. */
  readonly unreadable?: Uint8Array | undefined;
}

/** What an erasure looks for. It grows while the stores are searched. */
export interface Wanted {
  readonly subject: ErasureSubject;
  /** Messages of the subject that were met. */
  readonly identities: readonly MessageIdentity[];
  /** Texts of the subject that were met. */
  readonly texts: readonly string[];
  owns(record: StoredRecord): boolean;
  /** Whether a record is known to be of somebody else, who may have written the same text. */
  isOthers(record: StoredRecord): boolean;
  /** Remembers identity and texts of a record that {@link owns} is true for. */
  learn(record: StoredRecord): void;
  /** Whether a text repeats a long piece of a text of the subject, or one of `texts` as a whole. */
  quotes(text: string, texts: readonly string[]): boolean;
}

/** Bytes to scan: one file, one table. */
export interface ScannedContent {
  readonly name: string;
  /** Pieces that are scanned by themselves; each begins where a record does, or repeats the end of the one before. */
  readonly pieces: AsyncIterable<ScannedPiece>;
}

export interface ScannedPiece {
  readonly bytes: Uint8Array;
  /** How many bytes of it are new, and not repeated from the piece before. */
  readonly fresh: number;
  /** A record of somebody else, who may have written the same text. */
  readonly isOthers: boolean;
}

/** A store that holds texts of messages. All methods throw `SluiceError`s. */
export interface ErasableStore {
  readonly name: string;
  /** For people. */
  readonly location: string;
  /** What stays in it, and why. */
  readonly keeps?: string;
  /** Calls `learn` for each record of the subject. Called twice, since a record may be known by its identity alone. */
  search(wanted: Wanted): Promise<void>;
  /** How many records `erase` would change now. */
  count(wanted: Wanted): Promise<number>;
  /** What to do where records remain after an erasure. */
  readonly remains?: string;
  /** Undefined where it can be changed now; else what has to be done first. */
  readonly whyNot?: string | undefined;
  /** Removes the text of each record of the subject. Returns how many records. Safe to run again after a crash. */
  erase(wanted: Wanted): Promise<number>;
  /** Makes the bytes of what was removed unreadable. Also called where nothing was removed: a run before may have crashed. */
  clean?(): Promise<void>;
  /** All its bytes. */
  contents(wanted: Wanted): AsyncIterable<ScannedContent>;
  /** Texts of others that are still stored, where `contents` are not divided by records. */
  others?(wanted: Wanted): AsyncIterable<Uint8Array>;
  close?(): Promise<void>;
}
