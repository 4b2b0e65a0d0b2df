import * as z from 'zod';

/** What people can read about one setting, beside what its schema states. */
export interface SettingFacts {
  readonly description: string;
  readonly unit?: string;
  /** May change while the daemon runs. */
  readonly live?: true;
  /** Never shown; may come from a file that `SLUICE_…_FILE` names, never from a flag. */
  readonly secret?: true;
  /**
   * The value is a path. A given path is relative to the working directory. The default is relative to this: the working
   * directory, the folder of `state.path`, or the package.
   */
  readonly defaultBase?: 'working-directory' | 'state' | 'package';
  /** What may be given, where the schema cannot say it in words. */
  readonly allowed?: string;
  /** What the default is, where it differs from machine to machine. */
  readonly defaultText?: string;
}

const registry = z.registry<SettingFacts>();

/** Declares a setting. Goes around the whole schema, default included. */
export function setting<S extends z.ZodType>(schema: S, facts: SettingFacts): S {
  registry.add(schema, facts);
  return schema;
}

export function factsOf(schema: z.ZodType): SettingFacts | undefined {
  return registry.get(schema);
}

/** What a schema is to somebody who writes a settings file. */
export type Shape =
  | { readonly kind: 'section'; readonly keys: Readonly<Record<string, z.ZodType>> }
  /** A section whose keys are names that people choose. */
  | { readonly kind: 'names'; readonly value: z.ZodType }
  | { readonly kind: 'value' };

/** The schema without its default, its optionality, and what is done to the value afterwards. */
export function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return bare(schema.def.in as z.ZodType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return bare(schema.def.innerType as z.ZodType);
  return schema;
}

export function shapeOf(schema: z.ZodType): Shape {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) return { kind: 'section', keys: inner.shape };
  if (inner instanceof z.ZodRecord) return { kind: 'names', value: inner.def.valueType as z.ZodType };
  return { kind: 'value' };
}

/** One setting, with where it stands. In a section of chosen names the segment is {@link anyName}. */
export interface Setting {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly facts: SettingFacts;
}

export const anyName = '<name>';

/** Every setting of a schema, in the order in which the schema lists them. */
export function settingsOf(schema: z.ZodType, path: readonly string[] = []): readonly Setting[] {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'section':
      return Object.entries(shape.keys).flatMap(([key, value]) => settingsOf(value, [...path, key]));
    case 'names':
      return settingsOf(shape.value, [...path, anyName]);
    case 'value': {
      const facts = factsOf(schema);
      if (facts === undefined) throw new TypeError(`${path.join('.')} is in the schema but has no setting()`);
      return [{ path, schema, facts }];
    }
  }
}
