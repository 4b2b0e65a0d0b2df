import type { SettingsAnswer } from '../../http/settings-schemas.ts';

export type ShownSetting = SettingsAnswer['settings'][number];

/** Which settings are shown; in the address, so that a link leads to the same. */
export interface SettingsView {
  readonly text: string;
  /** Only those that somebody has set. */
  readonly onlySet: boolean;
}

export function settingsViewOf(search: string): SettingsView {
  const params = new URLSearchParams(search);
  return { text: (params.get('q') ?? '').slice(0, 100), onlySet: params.get('set') === 'yes' };
}

export function searchOf({ text, onlySet }: SettingsView): string {
  const params = new URLSearchParams({
    ...(text === '' ? {} : { q: text }),
    ...(onlySet ? { set: 'yes' } : {}),
  });
  return params.size === 0 ? '' : `?${params}`;
}

/** Settings in which each word occurs: in name, value, source, description or variable, whatever the case. */
export function foundSettings(
  settings: readonly ShownSetting[],
  { text, onlySet }: SettingsView,
): readonly ShownSetting[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((setting) => {
    if (onlySet && setting.source === 'default') return false;
    const { name, value, from, description, environment } = setting;
    const all = [name, value, from, description, environment].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** A description in parts: those in back-ticks are literal. */
export function descriptionParts(
  text: string,
): readonly { readonly text: string; readonly isCode: boolean }[] {
  return text
    .split('`')
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}
