import type { z } from 'zod';
import { describeError } from '../core/errors.ts';
import { emptyLayer, joinLayers, type Layer, type Origin, readText } from './layer.ts';
import { nearestName } from './nearest-name.ts';
import { readBoundedFileSync } from './read-bounded-file.ts';
import { factsOf, shapeOf } from './setting.ts';
import { environmentNames, environmentPrefix, nameOf } from './setting-name.ts';

/** More than any password, token or key in PEM. */
const SECRET_MAX_BYTES = 64 * 1024;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Kubernetes gives every pod variables about each Service beside it; a Service named "sluice" makes these. They have no
 * double underscore, which every variable of a nested setting has.
 */
const ofKubernetes =
  /^SLUICE(?:_[A-Z0-9]+)*_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9]+)*|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

/** The revision that the program was built from; an image sets it, and it is no setting. */
const BUILD_REVISION = 'SLUICE_REVISION';

/** What the environment says: `SLUICE_A__B`, and `SLUICE_A__B_FILE` for a secret that stands in a file. */
export function readEnvironment(schema: z.ZodType, environment: Environment): Layer {
  const known = environmentNames(schema);
  return joinLayers(
    Object.keys(environment)
      .filter((variable) => variable.startsWith(environmentPrefix))
      .sort()
      .map((variable) => readVariable(schema, known, environment, variable)),
  );
}

function readVariable(
  schema: z.ZodType,
  known: ReadonlyMap<string, readonly string[]>,
  environment: Environment,
  variable: string,
): Layer {
  const text = environment[variable];
  if (text === undefined) return emptyLayer;
  const origin: Origin = { kind: 'environment', variable };
  const path = known.get(variable);
  if (path !== undefined) return readText(schema, path, text, origin);
  const ofFile = variable.endsWith('_FILE') ? known.get(variable.slice(0, -'_FILE'.length)) : undefined;
  if (ofFile !== undefined) return readSecretFile(schema, ofFile, text, origin, environment);
  if (variable === BUILD_REVISION || ofKubernetes.test(variable)) return emptyLayer;
  // All begin with the prefix, so it says nothing about how near two are.
  const rest = (name: string) => name.slice(environmentPrefix.length);
  const nearest = nearestName(rest(variable), [...known.keys()].map(rest));
  const hint =
    nearest === undefined
      ? 'see `sluice config explain --json`'
      : `did you mean ${environmentPrefix}${nearest}?`;
  return { entries: [], problems: [{ name: variable, origin, text: `does not exist; ${hint}` }] };
}

function readSecretFile(
  schema: z.ZodType,
  path: readonly string[],
  file: string,
  origin: Origin & { kind: 'environment' },
  environment: Environment,
): Layer {
  const refused = (text: string): Layer => ({
    entries: [],
    problems: [{ name: nameOf(path), origin, text }],
  });
  if (!isSecret(schema, path)) return refused('is no secret and cannot be read from a file');
  const plain = origin.variable.slice(0, -'_FILE'.length);
  if (environment[plain] !== undefined) return refused(`is set twice, by ${plain} and ${origin.variable}`);
  try {
    // An editor ends a file with a line break, which is no part of the secret.
    return readText(schema, path, readBoundedFileSync(file, SECRET_MAX_BYTES).replace(/\r?\n$/, ''), origin);
  } catch (error) {
    return refused(`cannot be read from its file: ${describeError(error)}`);
  }
}

/** Whether the setting at a path that exists is a secret. */
export function isSecret(schema: z.ZodType, path: readonly string[]): boolean {
  let at = schema;
  for (const key of path) {
    const shape = shapeOf(at);
    if (shape.kind === 'value') return false;
    const next = shape.kind === 'section' ? shape.keys[key] : shape.value;
    if (next === undefined) return false;
    at = next;
  }
  return factsOf(at)?.secret ?? false;
}
