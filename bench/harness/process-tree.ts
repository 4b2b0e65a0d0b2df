import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started use. */
export interface TreeUse {
  /** Proportional set size: what processes share counts once. With pages of mapped files. */
  readonly bytes: number;
  /** Of it, memory that is no page of a file. */
  readonly anonymousBytes: number;
  /** CPU time so far, with that of processes that have ended. */
  readonly cpuSeconds: number;
}

/** Clock ticks of Linux a second, on all machines where Node runs. */
const TICKS = 100;

/** On Linux. Processes that end meanwhile are left out. */
export function useOfTree(pid: number): TreeUse {
  const children = new Map<number, number[]>();
  const stats = new Map<number, readonly string[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const stat = readIfThere(`/proc/${name}/stat`);
    if (stat === undefined) continue;
    // The name of a program, in parentheses, may have spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    stats.set(Number(name), fields);
  }
  const tree = [pid];
  for (const each of tree) tree.push(...(children.get(each) ?? []));
  let [bytes, anonymousBytes, ticks] = [0, 0, 0];
  for (const each of tree) {
    const memory = readIfThere(`/proc/${each}/smaps_rollup`) ?? '';
    bytes += kibibytes(memory, 'Pss');
    anonymousBytes += kibibytes(memory, 'Pss_Anon');
    // utime, stime, cutime and cstime.
    for (const field of stats.get(each)?.slice(11, 15) ?? []) ticks += Number(field);
  }
  return { bytes, anonymousBytes, cpuSeconds: ticks / TICKS };
}

function kibibytes(memory: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1] ?? 0) * 1024;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
