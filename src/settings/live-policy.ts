import { isDeepStrictEqual } from 'node:util';
import type { SluiceError } from '../core/errors.ts';
import { type Layer, readNested } from './layer.ts';
import { type LiveLayerLocation, readLiveLayer } from './live-layer.ts';
import { type LoadedSettings, settingsDefinition } from './load-settings.ts';
import { type Layers, resolveLayers, settingsInvalid, valueAt } from './resolve-layers.ts';
import { nameOf } from './setting-name.ts';

/** A settings source that is read whenever it changes, and the layer that its settings form. */
export type LiveLocation =
  /** The settings file. A setting that is removed from it falls back to its default. */
  | { readonly layer: 'file'; readonly name: string }
  /** A source that overrides the settings file. */
  | ({ readonly layer: 'live' } & LiveLayerLocation);

export type LiveResult =
  | { readonly kind: 'unchanged'; readonly atNextStart: readonly string[] }
  | {
      readonly kind: 'applied';
      /** Current from now on, and the base of the next change. */
      readonly loaded: LoadedSettings;
      /** Names of the settings that have another value now. */
      readonly changed: readonly string[];
      /** Names of settings that have another value there, but cannot change while running. */
      readonly atNextStart: readonly string[];
    }
  | { readonly kind: 'refused'; readonly error: SluiceError };

/**
 * Applies the current settings of a live source. All or nothing: with one invalid value, or two that contradict each other,
 * the result is `refused` (an error `SETTINGS_INVALID`) and the base stays current.
 */
export function applyLive(
  base: LoadedSettings,
  location: LiveLocation,
  nested: Readonly<Record<string, unknown>>,
): LiveResult {
  const said =
    location.layer === 'file'
      ? readNested(settingsDefinition.schema, nested, { kind: 'file', path: location.name })
      : readLiveLayer(location, nested);
  const resolved = (layer: Layer) =>
    resolveLayers(settingsDefinition, withLayer(base.layers, location, layer), base.baseFolders);

  // The whole of what is said must be sound, also the part that waits for the next start.
  const whole = resolved(said);
  if (!whole.ok) return { kind: 'refused', error: settingsInvalid(whole.problems) };
  const now = resolved({
    entries: [
      ...base.layers[location.layer].entries.filter((entry) => !entry.live),
      ...said.entries.filter((entry) => entry.live),
    ],
    problems: [],
  });
  if (!now.ok) return { kind: 'refused', error: settingsInvalid(now.problems) };

  const changed = differences(base, now.loaded);
  const atNextStart = differences(now.loaded, whole.loaded);
  if (changed.length === 0) return { kind: 'unchanged', atNextStart };
  return { kind: 'applied', loaded: now.loaded, changed, atNextStart };
}

function withLayer(layers: Layers, location: LiveLocation, layer: Layer): Layers {
  return { ...layers, [location.layer]: layer };
}

function differences(before: LoadedSettings, after: LoadedSettings): readonly string[] {
  const all = [before, after].flatMap(({ layers }) =>
    Object.values(layers).flatMap((layer: Layer) => layer.entries),
  );
  const paths = new Map(all.map((entry) => [nameOf(entry.path), entry.path]));
  return [...paths]
    .filter(([, path]) => !isDeepStrictEqual(valueAt(before.settings, path), valueAt(after.settings, path)))
    .map(([name]) => name)
    .sort();
}
