import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { FileLock, LockFile } from '../ports/file-lock.ts';
import { processIdentity } from './process-identity.ts';

/** What the file of a claim states about its holder. Only for people: whether the claim is held, the lock decides. */
interface Holder {
  readonly pid: number;
  /** As {@link processIdentity} returns it; left out where the system has none. */
  readonly identity?: string;
  /** Left out by versions of Sluice that did not lock; theirs is the one kind of claim that this file decides about. */
  readonly host?: string;
}

export type Claim =
  | { readonly release: () => void }
  | {
      /** For messages: "process 12 on host a". */
      readonly holder: string;
    };

/** Of the file that is locked, beside the one that names the holder. */
const LOCK_SUFFIX = '.claim';

const UNFINISHED_SUFFIX = '.new';

/** The files that a claim of `path` makes. */
export function filesOfClaim(path: string): readonly string[] {
  return [`${path}${UNFINISHED_SUFFIX}`, path, `${path}${LOCK_SUFFIX}`];
}

/**
 * Claims a path for this process, for what two processes must not do at the same time, or returns who has claimed it. The
 * claim is a lock on a file beside it, so it ends with the process, and other containers see it. Throws what `lockFile`
 * throws.
 */
export function claimFile(path: string, lockFile: LockFile): Claim {
  const lock = lockFile(`${path}${LOCK_SUFFIX}`);
  if (lock === undefined) return { holder: nameOf(holderIn(path)) };
  const holder = holderIn(path);
  if (holder !== undefined && holder.host === undefined && isRunning(holder)) {
    lock.release();
    return { holder: nameOf(holder) };
  }
  const mine = describeThisProcess();
  writeWhole(path, mine);
  return { release: () => release(path, mine, lock) };
}

function release(path: string, mine: string, lock: FileLock): void {
  // While the lock is held nobody else writes this file, but its folder may have been wiped and claimed again.
  if (contentOf(path) === mine) rmSync(path, { force: true });
  lock.release();
}

function describeThisProcess(): string {
  const identity = processIdentity(process.pid);
  const holder: Holder = {
    pid: process.pid,
    ...(identity === undefined ? {} : { identity }),
    host: hostname(),
  };
  return JSON.stringify(holder);
}

/** So that no reader meets half of it. Where the disk is full, the claim counts all the same. */
function writeWhole(path: string, content: string): void {
  const beside = `${path}${UNFINISHED_SUFFIX}`;
  try {
    writeFileSync(beside, content, { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    for (const wrong of [beside, path]) rmSync(wrong, { force: true });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderIn(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(contentOf(path) ?? '') as Partial<Holder> | null;
    return Number.isSafeInteger(holder?.pid) && holder!.pid! > 0 ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(holder: Holder | undefined): string {
  if (holder === undefined) return 'another process';
  return `process ${holder.pid}${holder.host === undefined ? '' : ` on host ${holder.host}`}`;
}

/** Of a holder that did not lock, so far as this machine and this PID namespace know. */
function isRunning({ pid, identity }: Holder): boolean {
  // Where only the number is known, this process has it now, and who had it before is gone.
  if (pid === process.pid) return false;
  if (identity !== undefined) return processIdentity(pid) === identity;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
