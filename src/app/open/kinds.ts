import type { StoredDeadLetter } from '../../adapters/file/dead-letter-line.ts';
import type { FileOperations } from '../../adapters/file/file-operations.ts';
import type { SqlErasable } from '../../adapters/sql/sql-erasure.ts';
import type { ByteBudget } from '../../core/byte-budget.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { LetterFilter } from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource } from '../../ports/message-source.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { RetrainStore } from '../../ports/retrain-store.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TraceSink } from '../../ports/trace-sink.ts';
import type { TrainingData } from '../../ports/training-data.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** What an adapter is opened with. Adapters that are opened with the same context may share a client. */
export interface OpenContext {
  readonly settings: Settings;
  readonly log: Log;
}

/** The broker that answers for the lag, and the consumer group there. */
export interface Broker {
  /** As it is named in the metrics of dependencies. */
  readonly dependency: Parameters<Telemetry['dependencyMeasured']>[0]['dependency'];
  readonly group: string;
}

/** What a kind of source offers, as settings name it in `source.kind`. */
export interface SourceKind {
  /** `budget`: charged for what is fetched and not settled; `once`: it ends behind what is there now. */
  open(
    context: OpenContext,
    run: { readonly once: boolean; readonly budget: ByteBudget },
  ): Promise<MessageSource>;
  /** Undefined for a source without a broker. */
  broker(settings: Settings): Broker | undefined;
  /** Seconds between two looks at its lag. */
  lookSeconds(settings: Settings): number;
  /** The folder whose files are its messages; undefined for a source without one. */
  inbox(settings: Settings): string | undefined;
  /** Why these bytes can never be a message of this source; undefined where they can. */
  whyUnsendable(bytes: Uint8Array): string | undefined;
  /** Throws `SINK_FAILED`. */
  openResender(context: OpenContext, files: FileOperations): Promise<Resender>;
}

/** Sends dead letters to the source again. */
export interface Resender {
  /** Resolves when they are durable, but for those that will never be accepted, which it returns. Throws `SINK_FAILED`. */
  send(letters: readonly DeadLetter[]): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

/** What a kind of sink offers. */
export interface SinkKind<Sink> {
  open(context: OpenContext): Promise<Sink>;
  /** Where it writes, for people. */
  destination(settings: Settings): string;
}

/** As settings name it in `verdicts.kind`. */
export interface VerdictSinkKind extends SinkKind<VerdictSink> {
  /** The file that it writes; undefined for a sink without one. */
  file(settings: Settings): string | undefined;
}

/** As settings name it in `deadLetters.kind`. */
export interface DeadLetterSinkKind extends SinkKind<DeadLetterSink> {
  /** Reads back what was written. Throws `DATA_UNREADABLE`, `DATA_INVALID` or, of a topic, `SOURCE_FAILED`. */
  stored(context: OpenContext, wanted: WantedLetters, files: FileOperations): AsyncIterable<Letters>;
  /** The same letters for people, who look at some of them and replay some of them. */
  box(context: OpenContext): LetterBox;
}

/** A stored letter with its name among the others. */
export interface BoxedLetter extends StoredLetter {
  readonly id: string;
  /** What a replay remembers of it. */
  readonly mark: string;
  /** Length of its message where only the beginning was stored. */
  readonly cutFromBytes?: number;
  /** Why it can never be sent; in lists. */
  readonly unsendable?: string | null;
}

/** Why a letter can never be sent to the source; undefined where it can. */
export type WhyUnsendable = (letter: StoredLetter) => string | undefined;

export type BoxEntry =
  | { readonly kind: 'letter'; readonly letter: BoxedLetter }
  /** One letter or more of which nothing is left; `length` in bytes as they were stored. */
  | { readonly kind: 'erased'; readonly id: string; readonly length: number }
  /** No dead letter, or too long to be read here. */
  | { readonly kind: 'unreadable'; readonly id: string; readonly length: number };

export interface BoxPage {
  /** Newest first. Of letters only the beginning of the bytes. */
  readonly entries: readonly BoxEntry[];
  /** `after` of the next page; null where there is no more. */
  readonly next: string | null;
  /** Letters since then were looked at, epoch milliseconds; null where there is no such limit. */
  readonly since: number | null;
  /** False where there were more in this time than one request reads: then older ones are missing, and the filter has to be narrower. */
  readonly isComplete: boolean;
}

/** The dead letters of one store. Each call reads a bounded part of it. Throws `DATA_UNREADABLE`, `SOURCE_FAILED`, and `USAGE` for a foreign cursor. */
export interface LetterBox {
  page(query: {
    readonly filter: LetterFilter;
    readonly after?: string | undefined;
    readonly limit: number;
    readonly whyUnsendable: WhyUnsendable;
  }): Promise<BoxPage>;
  /** Whole letters by their ids; those that are gone are left out, and those beyond so many bytes together. */
  read(
    ids: readonly string[],
    mostBytes: number,
  ): Promise<{ readonly letters: readonly BoxedLetter[]; readonly left: ReadonlySet<string> }>;
  /** Marks of those that were replayed. */
  replayed(letters: readonly BoxedLetter[]): Promise<ReadonlySet<string>>;
  /** Remembers that they were replayed. On the disk when it resolves. */
  mark(letters: readonly BoxedLetter[]): Promise<void>;
}

/** As settings name it in `traces.kind`. */
export type TraceSinkKind = SinkKind<TraceSink>;

/** A dead letter as it is read back. */
export interface StoredLetter extends StoredDeadLetter {
  /** False where only the beginning of its message was kept. */
  readonly isWhole: boolean;
}

/** Some dead letters, in the order in which they were stored. */
export interface Letters {
  readonly letters: readonly StoredLetter[];
  /** Remembers that these of them were replayed. On the disk, or in Kafka, when it resolves. */
  done(letters: readonly StoredLetter[]): Promise<void>;
}

/** All letters, or those that no replay has sent: `reason` is the one that is wanted, where not all of them are. */
export type WantedLetters = 'all' | { readonly notReplayed: true; readonly reason: string | undefined };

/** What the console works on. Each is closed by itself. */
export interface ConsoleStores {
  readonly decisions: DecisionStore;
  readonly accounts: AccountStore;
}

/** The review queue as the pipeline fills it, and what the console works on. */
export interface OpenStores extends ConsoleStores {
  readonly reviews: ReviewStore;
}

export interface OpenLabelStore {
  readonly store: LabelStore;
  readonly search: LabelSearch;
}

/** What a kind of database offers, as settings name it in `store.kind`. */
export interface StoreKind {
  /** For a process with a pipeline. Throws `STORE_FAILED`. */
  open(store: Settings['store'], telemetry: Telemetry, log: Log): Promise<OpenStores>;
  /** For a process without one. Throws `STORE_FAILED`. */
  openConsole(store: Settings['store']): Promise<ConsoleStores>;
  /** The training table, to be labeled; closing `store` closes both. Throws `STORE_FAILED`. */
  openLabels(store: Settings['store']): Promise<OpenLabelStore>;
  /** What models are trained on. Throws `STORE_FAILED`. */
  openTrainingData(store: Settings['store']): Promise<TrainingData>;
  /** The table of models. Nothing is opened before it is asked. */
  registry(store: Settings['store']): ModelRegistry;
  /** The record of retrainings, with their lock. Throws `STORE_FAILED`. */
  openRetrainings(store: Settings['store']): Promise<RetrainStore>;
  /** Undefined where there is no database yet. Throws `STORE_FAILED`. */
  erasure(store: Settings['store']): Promise<SqlErasable | undefined>;
  /** Whether rows wait on this machine's disk while the database is unavailable. */
  readonly hasSpool: boolean;
  /** Where the database is, for people. */
  locationOf(store: Settings['store']): string;
}

/** What a kind of model store offers, as settings name it in `model.store`. */
export interface ModelStoreKind {
  store(model: Settings['model']): ModelStore;
  /** Which model is active, as recorded beside the models. */
  activation(model: Settings['model']): ModelActivation;
}
