import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchModel } from '../../../src/app/models/fetch-model.ts';
import { openModelManager } from '../../../src/app/models/manage-models.ts';
import { openModelActivation, openModelStore } from '../../../src/app/open/open-model-store.ts';
import { promotionPoints } from '../../../src/learning/finish-promotion.ts';
import {
  type RetrainParts,
  type RetrainPoint,
  retrain,
  retrainPoints,
} from '../../../src/learning/retrain.ts';
import { systemClock } from '../../../src/pipeline/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { madeUpModel } from '../../contract/suites/model-store.ts';
import { worldOf } from './retrain-world.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Retrains, and ends itself at a moment as `kill -9` does. */
const program = `
  import { retrain } from './src/learning/retrain.ts';
  import { systemClock } from './src/pipeline/system-clock.ts';
  import { worldOf } from './test/unit/learning/retrain-world.ts';
  const [folder, point, answer] = process.argv.slice(2);
  const parts = await worldOf({ folder, clock: systemClock, promotes: answer === 'yes' });
  const reached = async (at) => {
    if (at === point) process.kill(process.pid, 'SIGKILL');
  };
  const order = { by: 'ada', gate: 'sound', due: null, anyway: false, resumeOnly: false };
  const { signal } = new AbortController();
  await retrain({ ...order, signal, holder: 'killed' }, { ...parts, reached });
`;

/** Of processes that are started when the lock of the killed one has ended. */
const later: Clock = { ...systemClock, now: () => Date.now() + 61_000 };

describe('a process that is killed while it retrains', () => {
  let scripts = '';
  let script = '';
  let folder = '';
  let versions: readonly string[];
  const opened: RetrainParts[] = [];
  beforeAll(async () => {
    scripts = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
    script = join(scripts, 'retrain.mjs');
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: root, loader: 'ts' },
      ...{ bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20' },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      external: ['libsql'],
    });
    // libsql is found from the project's folder.
    const text = outputFiles[0]!.text.replaceAll(
      'from "libsql"',
      `from ${JSON.stringify(join(root, 'node_modules', 'libsql', 'index.js'))}`,
    );
    writeFileSync(script, text);
  });
  afterAll(() => rmSync(scripts, { recursive: true, force: true }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-killed-retraining-'));
    versions = ['20260101T000000Z', '20260102T000000Z', '20260103T000000Z'].map((time) => {
      const { version, files } = madeUpModel(time, time);
      mkdirSync(join(folder, 'made', version), { recursive: true });
      for (const [name, bytes] of Object.entries(files))
        writeFileSync(join(folder, 'made', version, name), bytes);
      return version;
    });
  });
  afterEach(async () => {
    for (const { runs } of opened.splice(0)) await runs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function world(clock: Clock): Promise<RetrainParts> {
    const parts = await worldOf({ folder, clock });
    opened.push(parts);
    return parts;
  }
  let holders = 0;
  const order = () => ({
    ...({
      by: 'ada',
      gate: 'sound',
      due: null,
      anyway: false,
      resumeOnly: false,
      holder: `p${++holders}`,
    } as const),
    signal: new AbortController().signal,
  });

  async function killedAt(point: RetrainPoint, answer: 'yes' | 'no'): Promise<void> {
    const child = spawn(process.execPath, [script, folder, point, answer], { stdio: 'inherit' });
    const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
    expect(signal).toBe('SIGKILL');
  }

  const settings = () =>
    ({
      model: { store: 'folder', localPath: join(folder, 'models'), version: 'active' },
      store: { kind: 'libsql', libsql: { path: join(folder, 'sluice.db') } },
      zookeeper: {},
    }) as Settings;
  const manager = () =>
    openModelManager(settings(), (warning) => {
      throw new Error(warning);
    });

  /** What is active: by the record that daemons follow, by what a daemon loads, and by the table of models. */
  async function active(): Promise<readonly (string | undefined)[]> {
    const models = { store: openModelStore(settings()), activation: openModelActivation(settings()) };
    const rows = (await manager().registered())!.filter(({ status }) => status === 'active');
    return [
      (await models.activation.read())?.active.version,
      (await fetchModel(models, settings())).version,
      rows.length === 1 ? rows[0]!.version : `${rows.length} active models`,
    ];
  }

  it.each([...retrainPoints.filter((point) => point !== 'refused'), ...promotionPoints])(
    'a retraining that is killed when it is at "%s" leaves one active model after the next one, and can be rolled back',
    async (point) => {
      await retrain(order(), await world(systemClock));
      expect(await active()).toEqual([versions[0], versions[0], versions[0]]);
      await killedAt(point, 'yes');
      // A daemon that starts now has a whole model, which the table knows, whatever the table states of its status.
      const meanwhile = (
        await fetchModel(
          { store: openModelStore(settings()), activation: openModelActivation(settings()) },
          settings(),
        )
      ).version;
      expect([versions[0], versions[1]]).toContain(meanwhile);
      // What was cut off is finished by itself already, not only by the next model.
      await retrain({ ...order(), resumeOnly: true }, await world(later));
      const [resumed] = await active();
      expect(await active()).toEqual([resumed, resumed, resumed]);
      await retrain(order(), await world(later));
      const [now] = await active();
      expect(await active()).toEqual([now, now, now]);
      expect(versions.indexOf(now!)).toBeGreaterThan(0);
      const before = versions[versions.indexOf(now!) - 1];
      await manager().rollback();
      expect(await active()).toEqual([before, before, before]);
    },
  );

  it('a retraining that is killed after it refused a model leaves the active one, and the next one decides again', async () => {
    await retrain(order(), await world(systemClock));
    await killedAt('refused', 'no');
    expect(await active()).toEqual([versions[0], versions[0], versions[0]]);
    const { run } = await retrain(order(), await world(later));
    expect(run).toMatchObject({ state: 'promoted', challenger: versions[1] });
    expect(await active()).toEqual([versions[1], versions[1], versions[1]]);
  });

  it('a first model whose promotion is killed is finished by the next retraining', async () => {
    await killedAt('pushed', 'yes');
    const parts = await world(later);
    expect(await retrain({ ...order(), resumeOnly: true }, parts)).toMatchObject({
      ...{ resumed: { state: 'promoted', challenger: versions[0], champion: null }, run: null },
    });
    expect(await active()).toEqual([versions[0], versions[0], versions[0]]);
  });
});
