import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';

export interface StoredModel {
  readonly version: string;
  /** Of its manifest. */
  readonly sha256: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** One fresh place for models. */
export interface ModelStoreHarness {
  readonly store: ModelStore;
  /** Puts a folder named after the version there, as it is. */
  put(model: Pick<StoredModel, 'version' | 'files'>): Promise<void>;
  dispose(): Promise<void>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A model of invented bytes whose hashes agree. `unlisted`: a file that its manifest lists no hash of. */
export function madeUpModel(time = '20261122T000000Z', graph = 'graph', unlisted?: string): StoredModel {
  const files: Record<string, Uint8Array> = {
    'linear.onnx': Buffer.from(graph),
    'vocabulary.txt': Buffer.from('word\n'),
    'golden.jsonl': Buffer.from('{}\n'),
  };
  const manifest: ModelManifest = {
    schema: 1,
    feature_set: 'sluice-2',
    languages: ['en'],
    own_domains: [],
    vocabulary: { file: 'vocabulary.txt', sizes: { words: 1, grams: 0 } },
    members: [{ name: 'logistic-regression', families: ['words'], min: 0, max: 1, weight: 1 }],
    stages: [{ kind: 'linear', name: 'linear', file: 'linear.onnx', families: ['words'], members: [0] }],
    blender: { kind: 'logistic', bias: 0, calibration: { scale: 1, shift: 0 } },
    prior: 0.1,
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    data: { profile: 'synthetic', seed: 1, spam: 1, ham: 1, sha256: sha256(Buffer.from('data')) },
    files: Object.fromEntries(
      Object.entries(files)
        .filter(([name]) => name !== unlisted)
        .map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    ),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return {
    version: `${time}-${sha256(bytes).slice(0, 8)}`,
    sha256: sha256(bytes),
    files: { ...files, 'manifest.json': bytes },
  };
}

const without = (files: StoredModel['files'], name: string) =>
  Object.fromEntries(Object.entries(files).filter(([each]) => each !== name));

/** What every adapter behind the port `ModelStore` promises. */
export function describeModelStore(name: string, makeHarness: () => Promise<ModelStoreHarness>): void {
  describe(`${name} as a ModelStore`, () => {
    let harness: ModelStoreHarness;

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.dispose());

    it(`${name} as a ModelStore lists complete versions, newest first`, async () => {
      const models = ['20260101T000000Z', '20261231T235959Z', '20260601T120000Z'].map((time) =>
        madeUpModel(time),
      );
      for (const model of models) await harness.put(model);
      expect(await harness.store.list()).toEqual([
        models[1]!.version,
        models[2]!.version,
        models[0]!.version,
      ]);
    });

    it(`${name} as a ModelStore lists no incomplete version, no other folder, and nothing if there is no version`, async () => {
      expect(await harness.store.list()).toEqual([]);
      const model = madeUpModel();
      await harness.put({ version: model.version, files: without(model.files, 'linear.onnx') });
      await harness.put({ version: 'notes', files: model.files });
      await harness.put({ version: '20261122T000001Z-00000000', files: model.files });
      expect(await harness.store.list()).toEqual([]);
    });

    it(`${name} as a ModelStore reports the hash of a manifest as it is stored, and no hash if there is no manifest`, async () => {
      const { version, files } = madeUpModel();
      expect(await harness.store.manifestOf(version)).toBeUndefined();
      expect(await harness.store.manifestOf('../elsewhere')).toBeUndefined();
      await harness.put({ version, files: { ...files, 'manifest.json': Buffer.from('wrong') } });
      expect(await harness.store.manifestOf(version)).toBe(sha256(Buffer.from('wrong')));
    });

    it(`${name} as a ModelStore copies a version to this disk, byte for byte`, async () => {
      const model = madeUpModel();
      await harness.put(model);
      const local = await harness.store.fetch(model.version);
      expect(local).toMatchObject({ version: model.version, sha256: model.sha256 });
      expect(isAbsolute(local.path)).toBe(true);
      for (const [file, bytes] of Object.entries(model.files))
        expect(await readFile(join(local.path, file))).toEqual(Buffer.from(bytes));
    });

    it(`${name} as a ModelStore copies what training measured and its data, too, which no manifest lists`, async () => {
      const model = madeUpModel();
      const beside = {
        'training.json': Buffer.from('{"figures":{}}'),
        'data.json': Buffer.from('{"schema":1}'),
      };
      await harness.put({ ...model, files: { ...model.files, ...beside } });
      const local = await harness.store.fetch(model.version);
      for (const [file, bytes] of Object.entries(beside))
        expect(await readFile(join(local.path, file))).toEqual(bytes);
    });

    it.each(['20261122T000000Z-0123abcd', 'latest', '../elsewhere', ''])(
      `${name} as a ModelStore reports that the version %j is missing`,
      async (version) => {
        await expect(harness.store.fetch(version)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
      },
    );

    const model = madeUpModel();
    const changed = (file: string, change: (bytes: Buffer) => Buffer) => ({
      ...model.files,
      [file]: change(Buffer.from(model.files[file]!)),
    });
    it.each([
      [
        'a byte of a graph is changed',
        changed('linear.onnx', (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1))),
      ],
      ['a graph is cut', changed('linear.onnx', (bytes) => bytes.subarray(1))],
      ['a file is empty', changed('vocabulary.txt', () => Buffer.alloc(0))],
      ['a file is missing', without(model.files, 'vocabulary.txt')],
      [
        'the manifest is changed',
        changed('manifest.json', (bytes) => Buffer.concat([bytes, Buffer.from(' ')])),
      ],
      ['the manifest is not one', { ...model.files, 'manifest.json': Buffer.from('<html>503</html>') }],
    ])(`${name} as a ModelStore refuses a version if %s`, async (_, files) => {
      await harness.put({ version: model.version, files });
      await expect(harness.store.fetch(model.version)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    });

    it.each(['linear.onnx', 'vocabulary.txt', 'golden.jsonl'])(
      `${name} as a ModelStore refuses a version whose manifest lists no hash of %s`,
      async (unlisted) => {
        const unhashed = madeUpModel('20261122T000000Z', 'graph', unlisted);
        await harness.put(unhashed);
        await expect(harness.store.fetch(unhashed.version)).rejects.toMatchObject({
          code: 'MODEL_CORRUPT',
        });
      },
    );
  });
}
