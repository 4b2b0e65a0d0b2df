import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { claimFile } from '../cluster/claim-file.ts';
import { SluiceError } from '../core/errors.ts';

const LOCK_FILE = 'daemon.pid';

/**
 * Claims the state folder for this process: two daemons that write the same files and offsets would lose messages. Answers how
 * to give it back. Throws `SETTINGS_INVALID` when it is taken.
 */
export async function claimState(statePath: string): Promise<() => Promise<void>> {
  await mkdir(statePath, { recursive: true });
  const claim = claimFile(join(statePath, LOCK_FILE));
  if ('heldBy' in claim)
    throw new SluiceError(
      'SETTINGS_INVALID',
      `another daemon (process ${claim.heldBy}) works in ${statePath}; stop it, or give this one a state.path of its own`,
    );
  return async () => claim.release();
}
