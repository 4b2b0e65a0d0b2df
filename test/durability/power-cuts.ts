import { waysToSurvive } from './faults.ts';
import { MemoryDisk } from './memory-disk.ts';

/** What one power cut would leave, and what was promised at that moment. */
export interface PowerCut<Promised> {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly promised: Promised;
}

/** Collects what a power cut would leave after each operation on a disk, each different case once. */
export function watchPowerCuts<Promised>(
  disk: MemoryDisk,
  fractions: readonly number[],
  promised: () => Promised,
): { readonly cuts: Iterable<PowerCut<Promised>>; stop(): void } {
  const cuts = new Map<string, PowerCut<Promised>>();
  disk.afterEach = () => {
    const now = promised();
    for (const survivors of waysToSurvive(fractions)) {
      const files = disk.filesAfterCut(survivors);
      const key = JSON.stringify([
        now,
        [...files].map(([path, content]) => [path, content.toString('latin1')]),
      ]);
      if (!cuts.has(key)) cuts.set(key, { files, promised: now });
    }
  };
  return {
    get cuts() {
      return cuts.values();
    },
    stop: () => {
      disk.afterEach = () => {};
    },
  };
}

/** The disk that a machine finds when it has power again. */
export function diskAfter({ files }: PowerCut<unknown>): MemoryDisk {
  return new MemoryDisk(files);
}
