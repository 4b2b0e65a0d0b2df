import type { Entry } from './layer.ts';
import { put } from './resolve-layers.ts';

/** Values of one layer, nested as in the settings file. */
export function nestedSettings(entries: readonly Entry[]): Readonly<Record<string, unknown>> {
  const nested: Record<string, unknown> = {};
  for (const { path, value } of entries) put(nested, path, value);
  return nested;
}
