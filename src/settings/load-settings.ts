import { contradictions } from './contradictions.ts';
import { type Environment, readEnvironment } from './environment-layer.ts';
import { readSettingsFile } from './file-layer.ts';
import { readFlags } from './flag-layer.ts';
import { emptyLayer, readNested } from './layer.ts';
import { type LiveLayerLocation, readLiveLayer } from './live-layer.ts';
import {
  type BaseFolders,
  type Definition,
  type Layers,
  type LoadedSettings as Loaded,
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
  /** The settings of a live source at the start. */
  readonly live?: {
    readonly location: LiveLayerLocation;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly environment: Environment;
  /** `name=value`, as after `--set`. */
  readonly assignments: readonly string[];
  readonly baseFolders: BaseFolders;
}

/** Defaults < file < live < environment < flags. Throws `SETTINGS_UNREADABLE` when there is no reading the file. */
export async function checkSettings(sources: SettingsSources): Promise<Resolution<Settings>> {
  return resolveLayers(settingsDefinition, await layersOf(sources), sources.baseFolders);
}

/**
 * Settings that are needed before a live source can be read: its address, and the folder in which its last settings are
 * cached. Problems of other settings are not reported yet. Throws `SETTINGS_UNREADABLE`.
 */
export async function settingsBeforeLive(
  sources: SettingsSources,
): Promise<Pick<Settings, 'zookeeper' | 'state'>> {
  const layers = Object.entries(await layersOf(sources)).map(([name, { entries }]) => [
    name,
    { entries, problems: [] },
  ]);
  const definition = { schema: settingsSchema, contradictions: () => [] };
  const resolution = resolveLayers(definition, Object.fromEntries(layers) as Layers, sources.baseFolders);
  if (!resolution.ok) throw settingsInvalid(resolution.problems);
  return resolution.loaded.settings;
}

async function layersOf({ file, live, environment, assignments }: SettingsSources): Promise<Layers> {
  return {
    file:
      file === undefined
        ? emptyLayer
        : readNested(settingsSchema, await readSettingsFile(file), { kind: 'file', path: file }),
    live: live === undefined ? emptyLayer : readLiveLayer(live.location, live.settings),
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
