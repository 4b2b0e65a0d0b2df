import type { ErasureReport, ErasureSubject } from '../core/erasure.ts';
import type { ErasureRequest } from './eraser.ts';

export const erasureStates = ['running', 'done', 'failed'] as const;
export type ErasureState = (typeof erasureStates)[number];

/** One erasure or preview that somebody asked for. It names nobody: the report has a SHA-256 in place of the person. */
export interface ErasureJob {
  readonly id: string;
  readonly dryRun: boolean;
  readonly who: string;
  readonly state: ErasureState;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Null while it runs. */
  readonly endedAt: number | null;
  /** Null unless it is done. */
  readonly report: ErasureReport | null;
  /** Why it failed and what to do; null unless it did. */
  readonly problem: string | null;
}

/** Erasures that take longer than a request: one at a time, each to be asked about until it has ended. */
export interface Erasures {
  /** Begins one; undefined while another one runs. */
  start(subject: ErasureSubject, request: ErasureRequest): ErasureJob | undefined;
  /** Undefined for one that is not known, or not any more. */
  job(id: string): ErasureJob | undefined;
  /** Newest first. */
  jobs(): readonly ErasureJob[];
  /** Ends the one that runs; it ends in the same when it is asked for again. Idempotent. */
  close(): Promise<void>;
}
