import { useEffect, useRef, useState } from 'preact/hooks';
import { type Action, actions, defaultKeys, refusalOf, remapped } from '../logic/keys.ts';
import { type Api, problemOf } from '../state/api.ts';
import { prefer, preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { Key } from './small-parts.tsx';
import { useValue } from './use-value.ts';

export function SettingsDialog({ api, name, onClose }: { api: Api; name: string; onClose: () => void }) {
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
      <Password api={api} name={name} />
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

/** The first admin came by a link that works once, and has no password until one is set here. */
function Password({ api, name }: { api: Api; name: string }) {
  const { settings } = useTexts();
  const [result, setResult] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const { current, password } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    try {
      await api.call('/api/v1/session/password', {
        method: 'PUT',
        body: { password, ...(current === '' ? {} : { current }) },
      });
      form.reset();
      setResult(settings.saved);
    } catch (error) {
      setResult(problemOf(error).detail);
    }
  };
  return (
    <form
      class="password"
      aria-labelledby="password-title"
      onSubmit={(event) => void submit(event as unknown as SubmitEvent)}
    >
      <h3 id="password-title">{settings.password}</h3>
      <p class="hint">{settings.passwordHint}</p>
      <input
        class="away"
        name="name"
        autocomplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label>
        {settings.current}
        <input name="current" type="password" maxLength={200} autocomplete="current-password" />
      </label>
      <label>
        {settings.fresh}
        <input
          name="password"
          type="password"
          required
          minLength={12}
          maxLength={200}
          autocomplete="new-password"
        />
      </label>
      <button type="submit">{settings.save}</button>
      <p role="status">{result}</p>
    </form>
  );
}
