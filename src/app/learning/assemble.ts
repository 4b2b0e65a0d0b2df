import { setImmediate } from 'node:timers/promises';
import { FolderScratch } from '../../adapters/file/folder-scratch.ts';
import type { ModelData } from '../../core/model-data.ts';
import { type Assembled, type AssembleProgress, assembleData } from '../../learning/assemble-data.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { isForTesting } from '../../training/testing-part.ts';
import { adapters } from '../open/adapters.ts';
import { openData } from '../open/open-data.ts';
import { writeDataFolder } from './data-files.ts';
import { baseSources, reportedRows, tableSources } from './open-sources.ts';

export interface AssembleOrder {
  /** The folder that is made; it must not be there. */
  readonly out: string;
  /** The active model with its data, null where it has none; null where there is no active model. */
  readonly champion: { readonly version: string; readonly data: ModelData | null } | null;
  readonly seed: number;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (progress: AssembleProgress) => void;
  /** The folder of temporary files; that of the daemon's state where left out. */
  readonly scratch?: string;
}

export interface AssembledFolder extends Assembled {
  /** Absolute. */
  readonly folder: string;
}

/**
 * Assembles what the settings name into a folder: base data sets, labels and reports of the store. Nothing remains of a call that fails or is
 * aborted. Throws `USAGE`, `DATA_UNREADABLE`, `DATA_INVALID`, `STORE_FAILED`, `SINK_FAILED`, and what the signal aborts with.
 */
export async function assembleFor(
  settings: Pick<Settings, 'store' | 'retrain' | 'state'>,
  { out, champion, seed, log, signal, progress, scratch = settings.state.path }: AssembleOrder,
): Promise<AssembledFolder> {
  const { base, mostPerCommunityMonth, newestShare, reports } = settings.retrain.data;
  const kind = adapters.store[settings.store.kind];
  const sets = await openData(base, signal);
  log.debug({ store: kind.locationOf(settings.store), base }, 'assembling a data set');
  const tables = await kind.openTrainingData(settings.store);
  try {
    return await writeDataFolder(out, (writer) =>
      assembleData({
        ...{ writer, isForTesting, seed, champion, signal },
        sources: [...baseSources(sets), ...tableSources(tables)],
        reports: { read: () => reportedRows(tables), reporters: () => tables.reporters() },
        scratch: new FolderScratch(scratch),
        limits: { mostPerCommunityMonth, newestShare, reports },
        now: Date.now(),
        // libsql answers on the calling thread.
        pause: async () => void (await setImmediate()),
        ...(progress === undefined ? {} : { progress }),
      }),
    );
  } finally {
    await tables.close();
  }
}
