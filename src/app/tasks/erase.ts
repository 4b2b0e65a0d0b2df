import { join } from 'node:path';
import { deadLetterOfLine } from '../../adapters/file/dead-letter-line.ts';
import { UnfinishedErasures } from '../../adapters/file/unfinished-erasures.ts';
import { eraseSubject } from '../../erasure/erase-subject.ts';
import type { FoundBefore } from '../../erasure/erasure-search.ts';
import type { Eraser } from '../../ports/eraser.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { type OpenErasure, openStores, UNFINISHED_FILE } from '../erasure/open-stores.ts';
import { unreachableStores } from '../erasure/unreachable.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Erases from the stores of these settings; opens nothing before it is asked. */
export function eraserOf(settings: Settings, log: Log): Eraser {
  const opened = async <T>(use: (open: OpenErasure) => Promise<T>): Promise<T> => {
    const open = await openStores(settings, log);
    try {
      return await use(open);
    } finally {
      await open.close();
    }
  };
  return {
    erase: (subject, { dryRun, who }) =>
      opened(({ stores, database }) =>
        eraseSubject({
          ...{ subject, dryRun, stores, unreachable: unreachableStores(settings) },
          unfinished: new UnfinishedErasures<FoundBefore>(join(settings.state.path, UNFINISHED_FILE)),
          recorded: async (entry) => await database?.record({ who, what: 'erasure', after: entry }),
        }),
      ),
    expire: ({ who, now = Date.now() }) =>
      opened(async ({ database, letters }) => {
        const { decidedDays, deadLetterDays } = settings.retention;
        const rows =
          decidedDays === undefined ? null : ((await database?.expire(now - decidedDays * DAY_MS)) ?? 0);
        const lines =
          deadLetterDays === undefined
            ? null
            : await letters.expire(olderThan(now - deadLetterDays * DAY_MS));
        const expired = { decided_rows: rows, dead_letters: lines };
        if ((rows ?? 0) + (lines ?? 0) > 0)
          await database?.record({ who, what: 'retention', after: expired });
        return expired;
      }),
  };
}

/** Of a dead letter that states when it was stored. */
function olderThan(before: number): (line: Buffer) => boolean {
  return (line) => {
    try {
      const { recordedAt } = deadLetterOfLine(line.toString(), '');
      return recordedAt > 0 && recordedAt < before;
    } catch {
      return false;
    }
  };
}
