import type { ModelManifest } from '../core/model-manifest.ts';
import type { Log } from '../ports/log.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings-schema.ts';

/** What a running daemon has done since it started. */
export interface DaemonProgress {
  /** The state of the run, as the pipeline names it. */
  readonly state: string;
  readonly read: number;
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
  readonly deadLetters: number;
  /** Messages settled a second, lately. */
  readonly perSecond: number;
  /** In the source's unit of offsets: records, or bytes of a file. */
  readonly lag: number;
  /** True once everything that was there has been judged and committed; may turn false again. */
  readonly caughtUp: boolean;
  /** Version of the model that judges. */
  readonly model: string;
}

/** How the verdicts compare with known labels. Only the decided messages count for precision. */
export interface LabelReport {
  readonly messages: number;
  readonly spamInAll: number;
  readonly precision: number;
  readonly recall: number;
  readonly sentToReview: number;
}

/** The line, running. */
export interface Daemon {
  /** Resolves when drained; rejects with a `SluiceError` when the run failed. */
  readonly done: Promise<void>;
  /**
   * Stops from the source forward. Idempotent; resolves with {@link done}. When `giveUp` aborts before the end, sinks are no
   * longer waited for: what is settled is committed, and both reject with `DRAIN_TIMEOUT`.
   */
  drain(giveUp?: AbortSignal): Promise<void>;
  /** Looks at once at the settings and at which model is active, and tries again what was refused or failed. */
  reload(): void;
  progress(): DaemonProgress;
  /** URLs; null where the listener is off. */
  readonly addresses: { readonly api: string | null; readonly ops: string | null };
  readonly places: { readonly verdicts: string; readonly reviews: string; readonly deadLetters: string };
  /** Null where the labels of what was judged are not known. */
  labelReport(): Promise<LabelReport | null>;
}

/** The places that settings are read from again when they change, and all that they were resolved with at the start. */
export interface LiveSource {
  /** Says too where ZooKeeper is, if it is anywhere. */
  readonly base: LoadedSettings;
  /** The settings file's path as given: relative to the working directory, or absolute. */
  readonly file?: string | undefined;
}

export interface DaemonOptions {
  readonly settings: Settings;
  /** Judge what is there, then drain. */
  readonly once: boolean;
  readonly log: Log;
  readonly liveSource?: LiveSource | undefined;
}

/** Resolves when the daemon is ready to judge. */
export type StartDaemon = (options: DaemonOptions) => Promise<Daemon>;

/** A scorer without a line around it. */
export interface OpenScorer {
  readonly scorer: Scorer;
  readonly manifest: ModelManifest;
  readonly version: string;
  close(): Promise<void>;
}

export type OpenScorerFor = (settings: Settings, log: Log) => Promise<OpenScorer>;

/** Where the settings say that models are kept. */
export type OpenModelStore = (settings: Settings) => ModelStore;

export interface LogTarget {
  /** One or more whole lines. */
  write(lines: string): void;
}

export type CreateLog = (
  options: Settings['log'] & { readonly destination: 'stdout' | 'stderr' | LogTarget },
) => Log;
