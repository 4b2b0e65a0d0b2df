import type { z } from 'zod';
import { anyName, type Setting, settingsOf } from './setting.ts';

/** A setting's name as people write it: segments with dots between; a segment with a dot of its own is quoted. */
export function nameOf(path: readonly string[]): string {
  return path.map((segment) => (/^[^."=\s]+$/.test(segment) ? segment : JSON.stringify(segment))).join('.');
}

/** The reverse of {@link nameOf}; undefined when the text is no name. */
export function pathOf(name: string): readonly string[] | undefined {
  const path: string[] = [];
  const segment = /("(?:[^"\\]|\\.)*"|[^."=\s]+)(\.|$)/y;
  while (segment.lastIndex < name.length) {
    const match = segment.exec(name);
    if (match === null) return undefined;
    try {
      path.push(match[1]!.startsWith('"') ? (JSON.parse(match[1]!) as string) : match[1]!);
    } catch {
      return undefined;
    }
    if (match[2] === '') return path;
  }
  // Nothing at all, or a dot at the end.
  return undefined;
}

export const environmentPrefix = 'SLUICE_';

/** `source.startAt` → `SLUICE_SOURCE__START_AT`. */
export function environmentNameOf(path: readonly string[]): string {
  const upper = (segment: string) => segment.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return environmentPrefix + path.map(upper).join('__');
}

/**
 * Every variable that may set something. A section of chosen names is set as a whole, in JSON, because the environment
 * cannot spell the names.
 */
export function environmentNames(schema: z.ZodType): ReadonlyMap<string, readonly string[]> {
  const upToAnyName = ({ path }: Setting) => {
    const at = path.indexOf(anyName);
    return at === -1 ? path : path.slice(0, at);
  };
  return new Map(
    settingsOf(schema).map((setting) => [environmentNameOf(upToAnyName(setting)), upToAnyName(setting)]),
  );
}
