import { parse } from 'yaml';
import * as z from 'zod';
import { allowedText } from './allowed-text.ts';
import { nearestName } from './nearest-name.ts';
import { bare, factsOf, type SettingFacts, type Shape, shapeOf } from './setting.ts';
import { nameOf } from './setting-name.ts';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'live'; readonly source: string }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag' };

export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return origin.path;
    case 'live':
      return origin.source;
    case 'environment':
      return `environment ${origin.variable}`;
    case 'flag':
      return '--set';
  }
}

/** One value that a layer gives, and that its schema accepts. */
export interface Entry {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: Origin;
  readonly live: boolean;
}

export interface Problem {
  readonly name: string;
  readonly origin: Origin;
  /** A sentence without its subject, which is the name. Never holds a secret. */
  readonly text: string;
}

/** The settings of one source: its valid values, and what is wrong with the others. */
export interface Layer {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
}

export const emptyLayer: Layer = { entries: [], problems: [] };

export function joinLayers(layers: readonly Layer[]): Layer {
  return {
    entries: layers.flatMap((layer) => layer.entries),
    problems: layers.flatMap((layer) => layer.problems),
  };
}

function problem(path: readonly string[], origin: Origin, text: string): Layer {
  return { entries: [], problems: [{ name: nameOf(path), origin, text }] };
}

function shown(value: unknown, facts: SettingFacts): string {
  if (facts.secret) return 'the value given';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function readValue(schema: z.ZodType, value: unknown, path: readonly string[], origin: Origin): Layer {
  const facts = factsOf(schema)!;
  // A default is for a value that nobody gave; null was given.
  if (value !== undefined && schema.safeParse(value).success)
    return { entries: [{ path, value, origin, live: facts.live ?? false }], problems: [] };
  return problem(path, origin, `must be ${allowedText(schema, facts)}, but is ${shown(value, facts)}`);
}

/** Reads the settings of a source below `path`, nested as in the settings file. */
export function readNested(
  schema: z.ZodType,
  value: unknown,
  origin: Origin,
  path: readonly string[] = [],
): Layer {
  const shape = shapeOf(schema);
  if (shape.kind === 'value') return readValue(schema, value, path, origin);
  // `batch:` with nothing below it, as a file has where every line of a section is commented out.
  if (value === null || value === undefined) return emptyLayer;
  // The value is not shown: below a misspelt or misplaced name there may be a secret.
  if (typeof value !== 'object' || Array.isArray(value))
    return problem(path, origin, 'must be a section of settings');
  const layers: Layer[] = [];
  let unknown = 0;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    if (unknown === MOST_UNKNOWN && !isKnown(shape, key)) continue;
    const next = schemaBelow(shape, path, key);
    if (typeof next === 'string') unknown++;
    layers.push(
      typeof next === 'string' ? problem(here, origin, next) : readNested(next, inner, origin, here),
    );
  }
  return joinLayers(layers);
}

/** Of the unknown names of one section only the first are reported: each is compared with all that exist. */
const MOST_UNKNOWN = 50;

function isKnown(shape: Exclude<Shape, { kind: 'value' }>, key: string): boolean {
  return shape.kind === 'names' || Object.hasOwn(shape.keys, key);
}

/** The schema of a key in a section; a problem's text when there is none. */
function schemaBelow(
  shape: Exclude<Shape, { kind: 'value' }>,
  above: readonly string[],
  key: string,
): z.ZodType | string {
  if (shape.kind === 'names')
    return key === '' || key === '__proto__' ? 'is not a name that can be used' : shape.value;
  return Object.hasOwn(shape.keys, key) ? shape.keys[key]! : unknownKey(above, key, Object.keys(shape.keys));
}

function unknownKey(path: readonly string[], key: string, keys: readonly string[]): string {
  const nearest = nearestName(key, keys);
  if (nearest !== undefined) return `does not exist; did you mean ${nameOf([...path, nearest])}?`;
  return `does not exist; there ${keys.length === 1 ? 'is' : 'are'} ${keys.join(', ')}`;
}

/** Reads what a flag or a variable says of one setting, or, in YAML or JSON, of a whole section. */
export function readText(root: z.ZodType, path: readonly string[], text: string, origin: Origin): Layer {
  let schema = root;
  for (const [depth, key] of path.entries()) {
    const shape = shapeOf(schema);
    const above = path.slice(0, depth);
    if (shape.kind === 'value')
      return problem(path, origin, `does not exist; ${nameOf(above)} has nothing below it`);
    const next = schemaBelow(shape, above, key);
    if (typeof next === 'string') return problem([...above, key], origin, next);
    schema = next;
  }
  const value = valueOfText(schema, text);
  if (value === undefined) return problem(path, origin, 'must be a section of settings in YAML or JSON');
  return readNested(schema, value, origin, path);
}

/**
 * What a text says for a setting or, in YAML or JSON, for a section. What is not of the setting's kind stays text, which
 * its schema refuses; undefined for a section that cannot be read.
 */
export function valueOfText(schema: z.ZodType, text: string): unknown {
  if (shapeOf(schema).kind !== 'value') {
    try {
      return (parse(text) as unknown) ?? {};
    } catch {
      return undefined;
    }
  }
  const inner = bare(schema);
  // `a, b`, with or without the brackets and quotation marks that a file would have.
  if (inner instanceof z.ZodArray)
    return text
      .replaceAll(/[[\]]/g, '')
      .split(',')
      .map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'))
      .filter((item) => item !== '');
  const trimmed = text.trim();
  if (inner instanceof z.ZodNumber)
    return trimmed === '' || Number.isNaN(Number(trimmed)) ? text : Number(trimmed);
  if (inner instanceof z.ZodBoolean) return trimmed === 'true' ? true : trimmed === 'false' ? false : text;
  return text;
}
