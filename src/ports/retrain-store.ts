import type { Gate } from '../core/gate-report.ts';
import type { RetrainRun, RetrainState } from '../core/retrain-run.ts';

/** What is known of a run by now; what is left out stays as it is. */
export type RetrainChange = Partial<
  Pick<RetrainRun, 'step' | 'champion' | 'challenger' | 'intended' | 'report' | 'note'>
> & { readonly state?: RetrainState };

export interface NewRetrainRun {
  readonly by: string;
  readonly gate: Gate;
  /** Of the schedule; null by hand. */
  readonly due: number | null;
}

/** Who retrains now. */
export interface RetrainHolder {
  readonly holder: string;
  /** When another may take over where it is not heard of again, epoch milliseconds by the store's clock. */
  readonly until: number;
}

/**
 * The record of all retrainings, and the lock by which one process at a time retrains, of all that use the same database. Every write of
 * a run is made by the holder of the lock alone. Throws `STORE_FAILED`, and `RETRAIN_RUNNING` where another process has the lock.
 */
export interface RetrainStore {
  /** For people. */
  readonly location: string;
  /**
   * Takes the lock for so many milliseconds. Runs of processes that held it before and are not heard of any more are
   * abandoned from then on; one that was promoting stays, to be finished. Resolves with the process that has it, if that is another.
   */
  hold(holder: string, milliseconds: number): Promise<RetrainHolder | undefined>;
  /** Holds it further. Also after its time, as long as no other process has taken it. */
  renew(holder: string, milliseconds: number): Promise<void>;
  /** Does nothing where another has it by now. */
  release(holder: string): Promise<void>;
  begin(holder: string, run: NewRetrainRun): Promise<RetrainRun>;
  /** A change to a state in which a run is over sets when it ended. */
  change(holder: string, id: number, change: RetrainChange): Promise<RetrainRun>;
  /** The run whose promotion is not finished. */
  promoting(): Promise<RetrainRun | undefined>;
  /** The same run, with whatever it has become. Undefined where there is none. */
  run(id: number): Promise<RetrainRun | undefined>;
  /** Newest first. */
  runs(limit: number): Promise<readonly RetrainRun[]>;
  /** Runs of a schedule from this time of it on, and until another, epoch milliseconds; newest first. */
  dueBetween(from: number, until: number): Promise<readonly RetrainRun[]>;
  /** Writes down that a schedule begins: times up to this one are not made up. Needs no lock. */
  scheduled(due: number, run: Omit<NewRetrainRun, 'due'>): Promise<void>;
  close(): Promise<void>;
}
