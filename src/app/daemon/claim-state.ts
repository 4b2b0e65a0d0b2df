import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../adapters/libsql/lock-file.ts';
import { type Claim, claimFile } from '../../cluster/claim-file.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { OpenedPart } from './part-list.ts';

/** In the state folder. */
export const CLAIMED_FILE = 'daemon.pid';

/** The claim of the state folder, which is held as long as the daemon runs. */
export function claimPart(statePath: string): OpenedPart<() => Promise<void>> {
  return new OpenedPart(
    'the claim of the state folder',
    () => claimState(statePath),
    (release) => release(),
  );
}

/**
 * Claims the state folder for this process, and returns how to give it back: two daemons that write the same files and
 * offsets would publish messages twice and lose others. Throws `SETTINGS_INVALID` when another process has claimed it, be
 * it in another container, and where it cannot be written.
 */
export async function claimState(statePath: string): Promise<() => Promise<void>> {
  let claim: Claim;
  try {
    await mkdir(statePath, { recursive: true });
    claim = claimFile(join(statePath, CLAIMED_FILE), lockFile);
  } catch (error) {
    throw new SluiceError(
      'SETTINGS_INVALID',
      `the state folder ${statePath} (state.path) cannot be claimed by the user ${userName()}: ${describeError(error)}`,
      { cause: error },
    );
  }
  if ('holder' in claim)
    throw new SluiceError(
      'SETTINGS_INVALID',
      `another daemon (${claim.holder}) works in ${statePath}; stop it, or give this one a state.path of its own`,
    );
  return async () => claim.release();
}

/** An image may run under a number that no user has. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}
