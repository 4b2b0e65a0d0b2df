import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ModelFacts } from '../../ports/model-registry.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { trainingFile } from './model-reference.ts';

/** As the trainer writes it; what it does not say is not known. */
const trainingFacts = z.looseObject({
  figures: z.looseObject({
    testing_part: z.looseObject({
      all: z.looseObject({ spam_above_half: z.number().optional(), ham_above_half: z.number().optional() }),
    }),
  }),
});

/** What is written down of a model whose folder has been checked; `path`: where it is kept. */
export async function modelFacts(model: LocalModel, path: string): Promise<ModelFacts> {
  const figures = await testingFigures(join(model.path, trainingFile));
  return {
    version: model.version,
    sha256: model.sha256,
    path,
    truePositiveRate: figures.spam_above_half ?? null,
    falsePositiveRate: figures.ham_above_half ?? null,
    figures,
  };
}

async function testingFigures(
  file: string,
): Promise<z.infer<typeof trainingFacts>['figures']['testing_part']['all']> {
  try {
    return trainingFacts.parse(JSON.parse(await readFile(file, 'utf8'))).figures.testing_part.all;
  } catch {
    // A model works without the file, and an older trainer may have written another.
    return {};
  }
}
