import { type KeyMap, restoredKeys } from '../logic/keys.ts';
import { Observable } from './observable.ts';

/** What a person has set in this browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'en' | 'de';
  readonly density: 'comfortable' | 'compact';
  /** Whether single letters are keys (WCAG 2.1.4). */
  readonly keysOn: boolean;
  readonly keys: KeyMap;
}

const NAME = 'sluice.preferences';

function restored(): Preferences {
  let stored: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    stored = (JSON.parse(localStorage.getItem(NAME) ?? '{}') ?? {}) as typeof stored;
  } catch {
    // Not ours, or switched off: as on the first visit.
  }
  const { theme, language, density, keysOn } = stored;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    language:
      language === 'de' || language === 'en' ? language : /^de\b/.test(navigator.language) ? 'de' : 'en',
    density: density === 'compact' ? density : 'comfortable',
    keysOn: keysOn !== false,
    keys: restoredKeys(stored.keys),
  };
}

export const preferences = new Observable<Preferences>(restored());

export function prefer(changes: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...changes };
  try {
    localStorage.setItem(NAME, JSON.stringify(preferences.value));
  } catch {
    // They hold until the page is closed.
  }
}
