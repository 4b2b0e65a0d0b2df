import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Between two looks at the log. A commit that finds the log written back as a whole begins it again, which waits for the disk once. */
const EVERY_MS = 2_000;
/** A larger log is of somebody who rebuilds the file, and who empties the log too: a checkpoint here would be in the way for long. */
const MOST_BYTES = 128 * 2 ** 20;
const CLOSE_MS = 2_000;
const MEBIBYTES = 64;

const SCRIPT = `
const { statSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { path, driver, everyMs, mostBytes } = workerData;
const Database = require(driver);
const client = new Database(path);
client.pragma('busy_timeout = 0');
// The log is synced before the file is written, and the file before the log is used again.
client.pragma('synchronous = normal');
const timer = setInterval(() => {
  const size = statSync(path + '-wal', { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size <= mostBytes) client.pragma('wal_checkpoint(passive)');
}, everyMs);
parentPort.once('message', () => {
  clearInterval(timer);
  client.close();
  parentPort.close();
});
`;

/**
 * Writes the log of an open database back into its file, in a thread with a connection of its own, and so keeps the disk from the thread that
 * commits. It waits for nobody: what another connection uses stays in the log until the next time. A database that cannot be read
 * ends the thread.
 */
export class CheckpointThread {
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #isClosed = false;

  /** `lost`: called once where the thread ends before it is closed. `mostBytes`: of a log that is written back. */
  constructor(
    path: string,
    lost: () => void,
    {
      everyMs = EVERY_MS,
      mostBytes = MOST_BYTES,
    }: { readonly everyMs?: number; readonly mostBytes?: number } = {},
  ) {
    this.#worker = new Worker(SCRIPT, {
      eval: true,
      workerData: {
        ...{ path, everyMs, mostBytes },
        driver: createRequire(import.meta.url).resolve('libsql'),
      },
      resourceLimits: { maxOldGenerationSizeMb: MEBIBYTES },
    });
    // It keeps no process alive.
    this.#worker.unref();
    // Its end follows.
    this.#worker.on('error', () => {});
    this.#gone = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        resolve();
        if (!this.#isClosed) lost();
      }),
    );
  }

  /** Resolves when its connection is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#worker.postMessage('close');
    const late = setTimeout(() => void this.#worker.terminate(), CLOSE_MS);
    await this.#gone;
    clearTimeout(late);
  }
}
