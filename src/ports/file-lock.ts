/** An exclusive lock on a file, which the operating system takes back when the process that holds it ends. */
export interface FileLock {
  /** Gives the lock back; the file stays. Idempotent. */
  release(): void;
}

/**
 * Locks a file of its own, which is created where it is missing. Returns undefined while another process, or another caller
 * in this one, holds the lock. Throws `STORE_FAILED` where the file cannot be locked at all.
 */
export type LockFile = (path: string) => FileLock | undefined;
