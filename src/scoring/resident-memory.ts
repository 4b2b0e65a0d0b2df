import { readFile } from 'node:fs/promises';

/** Resident memory of a process in bytes; 0 where the system does not report it (only Linux does). */
export async function residentBytes(pid: number | undefined): Promise<number> {
  try {
    return residentBytesOf(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return 0;
  }
}

/** Of the text of `/proc/PID/status`, which counts in KiB; other files there count in pages, whose size differs by machine. */
export function residentBytesOf(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}
