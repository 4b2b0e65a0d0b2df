import { type Layer, type Origin, readNested } from './layer.ts';
import { nameOf } from './setting-name.ts';
import { settingsSchema } from './settings-schema.ts';

/** A place of live settings that is not the settings file. */
export interface LiveLayerLocation {
  readonly name: string;
  /** The place's own name for a setting, where it has one. */
  readonly keyOf?: ((setting: string) => string | undefined) | undefined;
}

/** What a live place says, nested as in the settings file; each origin says which of the place's keys it was. */
export function readLiveLayer(place: LiveLayerLocation, nested: Readonly<Record<string, unknown>>): Layer {
  const said = readNested(settingsSchema, nested, { kind: 'live', place: place.name });
  const originOf = (setting: string): Origin => {
    const key = place.keyOf?.(setting);
    return { kind: 'live', place: key === undefined ? place.name : `${place.name}/${key}` };
  };
  return {
    entries: said.entries.map((entry) => ({ ...entry, origin: originOf(nameOf(entry.path)) })),
    problems: said.problems.map((problem) => ({ ...problem, origin: originOf(problem.name) })),
  };
}
