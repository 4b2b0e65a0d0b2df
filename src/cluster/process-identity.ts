import { readFileSync } from 'node:fs';

/** Of /proc/PID/stat behind the name, which may hold anything: state, and when it started. */
const STATE = 0;
const THREADS = 17;
const START_TIME = 19;

/**
 * Identifies a process among all that have had or will have its number: by the boot of this machine and the tick at which it
 * started. Returns undefined if there is no such process, or only a zombie. Linux only.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Its first thread alone may have ended.
    if (fields[STATE] === 'X' || (fields[STATE] === 'Z' && Number(fields[THREADS]) <= 1)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[START_TIME]}`;
  } catch {
    return undefined;
  }
}
