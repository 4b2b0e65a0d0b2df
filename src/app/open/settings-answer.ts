import type { SettingsAnswer } from '../../http/settings-schemas.ts';
import { explainSettings } from '../../settings/explain-settings.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';

/** What `sluice config explain` prints, of a running process. `atNextStart`: names of settings that have another value at their source. */
export function settingsAnswer(
  loaded: LoadedSettings,
  { process, follows_changes }: Pick<SettingsAnswer, 'process' | 'follows_changes'>,
  atNextStart: ReadonlySet<string> = new Set(),
): SettingsAnswer {
  return {
    process,
    follows_changes,
    settings: explainSettings(loaded).map(({ origin, value, ...facts }) => ({
      ...facts,
      source: origin,
      value: value === null ? null : typeof value === 'string' ? value : JSON.stringify(value),
      at_next_start: atNextStart.has(facts.name),
    })),
  };
}
