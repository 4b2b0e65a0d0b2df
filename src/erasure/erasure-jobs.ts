import type { ErasureSubject } from '../core/erasure.ts';
import { describeError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Eraser, ErasureRequest } from '../ports/eraser.ts';
import type { ErasureJob, Erasures } from '../ports/erasures.ts';
import type { Log } from '../ports/log.ts';

/** Jobs that have ended are shown for so long, and so many of them. */
const KEPT_SECONDS = 24 * 3600;
const MOST_KEPT = 50;

export interface ErasureJobsParts {
  /** Does the work where it disturbs nobody: it scans every byte of every store. */
  readonly eraser: Pick<Eraser, 'erase'> & { close(): Promise<void> };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Runs erasures one after the other and remembers how they ended, in the memory of this process. */
export class ErasureJobs implements Erasures {
  readonly #parts: ErasureJobsParts;
  /** Oldest first. */
  readonly #jobs = new Map<string, ErasureJob>();
  #closed = false;

  constructor(parts: ErasureJobsParts) {
    this.#parts = parts;
  }

  start(subject: ErasureSubject, request: ErasureRequest): ErasureJob | undefined {
    const { clock, log } = this.#parts;
    this.#forget();
    if (this.#closed || [...this.#jobs.values()].some(({ state }) => state === 'running')) return undefined;
    const job: ErasureJob = {
      ...{ id: globalThis.crypto.randomUUID(), dryRun: request.dryRun, who: request.who, state: 'running' },
      ...{ startedAt: clock.now(), endedAt: null, report: null, problem: null },
    };
    this.#jobs.set(job.id, job);
    const end = (ended: Pick<ErasureJob, 'state' | 'report' | 'problem'>) =>
      this.#jobs.set(job.id, { ...job, ...ended, endedAt: clock.now() });
    void this.#parts.eraser.erase(subject, request).then(
      (report) => {
        end({ state: 'done', report, problem: null });
        if (!request.dryRun)
          log.info(
            { subject_sha256: report.subject_sha256, complete: report.complete, who: request.who },
            'an erasure ended',
          );
      },
      (error: unknown) => {
        end({ state: 'failed', report: null, problem: describeError(error) });
        log.error({ error: describeError(error), who: request.who }, 'an erasure failed; ask for it again');
      },
    );
    return job;
  }

  job(id: string): ErasureJob | undefined {
    this.#forget();
    return this.#jobs.get(id);
  }

  jobs(): readonly ErasureJob[] {
    this.#forget();
    return [...this.#jobs.values()].reverse();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#parts.eraser.close();
  }

  #forget(): void {
    const before = this.#parts.clock.now() - KEPT_SECONDS * 1000;
    for (const { id, endedAt } of [...this.#jobs.values()])
      if (endedAt !== null && (endedAt < before || this.#jobs.size > MOST_KEPT)) this.#jobs.delete(id);
  }
}
