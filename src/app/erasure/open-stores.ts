import { mkdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { LineBlanker } from '../../adapters/file/blank-lines.ts';
import { erasableInbox, identifyAgain } from '../../adapters/file/erasable-inbox.ts';
import { erasableLetters } from '../../adapters/file/erasable-letters.ts';
import { ErasableLines } from '../../adapters/file/erasable-lines.ts';
import { idsLine, messageLine, refusedLine } from '../../adapters/file/erasable-records.ts';
import { nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { otherFiles } from '../../adapters/file/other-files.ts';
import { lockFile } from '../../adapters/libsql/lock-file.ts';
import type { SqlErasable } from '../../adapters/sql/sql-erasure.ts';
import { claimFile, filesOfClaim } from '../../cluster/claim-file.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ErasableStore } from '../../ports/erasable-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { Closers } from '../closers.ts';
import { CLAIMED_FILE } from '../daemon/claim-state.ts';
import { adapters } from '../open/adapters.ts';

/** All stores that the settings name, while nobody else erases in this state folder. */
export interface OpenErasure {
  readonly stores: readonly ErasableStore[];
  readonly database: SqlErasable | undefined;
  readonly letters: ErasableLines;
  close(): Promise<void>;
}

/** In the state folder. */
export const UNFINISHED_FILE = 'erase-unfinished.json';
const LOCK = 'erase-lock';

/**
 * Opens them, and ends what an erasure that was killed had begun. While a daemon holds the state folder, its inbox and its spool are
 * only looked at. Throws `STORE_FAILED` while another erasure runs, and what the stores throw.
 */
export async function openStores(settings: Settings, log: Log): Promise<OpenErasure> {
  const closers = new Closers(log);
  try {
    return await open(settings, log, closers);
  } catch (error) {
    await closers.closeAfterFailure();
    throw error;
  }
}

async function open(settings: Settings, log: Log, closers: Closers): Promise<OpenErasure> {
  const state = settings.state.path;
  await mkdir(state, { recursive: true });
  const only = lockFile(join(state, LOCK));
  if (only === undefined)
    throw new SluiceError(
      'STORE_FAILED',
      `another erasure runs in ${state}; run this one when it has ended`,
      {
        retriable: true,
      },
    );
  closers.add('the lock of erasures', async () => only.release());
  const claim = claimFile(join(state, CLAIMED_FILE), lockFile);
  const isDaemonRunning = 'holder' in claim;
  if (!isDaemonRunning) closers.add('the claim of the state folder', async () => claim.release());
  const whyNot = isDaemonRunning
    ? `the daemon (${claim.holder}) has these files open; stop it and run this again`
    : undefined;

  const blanker = new LineBlanker(join(state, 'erase-lines.json'));
  await blanker.finish();
  const ownFiles = [
    settings.verdicts.file.path,
    settings.deadLetters.file.path,
    settings.traces.file.path,
    settings.refused.file.path,
    settings.store.libsql.path,
  ];
  const inbox = { inbox: settings.source.file.inbox, stateDir: state, ownFiles, log };
  if (!isDaemonRunning) await identifyAgain(inbox);

  const database = await adapters.store[settings.store.kind].erasure(settings.store);
  if (database !== undefined) closers.add('the database', async () => await database.close?.());
  const letters = erasableLetters({
    ...{ path: settings.deadLetters.file.path, hasWriter: isDaemonRunning, blanker, lock: lockFile },
  });
  const appended = { hasWriter: isDaemonRunning, blanker };
  const stores: ErasableStore[] = [
    ...(database === undefined ? [] : [database]),
    letters,
    fileOfLines({
      name: 'refused records',
      path: settings.refused.file.path,
      recordOf: refusedLine,
      ...appended,
    }),
    new ErasableLines({
      ...{ name: 'review spool', location: settings.store.spool.path, recordOf: messageLine, whyNot },
      ...{ files: () => filesIn(settings.store.spool.path), ...appended },
    }),
    erasableInbox({ ...inbox, whyNot, blanker }),
    fileOfLines({
      ...{ name: 'verdicts', path: settings.verdicts.file.path, recordOf: idsLine, ...appended },
      keeps: 'ids and verdicts stay; they have no text',
    }),
    fileOfLines({
      ...{ name: 'outcome log', path: settings.traces.file.path, recordOf: idsLine, ...appended },
      keeps: 'ids and outcomes stay; they have no text',
    }),
    otherFiles([state, inbox.inbox, settings.store.spool.path], leftOut(settings)),
  ];
  return { stores, database, letters, close: () => closers.closeAll() };
}

type FileOfLines = Pick<
  ConstructorParameters<typeof ErasableLines>[0],
  'name' | 'recordOf' | 'hasWriter' | 'blanker' | 'keeps'
> & { readonly path: string };

function fileOfLines({ path, ...rest }: FileOfLines): ErasableLines {
  return new ErasableLines({ location: path, files: async () => [{ path }], ...rest });
}

async function filesIn(folder: string): Promise<readonly { readonly path: string }[]> {
  const names = await nodeFileOperations.list(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => ({ path: join(folder, name) }));
}

/** Files of other stores, models, and files with locks: closing one of those here would drop the locks of this process. */
function leftOut(settings: Settings): (path: string) => boolean {
  const { state, store, source, verdicts, deadLetters, traces, refused, model } = settings;
  const database = ['', '-wal', '-shm', '-journal'].map((suffix) => `${store.libsql.path}${suffix}`);
  const files = new Set(
    [
      ...database,
      ...[verdicts, deadLetters, traces, refused].map(({ file }) => file.path),
      ...filesOfClaim(join(state.path, CLAIMED_FILE)),
      join(state.path, LOCK),
      // Ids and fingerprints.
      join(state.path, UNFINISHED_FILE),
      `${deadLetters.file.path}.replay-lock`,
    ].map((path) => resolve(path)),
  );
  const models = resolve(model.localPath);
  const [inbox, spool] = [source.file.inbox, store.spool.path].map((folder) => `${resolve(folder)}${sep}`);
  return (path) => {
    const isOf = (folder: string | undefined) =>
      path.startsWith(folder!) && path.endsWith('.jsonl') && !path.slice(folder!.length).includes(sep);
    return (
      files.has(path) ||
      path === models ||
      // Of the inbox, what the source reads: other names may be copies.
      (isOf(inbox) && !path.slice(inbox!.length).startsWith('.')) ||
      isOf(spool)
    );
  };
}
