import { isDeepStrictEqual } from 'node:util';
import type { SluiceError } from '../core/errors.ts';
import { type Layer, readNested } from './layer.ts';
import { type LiveLayerLocation, readLiveLayer } from './live-layer.ts';
import { type LoadedSettings, settingsDefinition } from './load-settings.ts';
import { type Layers, resolveLayers, settingsInvalid, valueAt } from './resolve-layers.ts';
import { nameOf } from './setting-name.ts';

/** A place that settings are read from again and again, and which layer its word is. */
export type LiveLocation =
  /** The settings file itself, watched; what is taken out of it falls back to its default. */
  | { readonly layer: 'file'; readonly name: string }
  /** A place of its own, laid over the file. */
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
 * Applies what a live place says now. All or nothing: with one bad value, or two that contradict each other, the result
 * is `refused` (an error `SETTINGS_INVALID`) and the base stays current.
 */
export function applyLive(
  base: LoadedSettings,
  place: LiveLocation,
  nested: Readonly<Record<string, unknown>>,
): LiveResult {
  const said =
    place.layer === 'file'
      ? readNested(settingsDefinition.schema, nested, { kind: 'file', path: place.name })
      : readLiveLayer(place, nested);
  const resolved = (layer: Layer) =>
    resolveLayers(settingsDefinition, withLayer(base.layers, place, layer), base.places);

  // The whole of what is said must be sound, also the part that waits for the next start.
  const whole = resolved(said);
  if (!whole.ok) return { kind: 'refused', error: settingsInvalid(whole.problems) };
  const now = resolved({
    entries: [
      ...base.layers[place.layer].entries.filter((entry) => !entry.live),
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

function withLayer(layers: Layers, place: LiveLocation, layer: Layer): Layers {
  return { ...layers, [place.layer]: layer };
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
