import { YamlSettings } from '../../adapters/yaml/yaml-settings.ts';
import { describeError, type ErrorCode } from '../../core/errors.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';
import type { Log } from '../../ports/log.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { readSettingsFile } from '../../settings/file-layer.ts';
import { applyLive, type LiveLocation } from '../../settings/live-policy.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { RetryingQueue } from './retrying-queue.ts';

export interface FollowedSource {
  readonly location: LiveLocation;
  readonly source: LiveSettings;
  /** Called with the settings of the source, when they are good. */
  readonly keep?: (nested: Readonly<Record<string, unknown>>) => Promise<void>;
}

export interface Followed {
  readonly base: LoadedSettings;
  readonly sources: readonly FollowedSource[];
  /** Looked at where `model.version` is `active`; undefined where the settings themselves say which one that is. */
  readonly activation?: ModelActivation | undefined;
  /** Whether what the base asks for is active; else it is asked for again. */
  readonly isModelActive: boolean;
}

export interface SettingsFollower {
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'settingsReloaded' | 'modelAwaited'>;
  /** Called with what is current whenever that changes, and with the names of settings of which this source has other values, which wait for the next start. */
  readonly onCurrent?:
    | ((current: LoadedSettings, sourceName: string, atNextStart: readonly string[]) => void)
    | undefined;
  /** Applies all settings but the model at once; no change of these waits for a model that is named beside it. */
  readonly applyPolicy: (settings: Settings) => void;
  /** Changes to the model that the settings name. When it throws, the previous model stays active. It is called again when the
   * settings source changes, on a reload, and after a transient error by a timer: then `again` is true. */
  readonly changeModel: (settings: Settings, again: boolean) => Promise<void>;
  /** Registers the function to call when all settings sources are to be read again. */
  readonly onReload?: ((reload: () => void) => void) | undefined;
  readonly signal: AbortSignal;
}

const awaitedCodes: ReadonlySet<ErrorCode> = new Set(['MODEL_MISSING', 'MODEL_STORE_FAILED']);
const LOOK_AT_ACTIVATION_SECONDS = 1;
/** The one live setting that takes effect after an admission check, and may fail. */
const MODEL = 'model.version';

export function settingsFile(file: string): FollowedSource {
  return { location: { layer: 'file', name: file }, source: new YamlSettings(file, readSettingsFile) };
}

/**
 * Reads the settings sources again when they change; a later layer overrides an earlier one as at the start. A bad
 * value, or one that cannot be applied, never replaces a good one: it is logged and counted, and the previous settings stay active.
 * Nothing waits for a model, which takes its time and may fail: it is changed beside the reading.
 */
export async function followSettings(
  { base, sources, activation, isModelActive }: Followed,
  { log, telemetry, applyPolicy, changeModel, onCurrent, onReload, signal }: SettingsFollower,
): Promise<void> {
  let now = base;
  /** What is left to do for the sources that named a model which is not active yet, by name. */
  const owing = new Map<string, () => Promise<void>>();

  const refused = (code: ErrorCode, sourceName: string, error: unknown) => {
    telemetry.settingsReloaded('refused');
    const fields = { source: sourceName, error: describeError(error) };
    if (code.startsWith('MODEL_'))
      log.warn(fields, 'the configured model was rejected; the previous one stays active');
    else log.warn(fields, 'changed settings were rejected; the previous ones stay active');
  };
  const logActive = (sourceName: string, settings: readonly string[]) =>
    log.info({ source: sourceName, settings }, 'changed settings are active');
  const reading = new RetryingQueue({ log, signal, onFailure: refused });
  const changing = new RetryingQueue({
    log,
    signal,
    onFailure: (code, name, error) => refused(code, [...owing.keys()].join(', ') || name, error),
    failing: (code) => telemetry.modelAwaited(code !== undefined && awaitedCodes.has(code)),
  });

  const reread = async ({ location, source, keep }: FollowedSource) => {
    const nested = await source.read();
    const result = applyLive(now, location, nested);
    if (result.kind === 'refused') throw result.error;
    if (result.atNextStart.length > 0)
      log.warn(
        { source: location.name, settings: result.atNextStart },
        'these settings change at the next start only',
      );
    const changed = result.kind === 'applied' ? result.changed : [];
    const others = changed.filter((name) => name !== MODEL);
    if (result.kind === 'applied') {
      now = result.loaded;
      applyPolicy(now.settings);
      if (others.length > 0) logActive(location.name, others);
    }
    onCurrent?.(now, location.name, result.atNextStart);
    const finish = async () => {
      await keep?.(nested).catch((error: unknown) =>
        log.warn({ error: describeError(error) }, 'the settings could not be cached on this disk'),
      );
    };
    const waits = owing.has(location.name) || (owing.size > 0 && namesModel(nested));
    if (others.length === changed.length && !waits) {
      await finish();
      telemetry.settingsReloaded(result.kind);
      return;
    }
    // Also where nothing is new: activating a version again that was refused is a request to check it again.
    owing.set(location.name, finish);
    changing.ask(MODEL, changeToNamed);
  };
  const changeToNamed = async (again: boolean) => {
    // What is owed now belongs to the version that is named now; what is owed later, to one that is yet to be checked.
    const due = [...owing];
    await changeModel(now.settings, again);
    for (const [name, finish] of due) {
      if (owing.get(name) === finish) owing.delete(name);
      logActive(name, [MODEL]);
      await finish();
      telemetry.settingsReloaded('applied');
    }
  };

  onReload?.(() => {
    log.info({ sources: sources.map(({ location }) => location.name) }, 'asked to read the settings again');
    for (const each of sources) reading.ask(each.location.name, () => reread(each));
    // Whatever they say: what the settings call "active" or "latest" may be another now, or whole.
    reading.ask(MODEL, async () => changing.ask(MODEL, changeToNamed));
  });
  if (!isModelActive) changing.later(MODEL, changeToNamed, 'MODEL_STORE_FAILED');
  await Promise.all([
    ...sources.map((each) =>
      each.source.watch(() => reading.ask(each.location.name, () => reread(each)), signal),
    ),
    activation === undefined
      ? undefined
      : watchActivation(activation, signal, () => {
          if (now.settings.model.version === 'active') changing.ask(MODEL, changeToNamed);
        }),
  ]);
  await reading.end();
  await changing.end();
}

function namesModel({ model }: Readonly<Record<string, unknown>>): boolean {
  return typeof model === 'object' && model !== null && 'version' in model;
}

/** Calls `changed` when another version is active; never where one is no longer, which is how a replacement may look. */
async function watchActivation(
  activation: ModelActivation,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    // After an error it is not known which model is active.
    const version = (await activation.read().catch(() => undefined))?.active.version;
    if (version !== undefined && version !== seen && !signal.aborted) {
      seen = version;
      // The first time too: what was activated while the daemon started may have been missed.
      changed();
    }
    await systemClock.sleep(LOOK_AT_ACTIVATION_SECONDS, signal);
  }
}
