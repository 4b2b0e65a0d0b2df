import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { builtEntry } from '../../src/app/package-root.ts';
import { clearSpam } from '../../src/core/known-messages.ts';
import type { ModelManifest } from '../../src/core/model-manifest.ts';
import { type AdmissionLimits, admitModel } from '../../src/scoring/admit-model.ts';
import { CurrentPolicy } from '../../src/scoring/current-policy.ts';
import { ModelSwitch } from '../../src/scoring/model-switch.ts';
import { ScorePool } from '../../src/scoring/score-pool.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import { copyModel, replaceFile } from '../line/model-copies.ts';
import { withAllocation, withLoop } from './hostile-graphs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-admission-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Change = (manifest: ModelManifest, path: string) => void;

const limits = () => ({ entryFile: builtEntry('admit-model'), seconds: 120, bytes: 4 * 2 ** 30 });

/** A copy of the shipped model after a change, its hashes being right. */
async function copied(change: Change) {
  const version = copyModel(folder, '20260101T000000Z', change);
  return await new FolderModelStore(folder).fetch(version);
}

/** As somebody would who chooses the golden messages so that they show nothing: one without any known feature. */
const withBlankGolden =
  (change: Change): Change =>
  (manifest, path) => {
    const members = manifest.members.map(() => 0);
    const golden = { message: ' ', probability: manifest.prior, members };
    replaceFile(manifest, path, 'golden.jsonl', `${JSON.stringify(golden)}\n`);
    change(manifest, path);
  };

/** Puts NaN into the weights of most features: 0xff in every byte, wherever a float begins. */
function spoilWeights(manifest: ModelManifest, path: string): void {
  const { file } = manifest.stages[0]!;
  const bytes = readFileSync(join(path, file));
  bytes.fill(0xff, Math.floor(bytes.length * 0.1), Math.floor(bytes.length * 0.9));
  replaceFile(manifest, path, file, bytes);
}

function blender(manifest: ModelManifest) {
  if (manifest.blender.kind !== 'logistic') throw new Error('the shipped model has another blender');
  return manifest.blender;
}

describe('the admission check', () => {
  test('the admission check admits the shipped model, even if its golden messages are no evidence', async () => {
    await admitModel(await copied(() => {}), limits());
    rmSync(folder, { recursive: true });
    await admitModel(await copied(withBlankGolden(() => {})), limits());
  });

  test.each<[string, Change, RegExp]>([
    [
      'calls everything ham',
      (manifest) => {
        blender(manifest).bias = -500;
      },
      /differ by|no clear spam/,
    ],
    [
      'calls everything spam',
      (manifest) => {
        blender(manifest).bias = 500;
      },
      /differ by|clear ham/,
    ],
    [
      'keeps every score in the review band',
      (manifest) => {
        blender(manifest).bias = 0;
        Object.assign(blender(manifest).calibration, { scale: 0.01, shift: 0.5 });
      },
      /no clear spam/,
    ],
    [
      'has spam and ham exchanged',
      (manifest) => {
        for (const member of manifest.members) member.weight *= -1;
        blender(manifest).bias *= -1;
        blender(manifest).calibration.shift *= -1;
      },
      /no clear spam|clear ham|rank/,
    ],
    ['has weights that are not numbers', spoilWeights, /NaN/],
    [
      'has weights of 1e308',
      (manifest) => {
        for (const member of manifest.members) member.weight = 1e308;
      },
      /no probability/,
    ],
    [
      'has a member that leaves its interval, on which early exit relies',
      (manifest) => {
        manifest.members[0]!.max = 0.5;
      },
      /outside of its interval/,
    ],
  ])(
    'the admission check refuses a model that %s, although it reproduces its golden messages',
    async (_, change, reason) => {
      const model = await copied(withBlankGolden(change));
      await expect(admitModel(model, limits())).rejects.toMatchObject({
        code: 'MODEL_REFUSED',
        message: expect.stringMatching(reason),
      });
    },
  );

  test('the admission check refuses a model whose golden messages were changed after it was fetched', async () => {
    const model = await copied(() => {});
    writeFileSync(join(model.path, 'golden.jsonl'), '');
    await expect(admitModel(model, limits())).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringContaining('golden.jsonl has 0 bytes'),
    });
  });
});

/** The graph of the first stage does more than before, and answers as before where it comes to an end. */
const withMore =
  (bytes: Buffer): Change =>
  (manifest, path) => {
    const { file } = manifest.stages[0]!;
    replaceFile(manifest, path, file, Buffer.concat([readFileSync(join(path, file)), bytes]));
  };

describe('a graph that asks for too much', () => {
  test('the admission check admits a graph that needs a little more than usual', async () => {
    const little = Buffer.concat([withAllocation(1000), withLoop(10n)]);
    await admitModel(await copied(withMore(little)), limits());
  });

  test.each<[string, Buffer, Partial<AdmissionLimits>, RegExp]>([
    ['256 GB', withAllocation(2 ** 36), {}, /allocate memory .* of size 274877906944; the model before/],
    [
      '4 GB, where 1 GB is allowed',
      withAllocation(2 ** 30),
      { bytes: 2 ** 30 },
      /more than 1073741824 bytes/,
    ],
    ['a loop without end', withLoop(2n ** 62n), { seconds: 15 }, /not ready within 15 s/],
  ])(
    'the admission check refuses a graph that needs %s, and the previous model stays active',
    async (_, bytes, stricter, reason) => {
      const policy = new CurrentPolicy({
        default: { rejectMin: 0.5, rejectMax: 0.7 },
        communities: {},
        exactScores: 'notHam',
        maxMessageBytes: 65_536,
      });
      const pool = new ScorePool({
        policy,
        threads: 1,
        threadFile: builtEntry('score-batch'),
        onThreadLost: () => {},
      });
      const scorer = new ModelSwitch({
        admit: (model) => admitModel(model, { ...limits(), ...stricter }),
        pool,
      });
      try {
        const good = await copied(() => {});
        await pool.use(good);
        const version = copyModel(folder, '20260102T000000Z', withMore(bytes));
        const hostile = await new FolderModelStore(folder).fetch(version);
        await expect(scorer.install(hostile)).rejects.toMatchObject({
          code: 'MODEL_REFUSED',
          message: expect.stringMatching(reason),
        });
        expect(scorer.model).toEqual(good);
        const message = new TextEncoder().encode(JSON.stringify({ ...clearSpam[0], message_id: '1' }));
        const scored = await scorer.score([message]);
        expect([scored.model, scored.statistics.spam]).toEqual([good.version, 1]);
      } finally {
        await scorer.close();
      }
    },
  );
});

describe('a model that is loaded', () => {
  const stage = (manifest: ModelManifest) => manifest.stages.at(-1)!.file;

  test.each<[string, (path: string, manifest: ModelManifest) => void]>([
    [
      'a byte of its vocabulary',
      (path) => {
        const file = join(path, 'vocabulary.tsv');
        const bytes = readFileSync(file);
        bytes[bytes.length - 2]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    ['a graph', (path, manifest) => writeFileSync(join(path, stage(manifest)), 'other')],
    ['the absence of a graph', (path, manifest) => rmSync(join(path, stage(manifest)))],
    [
      'a manifest that fits a graph which was exchanged',
      (path, manifest) => {
        replaceFile(manifest, path, stage(manifest), readFileSync(join(path, manifest.stages[0]!.file)));
        writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
      },
    ],
  ])('a model is loaded only if its files match their hashes: %s is noticed', async (_, change) => {
    const model = await copied(() => {});
    const manifest = JSON.parse(readFileSync(join(model.path, 'manifest.json'), 'utf8')) as ModelManifest;
    change(model.path, manifest);
    await expect(loadModel(model)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  test('a model is refused if a graph reads another file, even one in the folder of the model', async () => {
    const model = await copied((manifest, path) => {
      const { file } = manifest.stages[0]!;
      // To the last message of the graph's bytes one more is added: an initializer whose data is elsewhere.
      const tensor = Buffer.from([0x08, 4, 0x10, 1, 0x42, 1, 0x77, 0x6a, 0, 0x70, 1]);
      const graph = Buffer.concat([Buffer.from([0x2a, tensor.length]), tensor]);
      const more = Buffer.concat([Buffer.from([0x3a, graph.length]), graph]);
      replaceFile(manifest, path, file, Buffer.concat([readFileSync(join(path, file)), more]));
    });
    await expect(loadModel(model)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining('from another file'),
    });
  });
});
