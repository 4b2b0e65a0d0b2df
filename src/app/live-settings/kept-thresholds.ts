import { SluiceError } from '../../core/errors.ts';
import { requireRole } from '../../core/require-role.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { Log } from '../../ports/log.ts';
import type { ThresholdKeeper } from '../../ports/threshold-keeper.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import { changeThresholds, currentThresholds } from './change-thresholds.ts';
import type { LiveSource } from './follow-settings-sources.ts';
import { openSettingsWriter } from './open-settings-writer.ts';

export interface KeptThresholdsParts {
  /** The settings file's path as given, if there is one. */
  readonly file: string | undefined;
  /** The settings of this process at this moment. */
  readonly current: () => LoadedSettings;
  readonly accounts: Pick<AccountStore, 'transact'>;
  readonly log: Log;
}

/** The thresholds for people in the console; one change at a time. */
export function keptThresholds({ file, current, accounts, log }: KeptThresholdsParts): ThresholdKeeper {
  let turn: Promise<unknown> = Promise.resolve();
  const source = (): LiveSource => ({ base: current(), file });
  return {
    current: async () => {
      const writable = openSettingsWriter(source());
      return {
        thresholds: await currentThresholds(current(), writable),
        location: writable?.writer.location ?? null,
      };
    },
    save: async (actor, { thresholds, seen, why }) => {
      requireRole(actor, 'lead', 'changing the thresholds');
      const saving = turn.then(() =>
        changeThresholds(
          {
            source: source(),
            record: (activity) => accounts.transact((transaction) => transaction.record(activity)),
            onUnrecorded: (error) =>
              log.error({ error, by: actor.name }, 'the change of the thresholds could not be recorded'),
            now: Date.now,
          },
          { ...{ seen, why, who: actor.name }, changes: [{ community: '', thresholds }] },
        ),
      );
      turn = saving.catch(() => undefined);
      try {
        const outcome = await saving;
        if (outcome.kind !== 'done') return outcome;
        const { location, changed, recorded } = outcome;
        log.info({ ...thresholds, by: actor.name, changed }, 'the thresholds were changed in the console');
        return { kind: 'done', location, changed, recorded };
      } catch (error) {
        if (!(error instanceof SluiceError) || !refusals.has(error.code)) throw error;
        log.warn({ error: error.message, by: actor.name }, 'the thresholds could not be changed');
        return { kind: 'refused', why: error.message };
      }
    },
  };
}

const refusals: ReadonlySet<string> = new Set(['SETTINGS_INVALID', 'SETTINGS_UNREADABLE']);
