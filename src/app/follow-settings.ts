import { YamlSettings } from '../adapters/yaml/yaml-settings.ts';
import { describeError, type ErrorCode, SluiceError } from '../core/errors.ts';
import { systemClock } from '../pipeline/system-clock.ts';
import type { LiveSettings } from '../ports/live-settings.ts';
import type { Log } from '../ports/log.ts';
import type { ModelActivation } from '../ports/model-activation.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { readSettingsFile } from '../settings/file-layer.ts';
import { applyLive, type LivePlace } from '../settings/live-policy.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings-schema.ts';

export interface FollowedPlace {
  readonly place: LivePlace;
  readonly source: LiveSettings;
  /** Told what the place says, when that is good. */
  readonly keep?: (nested: Readonly<Record<string, unknown>>) => Promise<void>;
}

export interface Followed {
  readonly base: LoadedSettings;
  readonly places: readonly FollowedPlace[];
  /** Looked at where `model.version` is `active`; undefined where the settings themselves say which one that is. */
  readonly activation?: ModelActivation | undefined;
  /** Whether what the base asks for is in force; else it is asked for again. */
  readonly inForce: boolean;
}

export interface SettingsFollower {
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'settingsReloaded' | 'modelAwaited'>;
  /** Puts changed settings in force; when it throws, what was in force stays and is asked for again at the next change, or, where it
   * may come right by itself, by a timer: then `again` is true. */
  readonly apply: (settings: Settings, again: boolean) => Promise<void>;
  /** Takes what is to be called when someone asks for all places to be read again. */
  readonly onReload?: ((reload: () => void) => void) | undefined;
  readonly signal: AbortSignal;
}

/** What may come right by itself is tried again after this, and then after twice as long, up to the longest. */
const AGAIN_SECONDS = 5;
const LONGEST_AGAIN_SECONDS = 60;
/** A model that is not there may be pushed yet; one that is broken may be replaced, which whoever puts it in force looks at. */
const triedAgain: ReadonlySet<ErrorCode> = new Set(['MODEL_MISSING', 'MODEL_CORRUPT', 'MODEL_REFUSED']);
const awaitedCodes: ReadonlySet<ErrorCode> = new Set(['MODEL_MISSING', 'MODEL_STORE_FAILED']);
const LOOK_AT_ACTIVATION_SECONDS = 1;

export function settingsFile(file: string): FollowedPlace {
  return { place: { layer: 'file', name: file }, source: new YamlSettings(file, readSettingsFile) };
}

/**
 * Reads the places of the settings again when they change; a later layer lies over an earlier one as at the start. A bad
 * value, or one that cannot be applied, never replaces a good one: it is told and counted, and what was in force stays.
 */
export async function followSettings(
  { base, places, activation, inForce }: Followed,
  { log, telemetry, apply, onReload, signal }: SettingsFollower,
): Promise<void> {
  let now = base;
  let turn = Promise.resolve();
  const failures = new Map<string, Failure>();

  const tellAwaited = () =>
    telemetry.modelAwaited([...failures.values()].some(({ code }) => awaitedCodes.has(code)));
  const refused = (name: string, what: Work, waited: number) => (error: unknown) => {
    const code = error instanceof SluiceError ? error.code : 'INTERNAL';
    const fields = { place: name, error: describeError(error) };
    // What a timer finds as it was has been told.
    if (waited > 0 && failures.get(name)?.code === code) log.debug(fields, 'tried again, in vain');
    else {
      telemetry.settingsReloaded('refused');
      log.warn(fields, 'changed settings are refused; those before stay in force');
    }
    if (!(error instanceof SluiceError) || !(error.retriable || triedAgain.has(code))) {
      forget(name);
      return;
    }
    later(name, what, code, waited === 0 ? AGAIN_SECONDS : Math.min(LONGEST_AGAIN_SECONDS, 2 * waited));
  };
  /** One after the other, so that each sees what the one before has put in force. `waited`: 0 where somebody has said something. */
  const ask = (name: string, what: Work, waited = 0) => {
    clearTimeout(failures.get(name)?.timer);
    turn = turn
      .then(() => (signal.aborted ? undefined : what(waited > 0)))
      .then(() => forget(name), refused(name, what, waited));
  };
  const forget = (name: string) => {
    clearTimeout(failures.get(name)?.timer);
    if (failures.delete(name)) tellAwaited();
  };
  const later = (name: string, what: Work, code: ErrorCode, seconds: number) => {
    if (signal.aborted) return;
    clearTimeout(failures.get(name)?.timer);
    const timer = setTimeout(() => ask(name, what, seconds), seconds * 1000);
    failures.set(name, { timer, code });
    tellAwaited();
  };

  const reread = async ({ place, source, keep }: FollowedPlace, again: boolean) => {
    const nested = await source.read();
    const result = applyLive(now, place, nested);
    if (result.kind === 'refused') throw result.error;
    if (result.atNextStart.length > 0)
      log.warn(
        { place: place.name, settings: result.atNextStart },
        'these settings change at the next start only',
      );
    if (result.kind === 'applied') {
      await apply(result.loaded.settings, again);
      now = result.loaded;
      log.info({ place: place.name, settings: result.changed }, 'changed settings are in force');
    }
    await keep?.(nested).catch((error: unknown) =>
      log.warn({ error: describeError(error) }, 'the settings could not be kept on this disk'),
    );
    telemetry.settingsReloaded(result.kind);
  };
  const applyAgain = (again: boolean) => apply(now.settings, again);

  onReload?.(() => {
    log.info({ places: places.map(({ place }) => place.name) }, 'asked to read the settings again');
    for (const each of places) ask(each.place.name, (again) => reread(each, again));
    ask('model.version', applyAgain);
  });
  if (!inForce) later('model.version', applyAgain, 'MODEL_STORE_FAILED', AGAIN_SECONDS);
  await Promise.all([
    ...places.map((each) =>
      each.source.watch(() => ask(each.place.name, (again) => reread(each, again)), signal),
    ),
    activation === undefined
      ? undefined
      : watchActivation(activation, signal, () => {
          if (now.settings.model.version === 'active') ask(activation.place, applyAgain);
        }),
  ]);
  for (const { timer } of failures.values()) clearTimeout(timer);
  await turn;
}

/** `again`: a timer asks, and nobody has said anything since the last time. */
type Work = (again: boolean) => Promise<void>;

/** What a place said could not be put in force, and is asked for again. */
interface Failure {
  readonly timer: NodeJS.Timeout;
  readonly code: ErrorCode;
}

/** Calls `changed` when another version is active; never where one is no longer, which is how a replacement may look. */
async function watchActivation(
  activation: ModelActivation,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    // An error says nothing of what is active.
    const version = (await activation.read().catch(() => undefined))?.active.version;
    if (version !== undefined && version !== seen && !signal.aborted) {
      seen = version;
      // The first time too: what was activated while the daemon started may have been missed.
      changed();
    }
    await systemClock.sleep(LOOK_AT_ACTIVATION_SECONDS, signal);
  }
}
