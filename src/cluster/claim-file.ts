import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processIdentity } from './process-identity.ts';

/** Who holds a claim. */
interface Holder {
  readonly pid: number;
  /** As {@link processIdentity} tells it; left out where the system cannot. */
  readonly identity?: string;
}

export type Claim = { readonly release: () => void } | { readonly heldBy: number };

const TRIES = 3;

/**
 * Makes a file this process's own, which stands for whatever two processes must not do at once; or tells the number of the
 * process that holds it. One that has ended holds nothing, also where its number is another's by now.
 */
export function claimFile(path: string): Claim {
  const identity = processIdentity(process.pid);
  const mine = JSON.stringify({ pid: process.pid, ...(identity === undefined ? {} : { identity }) });
  for (let attempt = 1; ; attempt++) {
    if (take(path, mine)) return { release: () => rmSync(path, { force: true }) };
    const theirs = contentOf(path);
    const holder = holderOf(theirs);
    if (holder !== undefined && isHeld(holder)) return { heldBy: holder.pid };
    if (attempt === TRIES) return { heldBy: holder?.pid ?? 0 };
    clear(path, theirs);
  }
}

/** With its content at once, so that no reader meets half of it. */
function take(path: string, content: string): boolean {
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, content);
  try {
    linkSync(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(whole, { force: true });
  }
}

/** Takes a claim away that nobody holds; another's that has come in between is put back. */
function clear(path: string, content: string | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    if (contentOf(path) !== content) return;
    renameSync(path, aside);
    if (contentOf(aside) !== content) linkSync(aside, path);
  } catch {
    // Another was quicker; the next try sees what it left.
  } finally {
    rmSync(aside, { force: true });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderOf(content: string | undefined): Holder | undefined {
  try {
    const holder = JSON.parse(content ?? '') as Partial<Holder> | null;
    return Number.isSafeInteger(holder?.pid) && holder!.pid! > 0 ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isHeld({ pid, identity }: Holder): boolean {
  if (identity !== undefined) return processIdentity(pid) === identity;
  // Where only the number is known, this process has it now, and who had it before is gone.
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
