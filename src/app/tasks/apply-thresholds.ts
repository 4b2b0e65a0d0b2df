import {
  changeThresholds,
  type ThresholdOutcome,
  type ThresholdRequest,
} from '../live-settings/change-thresholds.ts';
import type { LiveSource } from '../live-settings/follow-settings-sources.ts';
import { adapters } from '../open/adapters.ts';

/**
 * Writes thresholds to where the settings are, and who did it and why to the activity log. Throws as `changeThresholds` does, and
 * `STORE_FAILED` where the database cannot be opened; then nothing was changed.
 */
export async function applyThresholds(
  source: LiveSource,
  request: ThresholdRequest,
  onUnrecorded: (why: string) => void,
): Promise<ThresholdOutcome> {
  const { store } = source.base.settings;
  const { decisions, accounts } = await adapters.store[store.kind].openConsole(store);
  try {
    return await changeThresholds(
      {
        ...{ source, onUnrecorded, now: Date.now },
        record: (activity) => accounts.transact((transaction) => transaction.record(activity)),
      },
      request,
    );
  } finally {
    await decisions.close();
    await accounts.close();
  }
}
