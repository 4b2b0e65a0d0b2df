import type { Actor } from '../core/decision.ts';
import type { ModelStatus } from './model-registry.ts';

/** A version, with what is known of it here. Times are epoch milliseconds. */
export interface ModelVersion {
  readonly version: string;
  readonly status: ModelStatus;
  /** Whether it is whole in the model store; else it cannot be activated. */
  readonly isStored: boolean;
  /** By its name; null where that has no time. */
  readonly trainedAt: number | null;
  readonly activatedAt: number | null;
  readonly deactivatedAt: number | null;
  /** Who or what decided its status, and why; null where nobody has. */
  readonly decided: string | null;
  readonly truePositiveRate: number | null;
  readonly falsePositiveRate: number | null;
  /** What its training measured. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** From its manifest; null where no copy is on this machine. */
  readonly facts: {
    readonly languages: readonly string[];
    readonly bytes: number;
    readonly profile: string;
    readonly spam: number;
    readonly ham: number;
  } | null;
}

export interface ModelVersions {
  /** Newest first. */
  readonly versions: readonly ModelVersion[];
  /** What was activated; null where nothing was, and the newest version is active. */
  readonly activated: string | null;
  /** What a rollback would activate; null where nothing was active before. */
  readonly previous: string | null;
  /** What this process scores with; null where it is not a daemon, or has no model. */
  readonly scoresWith: string | null;
  readonly isDaemon: boolean;
  /** A setting that daemons obey instead of what is activated; null where they follow it. */
  readonly pinned: string | null;
  /** False where the table of models cannot be read: then it is not known who activated what. */
  readonly isRecordRead: boolean;
}

export interface ModelRequest {
  /** Why, for those who read the activity later. */
  readonly reason: string;
  /**
   * What the person saw as activated, null for nothing. Where another version has been activated since, nothing is changed. Left
   * out: what is activated when the request arrives.
   */
  readonly activated?: string | null;
}

export type ModelOutcome =
  | {
      readonly kind: 'done';
      readonly version: string;
      /** What was active before. */
      readonly before: string | null;
      /** False where it had been active already. */
      readonly changed: boolean;
      /** False where the change could not be written to the table of models and the activity, which lack it. */
      readonly recorded: boolean;
    }
  /** Somebody was faster. */
  | { readonly kind: 'overtaken'; readonly activated: string | null; readonly decided: string | null }
  | { readonly kind: 'pinned'; readonly version: string }
  /** It failed its check; the model before is active. */
  | { readonly kind: 'refused'; readonly version: string; readonly why: string }
  | { readonly kind: 'missing'; readonly version: string }
  /** Nothing was active before. */
  | { readonly kind: 'no-previous' }
  /** This process may not write where activations are recorded. */
  | { readonly kind: 'not-writable'; readonly version: string | null };

/**
 * What people do with models in the console. Throws `ROLE_REFUSED` for all but leads where something is changed, and
 * `MODEL_STORE_FAILED` and `STORE_FAILED` (retriable) where model store, activation or database do not answer: then nothing was changed.
 */
export interface ModelDesk {
  list(): Promise<ModelVersions>;
  activate(actor: Actor, version: string, request: ModelRequest): Promise<ModelOutcome>;
  rollback(actor: Actor, request: ModelRequest): Promise<ModelOutcome>;
}
