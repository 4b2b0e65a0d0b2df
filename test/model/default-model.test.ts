import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { goldenSchema, modelManifestSchema, modelVersionPattern } from '../../src/core/model-manifest.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import type { Row } from '../../workers/row-source.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));
const [version = ''] = await readdir(home);
const path = join(home, version);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the default model', () => {
  test('the default model is one whole folder of at most 25 MB, named after its manifest', async () => {
    expect(await readdir(home)).toHaveLength(1);
    expect(version).toMatch(modelVersionPattern);
    const bytes = await readFile(join(path, 'manifest.json'));
    expect(version.slice(-8)).toBe(sha256(bytes).slice(0, 8));
    const { files } = modelManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
    expect((await readdir(path)).sort()).toEqual(
      [...Object.keys(files), 'manifest.json', 'training.json'].sort(),
    );
    let total = 0;
    for (const [name, facts] of Object.entries(files)) {
      const content = await readFile(join(path, name));
      expect([name, content.length, sha256(content)]).toEqual([name, facts.bytes, facts.sha256]);
      total += content.length;
    }
    expect(total).toBeLessThanOrEqual(25e6);
  });

  test('the default model gives its golden messages the scores that training computed', async () => {
    const model = await loadModel(await new FolderModelStore(home).fetch(version));
    const lines = (await readFile(join(path, 'golden.jsonl'), 'utf8')).trimEnd().split('\n');
    const golden = lines.map((line) => goldenSchema.parse(JSON.parse(line)));
    const rows: Row[] = golden.map(({ message, language }) => ({
      text: message,
      language,
      thresholds: model.manifest.thresholds,
    }));
    const { probability } = await model.session.evaluate(rows, { exactScores: 'all', keepBaseModels: false });
    await model.session.release();
    for (const [row, expected] of golden.entries())
      expect(Math.abs(probability[row]! - expected.probability)).toBeLessThanOrEqual(1e-5);
  });

  test('the default model leaves only a few messages of a stream with 10 % spam to the forest', async () => {
    const model = await loadModel(await new FolderModelStore(home).fetch(version));
    const messages = [...sampleMessages({ count: 2000, spam: 0.1, seed: 77, obfuscated: 0 })];
    const rows: Row[] = messages.map(({ message, language }) => ({
      text: message,
      language,
      thresholds: model.manifest.thresholds,
    }));
    const firstBlock = model.manifest.stages.findIndex((stage) => stage.kind === 'forest');
    for (const [exactScores, most] of [
      ['notHam', 0.18],
      ['none', 0.05],
    ] as const) {
      const { endedAt } = await model.session.evaluate(rows, { exactScores, keepBaseModels: false });
      expect(endedAt.filter((stage) => stage >= firstBlock).length / rows.length).toBeLessThan(most);
    }
    await model.session.release();
  });
});
