import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureFamily, ModelManifest } from '../src/core/model-manifest.ts';
import { modelManifestSchema } from '../src/core/model-manifest.ts';
import { Featurizer } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import { readVocabularyFile } from '../src/text/vocabulary-file.ts';
import { Graph } from './graph.ts';
import { OnnxSession } from './onnx-session.ts';

/** A model as a thread holds it: graphs, vocabularies and how strongly each feature speaks. */
export interface LoadedModel {
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly featurizer: Featurizer;
  readonly vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly strengths: Readonly<Record<FeatureFamily, Float32Array>>;
  readonly session: OnnxSession;
}

/** Loads a folder whose hashes have been checked. */
export async function loadModel(path: string, version: string): Promise<LoadedModel> {
  const manifest = modelManifestSchema.parse(JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')));
  const { vocabularies, strengths } = readVocabularyFile(
    await readFile(join(path, manifest.vocabulary.file), 'utf8'),
  );
  const featurizer = new Featurizer({
    languages: manifest.languages,
    ownDomains: manifest.own_domains,
    featureSet: manifest.feature_set,
  });
  const graphs: Graph[] = [];
  for (const stage of manifest.stages) graphs.push(await Graph.load(join(path, stage.file)));
  const session = new OnnxSession(manifest, graphs, featurizer, vocabularies);
  return { version, manifest, featurizer, vocabularies, strengths, session };
}
