import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { committedOffset, DaemonProcess, endAllDaemons, layFolder, readTrace } from './daemon-process.ts';
import { expectDelivery } from './delivery.ts';
import { Feeder } from './feeder.ts';
import { copyModel, replaceFile } from './model-copies.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-swap-'));
  mkdirSync(join(folder, 'models'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const useModel = (version: string) =>
  layFolder(folder, `model: { localPath: ./models, version: ${version} }\nbatch: { maxMessages: 64 }\n`);

describe('a model that is changed under load', () => {
  it('a model change under load happens between two batches: no message is lost or repeated, and no batch is scored by two models', async () => {
    const first = copyModel(join(folder, 'models'), '20260101T000000Z');
    const second = copyModel(join(folder, 'models'), '20260102T000000Z', (manifest) => {
      manifest.data.seed++;
    });
    useModel(first);
    const feeder = new Feeder(folder, 1000);
    feeder.append(100);
    feeder.start();
    const daemon = await DaemonProcess.start(folder);
    try {
      await daemon.until(() => readTrace(folder).length > 500);
      useModel(second);
      await daemon.until(() => readTrace(folder).some((line) => line.model === second));
      await new Promise((resolve) => setTimeout(resolve, 500));
    } finally {
      feeder.stop();
    }
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, []);
    expect(new Set(readTrace(folder).map((line) => line.model))).toEqual(new Set([first, second]));
  });

  it('a broken model never replaces the active one under load, whether its files or its scores are wrong', async () => {
    const good = copyModel(join(folder, 'models'), '20260101T000000Z');
    const wrong = copyModel(join(folder, 'models'), '20260102T000000Z', (manifest) => {
      if (manifest.blender.kind === 'logistic') manifest.blender.bias += 0.5;
    });
    const cut = copyModel(join(folder, 'models'), '20260103T000000Z', (manifest, path) => {
      const graph = manifest.stages[0]!.file;
      replaceFile(manifest, path, graph, Buffer.from('not a graph'));
    });
    const tampered = copyModel(join(folder, 'models'), '20260104T000000Z');
    writeFileSync(join(folder, 'models', tampered, 'golden.jsonl'), '');
    useModel(good);
    const feeder = new Feeder(folder, 1000);
    feeder.append(50);
    const daemon = await DaemonProcess.start(folder);
    for (const version of [wrong, cut, tampered, '20260105T000000Z-01234567']) {
      useModel(version);
      await daemon.until(
        () => daemon.log.includes(version) && daemon.log.includes('the configured model was rejected'),
      );
    }
    const refusals = () => daemon.log.split('the configured model was rejected').length;
    const before = refusals();
    daemon.signal('SIGHUP');
    await daemon.until(() => refusals() > before);
    feeder.append(50);
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, []);
    expect(new Set(readTrace(folder).map((line) => line.model))).toEqual(new Set([good]));
  });
});
