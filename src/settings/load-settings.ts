import { contradictions } from './contradictions.ts';
import { type Environment, readEnvironment } from './environment-layer.ts';
import { readSettingsFile } from './file-layer.ts';
import { readFlags } from './flag-layer.ts';
import { emptyLayer, readNested } from './layer.ts';
import { type LiveLayerLocation, readLiveLayer } from './live-layer.ts';
import {
  type Definition,
  type Layers,
  type LoadedSettings as Loaded,
  type Places,
  type Resolution,
  resolveLayers,
  settingsInvalid,
} from './resolve-layers.ts';
import { type Settings, settingsSchema } from './settings-schema.ts';

export type LoadedSettings = Loaded<Settings>;

export const settingsDefinition: Definition<Settings> = { schema: settingsSchema, contradictions };

export interface SettingsSources {
  /** Path of a YAML file, relative to the working directory of the process or absolute. */
  readonly file?: string | undefined;
  /** What a place of live settings held at the start. */
  readonly live?: {
    readonly place: LiveLayerLocation;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly environment: Environment;
  /** `name=value`, as after `--set`. */
  readonly assignments: readonly string[];
  readonly places: Places;
}

/** Defaults < file < live < environment < flags. Throws `SETTINGS_UNREADABLE` when there is no reading the file. */
export async function checkSettings(sources: SettingsSources): Promise<Resolution<Settings>> {
  return resolveLayers(settingsDefinition, await layersOf(sources), sources.places);
}

/**
 * What must be known before a live place can be read: where it is, and where its last word is kept. Of what is wrong
 * elsewhere nothing is said yet. Throws `SETTINGS_UNREADABLE`.
 */
export async function settingsBeforeLive(
  sources: SettingsSources,
): Promise<Pick<Settings, 'zookeeper' | 'state'>> {
  const layers = Object.entries(await layersOf(sources)).map(([name, { entries }]) => [
    name,
    { entries, problems: [] },
  ]);
  const definition = { schema: settingsSchema, contradictions: () => [] };
  const resolution = resolveLayers(definition, Object.fromEntries(layers) as Layers, sources.places);
  if (!resolution.ok) throw settingsInvalid(resolution.problems);
  return resolution.loaded.settings;
}

async function layersOf({ file, live, environment, assignments }: SettingsSources): Promise<Layers> {
  return {
    file:
      file === undefined
        ? emptyLayer
        : readNested(settingsSchema, await readSettingsFile(file), { kind: 'file', path: file }),
    live: live === undefined ? emptyLayer : readLiveLayer(live.place, live.settings),
    environment: readEnvironment(settingsSchema, environment),
    flags: readFlags(settingsSchema, assignments),
  };
}

/** As {@link checkSettings}, but throws `SETTINGS_INVALID`, naming every problem. */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const resolution = await checkSettings(sources);
  if (!resolution.ok) throw settingsInvalid(resolution.problems);
  return resolution.loaded;
}
