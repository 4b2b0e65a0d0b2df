import { type ChildProcess, fork } from 'node:child_process';
import type { ErasureReport, ErasureSubject } from '../../core/erasure.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Eraser, ErasureRequest } from '../../ports/eraser.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { EraseOrder, EraseReply } from './erase-apart.ts';

export interface EraserProcessOptions {
  readonly settings: Settings;
  /** Path of the built entry; asked when a process is started. */
  readonly entryFile: () => string;
}

/**
 * Erases in a process of its own, one for each call. Rebuilding the database and scanning all bytes block the thread that does it,
 * and a lock on a file is lost where the process that has it closes the same file elsewhere.
 */
export class EraserProcess implements Pick<Eraser, 'erase'> {
  readonly #options: EraserProcessOptions;
  readonly #running = new Set<ChildProcess>();
  #closed = false;

  constructor(options: EraserProcessOptions) {
    this.#options = options;
  }

  /** Throws what `Eraser` throws, and `STORE_FAILED` (retriable) where the process ends before it answers. */
  erase(subject: ErasureSubject, request: ErasureRequest): Promise<ErasureReport> {
    if (this.#closed) return Promise.reject(lost('Sluice is stopping'));
    const { settings, entryFile } = this.#options;
    return new Promise((resolve, reject) => {
      const child = fork(entryFile(), {
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      this.#running.add(child);
      child.once('message', (reply: EraseReply) => {
        if ('report' in reply) resolve(reply.report);
        else reject(new SluiceError(reply.error.code, reply.error.message, reply.error));
      });
      child.once('error', (error) => reject(lost(error.message)));
      child.once('exit', (code, signal) => {
        this.#running.delete(child);
        // Without effect after an answer.
        reject(lost(`its process ended with ${code ?? signal}`));
      });
      // The settings hold passwords: they go through the pipe, not into arguments that others can list.
      child.send({ settings, subject, request } satisfies EraseOrder, () => {});
    });
  }

  /** Ends what runs. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#running].map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill();
        return ended;
      }),
    );
  }
}

function lost(why: string): SluiceError {
  return new SluiceError('STORE_FAILED', `the erasure did not end (${why}); ask for it again`, {
    retriable: true,
  });
}
