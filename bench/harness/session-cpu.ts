import { readdir, readFile } from 'node:fs/promises';

/** Ticks a second of /proc, on every Linux. */
const TICKS = 100;

/** Of /proc/PID/stat behind the name, which may hold anything. */
const SESSION = 3;
const USER_TIME = 11;
const CHILDREN_SYSTEM_TIME = 14;

/**
 * Seconds of processor time of a process of /proc/PID/stat and of those of its children that have ended; undefined where it is of
 * another session.
 */
export function cpuOfStat(stat: string, session: number): number | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields[SESSION] !== session) return undefined;
  let ticks = 0;
  for (let at = USER_TIME; at <= CHILDREN_SYSTEM_TIME; at++) ticks += fields[at]!;
  return ticks / TICKS;
}

/**
 * Seconds of processor time so far of a process that leads a session, and of all that it has started; undefined where the system has no
 * /proc, or nothing of it is left.
 */
export async function sessionCpuSeconds(session: number): Promise<number | undefined> {
  const names = await readdir('/proc').catch(() => []);
  let seconds: number | undefined;
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    const own = stat === undefined ? undefined : cpuOfStat(stat, session);
    if (own !== undefined) seconds = (seconds ?? 0) + own;
  }
  return seconds;
}
