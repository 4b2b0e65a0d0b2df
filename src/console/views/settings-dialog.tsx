import { useEffect, useRef, useState } from 'preact/hooks';
import { type Action, actions, defaultKeys, refusalOf, remapped } from '../logic/keys.ts';
import { prefer, preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { Key } from './small-parts.tsx';
import { useValue } from './use-value.ts';

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const { settings } = texts;
  const { theme, language, density } = useValue(preferences);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="settings" aria-labelledby="settings-title" onClose={onClose}>
      <div class="dialog-head">
        <h2 id="settings-title">{settings.title}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {settings.close}
        </button>
      </div>
      <div class="choices">
        <Choice
          label={settings.theme}
          values={settings.themes}
          value={theme}
          onChange={(value) => prefer({ theme: value })}
        />
        <Choice
          label={settings.density}
          values={settings.densities}
          value={density}
          onChange={(value) => prefer({ density: value })}
        />
        <Choice
          label={settings.language}
          values={{ en: 'English', de: 'Deutsch' }}
          value={language}
          onChange={(value) => prefer({ language: value })}
        />
      </div>
      <Keys />
    </dialog>
  );
}

function Choice<T extends string>({
  label,
  values,
  value,
  onChange,
}: {
  label: string;
  values: Readonly<Record<T, string>>;
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {(Object.keys(values) as T[]).map((each) => (
          <option key={each} value={each}>
            {values[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Keys() {
  const texts = useTexts();
  const { settings } = texts;
  const { keys, keysOn } = useValue(preferences);
  const [waiting, setWaiting] = useState<Action>();
  const [refusal, setRefusal] = useState<'taken' | 'not-one-character'>();
  const press = (event: KeyboardEvent, action: Action) => {
    if (waiting !== action || ['Tab', 'Shift', 'Escape', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    const why = refusalOf(keys, action, event.key);
    setRefusal(why);
    if (why !== undefined) return;
    prefer({ keys: remapped(keys, action, event.key) });
    setWaiting(undefined);
  };
  return (
    <section aria-labelledby="keys-title">
      <h3 id="keys-title">{settings.keys}</h3>
      <label class="check">
        <input
          type="checkbox"
          checked={keysOn}
          onChange={(event) => prefer({ keysOn: event.currentTarget.checked })}
        />
        {settings.keysOn}
      </label>
      <p class="hint">{settings.keysHint}</p>
      <ul class="keys">
        {actions.map((action) => (
          <li key={action}>
            <span>{texts.actions[action]}</span>
            <button
              type="button"
              aria-label={settings.change(texts.actions[action], keys[action])}
              onClick={() => {
                setRefusal(undefined);
                setWaiting(waiting === action ? undefined : action);
              }}
              onKeyDown={(event) => press(event, action)}
              onBlur={() => setWaiting(undefined)}
            >
              {waiting === action ? settings.press : <Key>{keys[action]}</Key>}
            </button>
          </li>
        ))}
      </ul>
      <p class="problem" role="status">
        {refusal === undefined ? '' : refusal === 'taken' ? settings.taken : settings.notOne}
      </p>
      <button type="button" onClick={() => prefer({ keys: defaultKeys })}>
        {settings.reset}
      </button>
    </section>
  );
}
