import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import { type ModelData, modelDataSchema } from '../../core/model-data.ts';
import { dataFolder } from '../../learning/data-folder.ts';
import type { HeldOutMessage } from '../../learning/held-out.ts';
import type { DataSet, DataSetLine } from '../../ports/data-set.ts';

const label = z.enum(['spam', 'ham']);
const trainingLine = z.looseObject({
  ...{ text: z.string(), label, source: z.string() },
  ...{ language: z.string().optional(), group: z.string().optional() },
  weight: z.number().positive().optional(),
});
const heldOutLine = z.looseObject({
  ...{ text: z.string(), label, source: z.string(), part: z.enum(['old', 'new']), community: z.string() },
  ...{ language: z.string().optional(), at: z.number().optional() },
});

/** An assembled data set, read from its folder. */
export interface DataFolder extends DataSet {
  /** Absolute. */
  readonly path: string;
  heldOut(): AsyncIterable<DataSetLine & HeldOutMessage>;
}

/**
 * Opens the folder of an assembled data set. Throws `DATA_UNREADABLE` where there is none, and `DATA_INVALID` for one that is not whole; its
 * files throw the same with file and line, also where they have other numbers of lines than `data.json` says.
 */
export async function readDataFolder(given: string): Promise<DataFolder> {
  const path = resolve(given);
  const { bytes, data } = await readFacts(path);
  const expected = (part: 'training' | 'heldOut') =>
    data.sources.reduce((sum, source) => sum + source[part].spam + source[part].ham, 0);
  return {
    ...{ path, data, bytes },
    training: () => linesOf(path, dataFolder.training, trainingLine, expected('training')),
    heldOut: () =>
      linesOf(path, dataFolder.heldOut, heldOutLine, expected('heldOut')) as AsyncIterable<
        DataSetLine & HeldOutMessage
      >,
  };
}

async function readFacts(path: string): Promise<{ readonly bytes: Buffer; readonly data: ModelData }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(path, dataFolder.facts));
  } catch (error) {
    if (!(await isFolder(path)))
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${path} is no folder of a data set. Make one with "sluice dataset assemble --out ${path}".`,
        { cause: error },
      );
    throw new SluiceError(
      'DATA_INVALID',
      `${path} has no ${dataFolder.facts} (${describeError(error)}): it is no data set, or it is not whole. Remove it and assemble it again.`,
      { cause: error },
    );
  }
  let facts: unknown;
  try {
    facts = JSON.parse(bytes.toString());
  } catch {
    facts = undefined;
  }
  const parsed = modelDataSchema.safeParse(facts);
  if (!parsed.success)
    throw new SluiceError(
      'DATA_INVALID',
      `${join(path, dataFolder.facts)} does not state what the data set was assembled from. Remove the folder and assemble it again.`,
    );
  return { bytes, data: parsed.data };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function* linesOf<T extends object>(
  path: string,
  name: string,
  schema: z.ZodType<T>,
  expected: number,
): AsyncGenerator<T & { readonly origin: string }> {
  let count = 0;
  try {
    const lines = createInterface({ input: createReadStream(join(path, name)), crlfDelay: Infinity });
    for await (const line of lines) {
      count++;
      yield { ...lineOf(line, schema, `${name}, line ${count}`), origin: `${name}, line ${count}` };
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError(
      'DATA_UNREADABLE',
      `${join(path, name)} cannot be read (${describeError(error)}). Check its rights, or assemble the data set again.`,
      { cause: error },
    );
  }
  if (count !== expected)
    throw new SluiceError(
      'DATA_INVALID',
      `${join(path, name)} has ${count} lines and ${dataFolder.facts} says ${expected}: it is not whole, or was changed. Assemble the data set again.`,
    );
}

function lineOf<T>(line: string, schema: z.ZodType<T>, origin: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new SluiceError(
      'DATA_INVALID',
      `${origin}: this is no message of a data set. Assemble the data set again.`,
    );
  }
}
