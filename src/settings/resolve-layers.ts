import { resolve } from 'node:path';
import type { z } from 'zod';
import { SluiceError } from '../core/errors.ts';
import { type Layer, type Origin, originText, type Problem } from './layer.ts';
import { anyName, type Setting, settingsOf } from './setting.ts';
import { nameOf } from './setting-name.ts';

/** Layers by where they come from; a later one wins. */
const layerNames = ['file', 'live', 'environment', 'flags'] as const;
export type LayerName = (typeof layerNames)[number];
export type Layers = Readonly<Record<LayerName, Layer>>;

/** The folders that relative paths are relative to; both absolute. */
export interface BaseFolders {
  readonly workingDirectory: string;
  readonly packageRoot: string;
}

/** Settings that contradict each other: the names of all that take part, and a sentence whose subject is the first. */
export interface Contradiction {
  readonly paths: readonly (readonly string[])[];
  readonly text: string;
}

/** A schema and what must hold between its settings. */
export interface Definition<T> {
  readonly schema: z.ZodType<T>;
  /** `given`: names of the settings that any source gave. */
  contradictions(settings: T, given: { has(name: string): boolean }): readonly Contradiction[];
}

export interface LoadedSettings<T> {
  readonly settings: T;
  readonly layers: Layers;
  readonly baseFolders: BaseFolders;
  /** Of each value that somebody gave, by {@link nameOf} its path; whatever is missing is a default. */
  readonly origins: ReadonlyMap<string, Origin>;
}

export type Resolution<T> =
  | { readonly ok: true; readonly loaded: LoadedSettings<T> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Nested = Record<string, unknown>;

/** Lays a value at a path of nested settings. */
export function put(target: Nested, path: readonly string[], value: unknown): void {
  let at = target;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(at, key)) at[key] = {};
    at = at[key] as Nested;
  }
  at[path.at(-1)!] = value;
}

/** The value at a path of nested settings; undefined where there is none. */
export function valueAt(settings: unknown, path: readonly string[]): unknown {
  let at = settings;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Nested)[key];
  }
  return at;
}

/** Lays the layers over the defaults. Finds every problem of every layer, also of values that a later layer hides. */
export function resolveLayers<T>(
  definition: Definition<T>,
  layers: Layers,
  baseFolders: BaseFolders,
): Resolution<T> {
  const problems = layerNames.flatMap((name) => layers[name].problems);
  const nested: Nested = {};
  const origins = new Map<string, Origin>();
  for (const entry of layerNames.flatMap((name) => layers[name].entries)) {
    put(nested, entry.path, entry.value);
    origins.set(nameOf(entry.path), entry.origin);
  }
  // Every entry was accepted by its own schema, so the whole is too.
  const settings = definition.schema.parse(nested);
  makePathsAbsolute(definition.schema, settings, origins, baseFolders);

  const wrong = new Set(problems.map((problem) => problem.name));
  for (const { paths, text } of definition.contradictions(settings, origins)) {
    const names = paths.map(nameOf);
    // A refused value was replaced by its default, which must not be reported as a contradiction.
    if (names.some((name) => wrong.has(name))) continue;
    const given = names.find((name) => origins.has(name)) ?? names[0]!;
    problems.push({ name: names[0]!, origin: origins.get(given) ?? { kind: 'default' }, text });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, loaded: { settings: deepFreeze(settings), layers, baseFolders, origins } };
}

function makePathsAbsolute(
  schema: z.ZodType,
  settings: unknown,
  origins: ReadonlyMap<string, Origin>,
  baseFolders: BaseFolders,
): void {
  const paths = settingsOf(schema).filter(
    ({ facts, path }) => facts.defaultBase !== undefined && !path.includes(anyName),
  );
  const make = ({ path }: Setting, from: string) => {
    const value = valueAt(settings, path) as string | undefined;
    if (value === undefined) return;
    const base = origins.has(nameOf(path)) ? baseFolders.workingDirectory : from;
    put(settings as Nested, path, resolve(base, value));
  };
  const of = (base: string) => paths.filter(({ facts }) => facts.defaultBase === base);
  // state.path lies in the working directory, and must be absolute before what lies in it.
  for (const setting of of('working-directory')) make(setting, baseFolders.workingDirectory);
  for (const setting of of('package')) make(setting, baseFolders.packageRoot);
  const state = valueAt(settings, ['state', 'path']) as string;
  for (const setting of of('state')) make(setting, state);
}

function deepFreeze<V>(value: V): V {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** So many fit on a screen, and the next check names the rest. */
const MOST_PROBLEMS = 50;

/** `SETTINGS_INVALID` with each problem, up to fifty, on a line of its own. */
export function settingsInvalid(problems: readonly Problem[]): SluiceError {
  const lines = problems
    .slice(0, MOST_PROBLEMS)
    .map(({ name, origin, text }) => `  ${name} ${text} (${originText(origin)})`);
  if (problems.length > MOST_PROBLEMS) lines.push(`  and ${problems.length - MOST_PROBLEMS} more`);
  const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
  return new SluiceError('SETTINGS_INVALID', `${count} not valid:\n${lines.join('\n')}`);
}
