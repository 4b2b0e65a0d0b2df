import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Offsets that a Structured Streaming query has committed of a topic, added up; 0 before its first micro-batch is. `checkpoint`: the query's
 * folder, in which it writes a file `offsets/N` before micro-batch N, and `commits/N` once its output is accepted.
 */
export async function committedInCheckpoint(checkpoint: string, topic: string): Promise<number> {
  const names = await readdir(join(checkpoint, 'commits')).catch(() => []);
  const last = lastBatch(names);
  if (last === undefined) return 0;
  return offsetsOf(await readFile(join(checkpoint, 'offsets', String(last)), 'utf8'), topic);
}

/** The largest number among files that may be of something else, or not whole yet. */
export function lastBatch(names: readonly string[]): number | undefined {
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** The sum of a topic's offsets in a file of `offsets`; throws if it contains none. */
export function offsetsOf(text: string, topic: string): number {
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    const offsets = (JSON.parse(line) as Readonly<Record<string, unknown>>)[topic];
    if (typeof offsets === 'object' && offsets !== null)
      return Object.values(offsets).reduce((sum: number, each: unknown) => sum + Number(each), 0);
  }
  throw new Error(
    'the checkpoint contains no offsets; Spark writes them in another form than this bench knows',
  );
}
