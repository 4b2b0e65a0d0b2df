import { join } from 'node:path';
import { deadLetterOfLine } from '../../adapters/file/dead-letter-line.ts';
import { UnfinishedErasures } from '../../adapters/file/unfinished-erasures.ts';
import type { ErasureReport, ErasureSubject } from '../../core/erasure.ts';
import { eraseSubject } from '../../erasure/erase-subject.ts';
import type { FoundBefore } from '../../erasure/erasure-search.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openStores, UNFINISHED_FILE } from '../erasure/open-stores.ts';
import { unreachableStores } from '../erasure/unreachable.ts';

export interface EraseOptions {
  readonly dryRun: boolean;
  /** For the activity log: the account, or the command. */
  readonly who: string;
}

/**
 * Erases a person's text from every store of the settings and proves it. Safe while daemons run: what one has open is left, and
 * reported as found. Throws `STORE_FAILED`, `SINK_FAILED`, `DATA_UNREADABLE` and `OFFSETS_FAILED`; run again, it ends in the same.
 */
export async function erase(
  settings: Settings,
  log: Log,
  subject: ErasureSubject,
  { dryRun, who }: EraseOptions,
): Promise<ErasureReport> {
  const open = await openStores(settings, log);
  try {
    return await eraseSubject({
      subject,
      dryRun,
      stores: open.stores,
      unfinished: new UnfinishedErasures<FoundBefore>(join(settings.state.path, UNFINISHED_FILE)),
      recorded: async (entry) => await open.database?.record({ who, what: 'erasure', after: entry }),
      unreachable: unreachableStores(settings),
    });
  } finally {
    await open.close();
  }
}

/** What was past its age; null where the settings keep it. */
export interface Expired {
  readonly decided_rows: number | null;
  readonly dead_letters: number | null;
}

const DAY_MS = 24 * 3600 * 1000;

/** Erases what is older than `retention` allows. Throws as {@link erase}. */
export async function eraseExpired(
  settings: Settings,
  log: Log,
  { who, now = Date.now() }: { readonly who: string; readonly now?: number },
): Promise<Expired> {
  const { decidedDays, deadLetterDays } = settings.retention;
  const open = await openStores(settings, log);
  try {
    const decided =
      decidedDays === undefined ? null : ((await open.database?.expire(now - decidedDays * DAY_MS)) ?? 0);
    const letters =
      deadLetterDays === undefined
        ? null
        : await open.letters.expire(olderThan(now - deadLetterDays * DAY_MS));
    const expired = { decided_rows: decided, dead_letters: letters };
    if ((decided ?? 0) + (letters ?? 0) > 0)
      await open.database?.record({ who, what: 'retention', after: expired });
    return expired;
  } finally {
    await open.close();
  }
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
