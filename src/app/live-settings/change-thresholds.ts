import { isDeepStrictEqual } from 'node:util';
import type { Thresholds } from '../../core/decision-policy.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { policyFor } from '../../decide/reject-option.ts';
import type { AccountActivity } from '../../ports/account-store.ts';
import type { SettingChange } from '../../ports/settings-writer.ts';
import { originText } from '../../settings/layer.ts';
import { applyLive } from '../../settings/live-policy.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import { policyOf } from '../../settings/policy-of.ts';
import { valueAt } from '../../settings/resolve-layers.ts';
import { nameOf } from '../../settings/setting-name.ts';
import type { LiveSource } from './follow-settings-sources.ts';
import { openSettingsWriter, type WritableSource } from './open-settings-writer.ts';

/** New thresholds of one community, or of all without their own. */
export interface ThresholdChange {
  /** Empty for all. */
  readonly community: string;
  readonly thresholds: Thresholds;
}

export interface ThresholdRequest {
  readonly changes: readonly ThresholdChange[];
  readonly who: string;
  readonly why: string;
  /** What the person saw as the thresholds of all; where they are others by now, nothing is changed. */
  readonly seen?: Thresholds;
}

export type ThresholdOutcome =
  | {
      readonly kind: 'done';
      /** For people: where it was written. */
      readonly location: string;
      readonly before: readonly ThresholdChange[];
      /** False where all of them were so already. */
      readonly changed: boolean;
      /** False where the activity log lacks it. */
      readonly recorded: boolean;
    }
  /** Somebody was faster; these are the thresholds of all now. */
  | { readonly kind: 'overtaken'; readonly now: Thresholds };

export interface ThresholdParts {
  readonly source: LiveSource;
  /** Adds an entry to the activity log. */
  readonly record: (activity: AccountActivity) => Promise<void>;
  /** Called where it could not. */
  readonly onUnrecorded: (why: string) => void;
  readonly now: () => number;
  /** In place of the one that the settings name, for tests. */
  readonly writable?: WritableSource;
}

/**
 * Writes thresholds to where the settings are, after all settings were checked as they would be. Throws `SETTINGS_INVALID` where they
 * would not be valid, where there is no source that can be written, or where another layer overrides it, so that nothing would change;
 * and as `SettingsWriter` does. Whenever it throws, nothing was written.
 */
export async function changeThresholds(
  { source, record, onUnrecorded, now, writable = openSettingsWriter(source) }: ThresholdParts,
  { changes, who, why, seen }: ThresholdRequest,
): Promise<ThresholdOutcome> {
  if (writable === undefined)
    throw new SluiceError(
      'SETTINGS_INVALID',
      'decide.rejectMin and decide.rejectMax cannot be saved: there is neither a settings file nor ZooKeeper. Name a file with --config.',
    );
  const { writer, location } = writable;
  // What is there now, which this process may not have read yet.
  const current = resolvedWith(source.base, writable, (await writer.propose([])).nested);
  const before = changes.map(({ community }) => ({
    community,
    thresholds: thresholdsOf(current, community),
  }));
  const overall = thresholdsOf(current, '');
  if (seen !== undefined && !isDeepStrictEqual(seen, overall)) return { kind: 'overtaken', now: overall };
  const settings = changes.flatMap(settingsOf);
  const proposed = await writer.propose(settings);
  const after = resolvedWith(current, writable, proposed.nested);
  refuseOverridden(after, settings, location.name);
  const changed = !isDeepStrictEqual(before, changes.map(bare));
  const done = { kind: 'done', location: writer.location, before, changed } as const;
  if (!changed) return { ...done, recorded: true };
  await proposed.write();
  const entry: AccountActivity = {
    ...{ who, what: 'thresholds changed', when: now() },
    before,
    after: { thresholds: changes.map(bare), where: writer.location, why },
  };
  try {
    await record(entry);
    return { ...done, recorded: true };
  } catch (error) {
    onUnrecorded(describeError(error));
    return { ...done, recorded: false };
  }
}

/** The thresholds of all as their source has them now, or as this process has them where that cannot be read. */
export async function currentThresholds(
  base: LoadedSettings,
  writable: WritableSource | undefined,
): Promise<Thresholds> {
  if (writable === undefined) return thresholdsOf(base, '');
  try {
    return thresholdsOf(resolvedWith(base, writable, (await writable.writer.propose([])).nested), '');
  } catch (error) {
    if (error instanceof SluiceError) return thresholdsOf(base, '');
    throw error;
  }
}

function bare({ community, thresholds: { rejectMin, rejectMax } }: ThresholdChange): ThresholdChange {
  return { community, thresholds: { rejectMin, rejectMax } };
}

function settingsOf({ community, thresholds }: ThresholdChange): readonly SettingChange[] {
  const section = community === '' ? ['decide'] : ['decide', 'communities', community];
  return (['rejectMin', 'rejectMax'] as const).map((name) => ({
    path: [...section, name],
    value: thresholds[name],
  }));
}

function thresholdsOf({ settings }: LoadedSettings, community: string): Thresholds {
  const policy = policyOf(settings);
  const { rejectMin, rejectMax } = community === '' ? policy.default : policyFor(policy, community);
  return { rejectMin, rejectMax };
}

/** All settings, with those of one source replaced. Throws `SETTINGS_INVALID`. */
function resolvedWith(
  base: LoadedSettings,
  { location }: WritableSource,
  nested: Readonly<Record<string, unknown>>,
): LoadedSettings {
  const result = applyLive(base, location, nested);
  if (result.kind === 'refused') throw result.error;
  return result.kind === 'applied' ? result.loaded : base;
}

function refuseOverridden(after: LoadedSettings, changes: readonly SettingChange[], location: string): void {
  for (const { path, value } of changes) {
    const inEffect = valueAt(after.settings, path);
    if (inEffect === value) continue;
    const name = nameOf(path);
    const origin = after.origins.get(name) ?? after.origins.get('decide.communities');
    const by = origin === undefined ? 'another source' : originText(origin);
    throw new SluiceError(
      'SETTINGS_INVALID',
      `${name} is ${JSON.stringify(inEffect)} by ${by}, which overrides ${location}: a change there would have no effect. Nothing was changed. Change it by ${by}, or remove it there`,
    );
  }
}
