import { useCallback, useEffect, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import type { SettingsAnswer } from '../../http/settings-schemas.ts';
import {
  descriptionParts,
  foundSettings,
  type SettingsView,
  type ShownSetting,
  searchOf,
  settingsViewOf,
} from '../logic/found-settings.ts';
import { address, go } from '../state/address.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import { useTexts } from '../texts/texts.ts';
import { Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

interface Loaded {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Stays while it is loaded again. */
  readonly answer?: SettingsAnswer | undefined;
  readonly problem?: ApiProblem;
}

/** How the server is configured: each setting with its value and where that comes from. Nothing can be changed here. */
export function ConfigurationPage({ api }: { api: Api }) {
  const { configuration, states } = useTexts();
  const [{ phase, answer, problem }, setLoaded] = useState<Loaded>({ phase: 'loading' });
  const load = useCallback(async () => {
    setLoaded((before) => ({ phase: 'loading', answer: before.answer }));
    try {
      setLoaded({ phase: 'ready', answer: await api.call<SettingsAnswer>('/api/v1/settings') });
    } catch (error) {
      setLoaded((before) => ({ phase: 'failed', answer: before.answer, problem: problemOf(error) }));
    }
  }, [api]);
  useEffect(() => void load(), [load]);
  const { path, search } = useValue(address);
  const view = settingsViewOf(search);
  const show = (changes: Partial<SettingsView>) => go(path, searchOf({ ...view, ...changes }), true);
  const found = answer === undefined ? [] : foundSettings(answer.settings, view);
  return (
    <main id="main" class="wide" tabIndex={-1}>
      <div>
        <h1>{configuration.title}</h1>
        <p class="hint">{configuration.hint}</p>
      </div>
      {answer !== undefined && (
        <>
          <p>{configuration.processes[answer.process]}</p>
          <Finder view={view} show={show} onReload={() => void load()} />
          <p class="hint" role="status">
            {configuration.found(found.length, answer.settings.length)}
          </p>
          {found.length > 0 ? (
            <Settings settings={found} follows={answer.follows_changes} />
          ) : (
            <div class="card">
              <Notice title={configuration.none}>
                <button type="button" onClick={() => show({ text: '', onlySet: false })}>
                  {configuration.clear}
                </button>
              </Notice>
            </div>
          )}
        </>
      )}
      {phase === 'loading' && answer === undefined && (
        <div class="card notice">
          <p>{configuration.loading}</p>
        </div>
      )}
      {phase === 'failed' && (
        <div class="card">
          <Notice title={configuration.failed} kind="problem">
            <p>{problem?.status === 0 ? '' : problem?.detail}</p>
            <p>{configuration.failedHint}</p>
            <button type="button" onClick={() => void load()}>
              {states.retry}
            </button>
          </Notice>
        </div>
      )}
    </main>
  );
}

function Finder({
  view,
  show,
  onReload,
}: {
  view: SettingsView;
  show: (changes: Partial<SettingsView>) => void;
  onReload: () => void;
}) {
  const { configuration } = useTexts();
  return (
    <search class="config-finder">
      <label>
        {configuration.search}
        <input
          type="search"
          value={view.text}
          maxLength={100}
          onInput={(event) => show({ text: event.currentTarget.value })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.onlySet}
          onChange={(event) => show({ onlySet: event.currentTarget.checked })}
        />
        {configuration.onlySet}
      </label>
      <button type="button" onClick={onReload}>
        {configuration.reload}
      </button>
    </search>
  );
}

function Settings({ settings, follows }: { settings: readonly ShownSetting[]; follows: boolean }) {
  const { configuration } = useTexts();
  return (
    <div class="card config-card">
      <table class="config-table">
        <thead>
          <tr>
            <th>{configuration.setting}</th>
            <th>{configuration.value}</th>
            <th>{configuration.source}</th>
            <th>{configuration.changes}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <Row key={setting.name} setting={setting} follows={follows} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ setting, follows }: { setting: ShownSetting; follows: boolean }) {
  const { configuration } = useTexts();
  const { name, value, unit, source, from, secret, live, description, at_next_start: waits } = setting;
  return (
    <tr>
      <th scope="row">
        <code>{visibleLine(name, 120)}</code>
        <p class="hint">
          {descriptionParts(description).map((part, index) =>
            part.isCode ? <code key={index}>{part.text}</code> : part.text,
          )}
        </p>
      </th>
      <td>
        {secret ? (
          <em>{source === 'default' ? configuration.secretNotSet : configuration.secret}</em>
        ) : value === null ? (
          <em>{configuration.notSet}</em>
        ) : (
          <>
            <bdi class="config-value">{visibleLine(value, 300)}</bdi> {unit}
          </>
        )}
        {waits && <p class="tag tag-warn">{configuration.atNextStart}</p>}
      </td>
      <td>
        <span class={source === 'default' ? '' : 'config-set'}>{configuration.sources[source]}</span>
        {source !== 'default' && source !== 'flag' && (
          <p class="hint config-from">{visibleLine(from.replace(/^(?:environment|zookeeper) /, ''), 200)}</p>
        )}
      </td>
      <td>{live ? (follows ? configuration.live : configuration.liveElsewhere) : configuration.notLive}</td>
    </tr>
  );
}
