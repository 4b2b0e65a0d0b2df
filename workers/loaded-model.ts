import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../src/core/errors.ts';
import type { FeatureFamily, ModelManifest } from '../src/core/model-manifest.ts';
import { checkModelFile, corruptModel, readManifest } from '../src/core/read-manifest.ts';
import type { ScoreRequest } from '../src/scoring/score-protocol.ts';
import { Featurizer } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import { readVocabularyFile } from '../src/text/vocabulary-file.ts';
import { refusalOfGraph } from './external-data.ts';
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

/** The files of a model's folder, each held to its hash while it is read. */
export class ModelFiles {
  readonly manifest: ModelManifest;
  readonly #version: string;
  readonly #path: string;

  private constructor(manifest: ModelManifest, version: string, path: string) {
    this.manifest = manifest;
    this.#version = version;
    this.#path = path;
  }

  /** Throws `MODEL_CORRUPT` where the manifest is not the one that was admitted. */
  static async open({ version, path, sha256 }: ScoreRequest['model']): Promise<ModelFiles> {
    const bytes = await readModelFile(path, version, 'manifest.json');
    return new ModelFiles(readManifest(bytes, version, sha256).manifest, version, path);
  }

  /** A file's content. Throws `MODEL_CORRUPT` where it is not the one that the manifest lists. */
  async read(name: string): Promise<Buffer> {
    const content = await readModelFile(this.#path, this.#version, name);
    checkModelFile(this.manifest, this.#version, name, content);
    return content;
  }

  /** A graph. Throws also where it would read files that no hash covers. */
  async graph(name: string): Promise<Graph> {
    const content = await this.read(name);
    const refusal = refusalOfGraph(content);
    if (refusal !== undefined) throw corruptModel(this.#version, `${name} is refused: ${refusal}`);
    return await Graph.load(content);
  }
}

/**
 * Loads a model from its folder. What is read is hashed, and graphs are made of just those bytes, so that a folder that was
 * changed since the model was admitted is noticed. `opened`: its files, where the caller has opened them. Throws `MODEL_CORRUPT`.
 */
export async function loadModel(model: ScoreRequest['model'], opened?: ModelFiles): Promise<LoadedModel> {
  const files = opened ?? (await ModelFiles.open(model));
  const { manifest } = files;
  const vocabulary = await files.read(manifest.vocabulary.file);
  const { vocabularies, strengths } = readVocabularyFile(vocabulary.toString('utf8'));
  const featurizer = new Featurizer({
    languages: manifest.languages,
    ownDomains: manifest.own_domains,
    featureSet: manifest.feature_set,
  });
  const graphs = await loadGraphs(files);
  const session = new OnnxSession(manifest, graphs, featurizer, vocabularies, strengths.words);
  return { version: model.version, manifest, featurizer, vocabularies, strengths, session };
}

async function loadGraphs(files: ModelFiles): Promise<readonly Graph[]> {
  const graphs: Graph[] = [];
  try {
    for (const stage of files.manifest.stages) graphs.push(await files.graph(stage.file));
    return graphs;
  } catch (error) {
    // The thread may live on with another model, and memory of graphs is not V8's to free soon.
    for (const graph of graphs) await graph.release();
    throw error;
  }
}

async function readModelFile(path: string, version: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(path, name));
  } catch (error) {
    throw corruptModel(version, `${name} cannot be read: ${describeError(error)}`, error);
  }
}
