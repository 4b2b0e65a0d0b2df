import { mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';

const LOCK_FILE = 'daemon.pid';

/**
 * Claims the state folder for this process: two daemons that write the same files and offsets would lose messages. A
 * claim whose process is gone is taken over. Answers how to give it back. Throws `SETTINGS_INVALID` when it is taken.
 */
export async function claimState(statePath: string): Promise<() => Promise<void>> {
  await mkdir(statePath, { recursive: true });
  const path = join(statePath, LOCK_FILE);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => unlink(path).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isAlive(holder) && holder !== process.pid)
      throw new SluiceError(
        'SETTINGS_INVALID',
        `another daemon (process ${holder}) works in ${statePath}; stop it, or give this one a state.path of its own`,
      );
    await unlink(path).catch(() => undefined);
  }
  throw new SluiceError(
    'SETTINGS_INVALID',
    `${path} could not be claimed; remove it if no daemon runs there`,
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
