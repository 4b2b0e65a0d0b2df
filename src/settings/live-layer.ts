import { type Layer, type Origin, readNested } from './layer.ts';
import { nameOf } from './setting-name.ts';
import { settingsSchema } from './settings-schema.ts';

/** A source of live settings that is not the settings file. */
export interface LiveLayerLocation {
  readonly name: string;
  /** The source's own name for a setting, where it has one. */
  readonly keyOf?: ((setting: string) => string | undefined) | undefined;
}

/** Reads the settings of a live source, nested as in the settings file. Each origin names the source's key. */
export function readLiveLayer(location: LiveLayerLocation, nested: Readonly<Record<string, unknown>>): Layer {
  const said = readNested(settingsSchema, nested, { kind: 'live', source: location.name });
  const originOf = (setting: string): Origin => {
    const key = location.keyOf?.(setting);
    return { kind: 'live', source: key === undefined ? location.name : `${location.name}/${key}` };
  };
  return {
    entries: said.entries.map((entry) => ({ ...entry, origin: originOf(nameOf(entry.path)) })),
    problems: said.problems.map((problem) => ({ ...problem, origin: originOf(problem.name) })),
  };
}
