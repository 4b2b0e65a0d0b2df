import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../core/errors.ts';
import { checkModelFile, corruptModel } from '../../core/read-manifest.ts';
import { MessageExplainer } from '../../explain/message-explainer.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { readVocabularyFile } from '../../text/vocabulary-file.ts';
import { manifestOf } from './manifest-of.ts';

/**
 * Reads what explanations need of a model: the weights in its graphs, apart from the scoring threads, which keep their own. Throws
 * `MODEL_CORRUPT` if a file is not the one that the manifest lists, or not of the form that training writes.
 */
export async function openExplainer(model: LocalModel): Promise<MessageExplainer> {
  const { path, version } = model;
  const manifest = await manifestOf(model);
  const read = async (name: string): Promise<Uint8Array> => {
    const content = await readFile(join(path, name)).catch((error: unknown) => {
      throw corruptModel(version, `${name} cannot be read: ${describeError(error)}`, error);
    });
    checkModelFile(manifest, version, name, content);
    return content;
  };
  const vocabulary = readVocabularyFile(new TextDecoder().decode(await read(manifest.vocabulary.file)));
  const graphs: Uint8Array[] = [];
  for (const { file } of manifest.stages) graphs.push(await read(file));
  try {
    return new MessageExplainer({ version, manifest, ...vocabulary, graphs });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw corruptModel(version, `a graph cannot be read: ${error.message}`, error);
  }
}
