import * as z from 'zod';
import { SluiceError } from './errors.ts';
import { modelVersionPattern } from './model-manifest.ts';

const activatedModel = z.object({
  version: z.string().regex(modelVersionPattern),
  /** Of its manifest, in hex; missing where the version was chosen without looking at it. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

const activationsSchema = z.object({
  active: activatedModel,
  /** Newest first. */
  before: z.array(activatedModel),
});

/** A version that was chosen to score, and the SHA-256 of its manifest. */
export type ActivatedModel = Readonly<z.infer<typeof activatedModel>>;

/** The version that was chosen to score, and those before it. */
export interface Activations {
  readonly active: ActivatedModel;
  readonly before: readonly ActivatedModel[];
}

const REMEMBERED = 20;

/** With another model active; what was active is the first of those before. Activating it again changes nothing. */
export function activated(model: ActivatedModel, now: Activations | undefined): Activations {
  if (now === undefined) return { active: model, before: [] };
  if (now.active.version === model.version) return { active: model, before: now.before };
  return { active: model, before: [now.active, ...now.before].slice(0, REMEMBERED) };
}

/** With what was active before; undefined where nothing was. */
export function rolledBack(now: Activations | undefined): Activations | undefined {
  const [last, ...older] = now?.before ?? [];
  return last === undefined ? undefined : { active: last, before: older };
}

/** The SHA-256 of a version's manifest, where it was activated once; undefined otherwise. */
export function knownSha256(version: string, activations: Activations | undefined): string | undefined {
  if (activations === undefined) return undefined;
  return [activations.active, ...activations.before].find((each) => each.version === version)?.sha256;
}

export function textOfActivations(activations: Activations): string {
  return `${JSON.stringify(activations, null, 2)}\n`;
}

/** Throws `MODEL_STORE_FAILED` where the text is not what {@link textOfActivations} makes. */
export function activationsOfText(text: string, place: string): Activations {
  try {
    return activationsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SluiceError(
      'MODEL_STORE_FAILED',
      `${place} is not a valid activation record; activate a model again, or remove it`,
      { cause },
    );
  }
}
