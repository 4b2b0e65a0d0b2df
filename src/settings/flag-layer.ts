import type { z } from 'zod';
import { isSecret } from './environment-layer.ts';
import { joinLayers, type Layer, type Origin, readText } from './layer.ts';
import { nameOf, pathOf } from './setting-name.ts';

const origin: Origin = { kind: 'flag' };

function refused(name: string, text: string): Layer {
  return { entries: [], problems: [{ name, origin, text }] };
}

/** What `--set a.b=value` says, once per flag; of two for the same setting the later one holds. */
export function readFlags(schema: z.ZodType, assignments: readonly string[]): Layer {
  return joinLayers(
    assignments.map((assignment) => {
      // A quoted segment may hold a "=", so the name ends at the first one outside quotes.
      const match = /^((?:"(?:[^"\\]|\\.)*"|[^"=])*)=(.*)$/s.exec(assignment);
      const path = match === null ? undefined : pathOf(match[1]!.trim());
      if (path === undefined) return refused('--set', 'needs the form name.of.setting=value');
      const layer = readText(schema, path, match![2]!, origin);
      // Also one within a section: `store.mysql={password: …}`.
      const secrets = [path, ...layer.entries.map((entry) => entry.path)].filter((each) =>
        isSecret(schema, each),
      );
      const [secret] = secrets;
      if (secret === undefined) return layer;
      return refused(
        nameOf(secret),
        'is a secret: other users of the machine can see flags; use the environment',
      );
    }),
  );
}
