import { readFileSync } from 'node:fs';
import type { LedgerDaemon } from './ledger-daemon.ts';

export interface DaemonMemory {
  readonly daemon: string;
  /** Resident, after the part that is left out and at the end; 10⁶ bytes. */
  readonly fromMegabytes: number;
  readonly toMegabytes: number;
  /** By least squares, a million messages that this daemon has scored. */
  readonly slopeMegabytes: number;
  readonly samples: number;
}

/** Until so much of all is scored, memory grows to what the work needs. */
const LEFT_OUT = 0.2;
const KIBIBYTE = 1024;

/** The resident memory of a daemon, against the messages that it has scored. */
export class MemoryWatch {
  readonly #daemon: LedgerDaemon;
  readonly #assigned: readonly number[];
  readonly #samples: { readonly millions: number; readonly megabytes: number }[] = [];

  /** `assigned`: its partitions; they must stay assigned to it. */
  constructor(daemon: LedgerDaemon, assigned: readonly number[]) {
    this.#daemon = daemon;
    this.#assigned = assigned;
  }

  look(committed: readonly number[]): void {
    const status = readFileSync(`/proc/${this.#daemon.pid}/status`, 'utf8');
    const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
    const scored = this.#assigned.reduce((sum, partition) => sum + (committed[partition] ?? 0), 0);
    this.#samples.push({ millions: scored / 1e6, megabytes: (kibibytes * KIBIBYTE) / 1e6 });
  }

  /** For people: what it is now. */
  get summary(): string {
    return `${this.#daemon.name} ${Math.round(this.#samples.at(-1)?.megabytes ?? 0)} MB`;
  }

  figures(): DaemonMemory {
    const all = this.#samples.at(-1)?.millions ?? 0;
    const used = this.#samples.filter(({ millions }) => millions >= all * LEFT_OUT);
    const tenth = Math.max(1, Math.floor(used.length / 10));
    return {
      daemon: this.#daemon.name,
      fromMegabytes: rounded(mean(used.slice(0, tenth).map(({ megabytes }) => megabytes))),
      toMegabytes: rounded(mean(used.slice(-tenth).map(({ megabytes }) => megabytes))),
      slopeMegabytes: rounded(slope(used)),
      samples: used.length,
    };
  }
}

function slope(points: readonly { readonly millions: number; readonly megabytes: number }[]): number {
  const x = mean(points.map(({ millions }) => millions));
  const y = mean(points.map(({ megabytes }) => megabytes));
  let above = 0;
  let below = 0;
  for (const { millions, megabytes } of points) {
    above += (millions - x) * (megabytes - y);
    below += (millions - x) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
