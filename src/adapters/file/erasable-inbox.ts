import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import type { BlankRanges, LineBlanker } from './blank-lines.ts';
import { ErasableLines } from './erasable-lines.ts';
import { messageLine } from './erasable-records.ts';
import { type ReadInto, SeenBytes } from './file-identity.ts';
import { systemCode } from './file-operations.ts';
import { Inbox } from './inbox.ts';
import { OffsetFile } from './offset-file.ts';

export interface ErasableInboxOptions {
  readonly inbox: string;
  /** Folder of `offsets.json`. */
  readonly stateDir: string;
  readonly ownFiles: readonly string[];
  readonly whyNot: string | undefined;
  readonly blanker: LineBlanker;
  readonly log: Log;
}

/** Covers nothing of a file, so that its inode alone identifies it. */
const nothingSeen = { headBytes: 0, headSha256: createHash('sha256').digest('hex'), tail: undefined };

/**
 * Erases lines of an inbox that were read, by the committed offsets. The source knows a file by hashes of what it read: these are
 * taken out of the offsets before a line is overwritten and computed again afterwards, so that a crash in between makes it read nothing
 * twice.
 */
export function erasableInbox(options: ErasableInboxOptions): ErasableLines {
  const { inbox, stateDir, ownFiles, whyNot, blanker, log } = options;
  const offsetsPath = join(stateDir, 'offsets.json');
  const files = async () => {
    const offsets = await OffsetFile.load(offsetsPath);
    const { entries } = await new Inbox(inbox, ownFiles, log).list().catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return { entries: [] };
      throw error;
    });
    return entries.map(({ name, path, inode, size }) => {
      const entry = offsets.get(name);
      const isRead = entry !== undefined && entry.inode === inode && entry.offset <= size;
      return { path, until: isRead ? entry.offset : 0 };
    });
  };
  const around = async (changed: readonly BlankRanges[], blank: () => Promise<void>) => {
    const offsets = await OffsetFile.load(offsetsPath);
    const inodes = new Set(changed.map(({ inode }) => inode));
    for (const { name, inode } of (await new Inbox(inbox, ownFiles, log).list()).entries) {
      const entry = offsets.get(name);
      if (entry !== undefined && entry.inode === inode && inodes.has(inode))
        offsets.set(name, { ...entry, ...nothingSeen });
    }
    await offsets.save();
    await blank();
    await identifyAgain(options);
  };
  return new ErasableLines({
    name: 'inbox',
    location: inbox,
    remains: 'lines that were not read yet; run it again when the daemon has read them',
    hasWriter: false,
    ...{ whyNot, files, recordOf: messageLine, blanker, around },
  });
}

/** Computes the hashes of each file that has none in the offsets. Also after a crash. */
export async function identifyAgain({
  inbox,
  stateDir,
  ownFiles,
  log,
}: Omit<ErasableInboxOptions, 'whyNot' | 'blanker'>): Promise<void> {
  const offsets = await OffsetFile.load(join(stateDir, 'offsets.json'));
  const { entries } = await new Inbox(inbox, ownFiles, log).list().catch(() => ({ entries: [] }) as const);
  let hasChanged = false;
  for (const { name, path, inode } of entries) {
    const entry = offsets.get(name);
    if (entry === undefined || entry.inode !== inode || entry.offset === 0 || entry.headBytes > 0) continue;
    const file = await open(path, 'r');
    try {
      const read: ReadInto = async (target, at) => (await file.read(target, 0, target.length, at)).bytesRead;
      const seen = await SeenBytes.before(entry.offset, read);
      const { tail: _, ...rest } = entry;
      offsets.set(name, { ...rest, ...seen.identity(inode) });
      hasChanged = true;
    } finally {
      await file.close();
    }
  }
  if (hasChanged) await offsets.save();
}
