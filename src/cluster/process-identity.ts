import { readFileSync } from 'node:fs';

/** Of /proc/PID/stat behind the name, which may hold anything: state, and when it started. */
const STATE = 0;
const START_TIME = 19;

/**
 * What tells a process from any other that has had or will have its number: the boot of this machine and the tick at which it
 * started. Undefined where there is no such process, or only what is left of it until its parent looks. Linux only.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE] === 'Z' || fields[STATE] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[START_TIME]}`;
  } catch {
    return undefined;
  }
}
