import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { committedOffset, DaemonProcess, endAllDaemons, layFolder, root } from './daemon-process.ts';
import { expectDelivery } from './delivery.ts';
import { Feeder } from './feeder.ts';
import { copyModel } from './model-copies.ts';

let folder = '';
let deathFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-model-lost-'));
  deathFile = join(folder, 'die');
  mkdirSync(join(folder, 'models'));
  process.env.NODE_OPTIONS = `--require ${join(root, 'test', 'ledger', 'thread-death.cjs')}`;
  process.env.LEDGER_THREAD_DEATH = deathFile;
});
afterEach(async () => {
  delete process.env.NODE_OPTIONS;
  delete process.env.LEDGER_THREAD_DEATH;
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

describe('a daemon whose model is changed on the disk while it runs', () => {
  it('a daemon whose model files are changed while it runs never scores with them, is not ready once no thread has the model, and recovers when they are restored', async () => {
    const version = copyModel(join(folder, 'models'), '20260101T000000Z');
    layFolder(folder, `model: { localPath: ./models, version: ${version} }\n`);
    const feeder = new Feeder(folder, 1000);
    feeder.append(50);
    const daemon = await DaemonProcess.start(
      folder,
      ...['http.ops.enabled=true', 'http.ops.port=0'].flatMap((setting) => ['--set', setting]),
    );
    const line = daemon.log.split('\n').find((text) => text.includes('"ready"')) ?? '{}';
    const { ops } = JSON.parse(line) as { ops: string };
    const readiness = async () => (await (await fetch(`${ops}/readyz`)).json()) as Readiness;
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await readiness()).toMatchObject({ ready: true });

    const vocabulary = join(folder, 'models', version, 'vocabulary.tsv');
    const whole = readFileSync(vocabulary);
    writeFileSync(vocabulary, Buffer.concat([whole.subarray(0, -2), Buffer.from('9\n')]));
    // A thread looks for the file only while it has work, or while it starts. One that cannot load the model may take the file
    // too; and a message that two threads died of would be a dead letter, rightly.
    await daemon.until(async () => {
      if ((await readiness()).reasons.some((why) => why.includes('vocabulary.tsv'))) return true;
      const isAsked = existsSync(deathFile);
      if (!isAsked && committedOffset(folder, feeder.name) < feeder.bytes) return false;
      if (!isAsked) writeFileSync(deathFile, '');
      feeder.append(1);
      return false;
    });
    rmSync(deathFile, { force: true });
    feeder.append(50);
    await daemon.until(() => daemon.log.includes('cannot load the model that is active'));
    expect(committedOffset(folder, feeder.name)).toBeLessThan(feeder.bytes);

    writeFileSync(vocabulary, whole);
    await daemon.until(async () => (await readiness()).ready);
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, []);
  });
});
