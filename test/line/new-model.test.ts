import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlStores } from '../../src/adapters/libsql/open-libsql-stores.ts';
import {
  cli,
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  linesOf,
  readTrace,
} from './daemon-process.ts';
import { Feeder } from './feeder.ts';
import { copyModel, replaceFile } from './model-copies.ts';

/** Twenty harmless messages, all of which the model that ships calls ham; one with more bias calls the race spam. */
const ham = [
  'are we still on for dinner tonight?',
  'I left the keys under the mat, see you at eight',
  'the train is late again, start without me',
  'can you call me when you get home',
  'please send me the photos from saturday',
  'I will be there in ten minutes',
  'thanks for the present, the kids love it',
  'the offer for the flat was accepted, we move in May',
  'free on friday? we could go for a swim',
  'the meeting was moved to room four',
  'happy birthday, see you at the party',
  'could you pay me back the ten euros for the tickets',
  'is the shop on the corner open on sunday',
  'she won the race, what a prize day',
  'call the dentist and claim the appointment',
  'I need your account of what happened at school',
  'we got cash from the machine near the station',
  'I will be at the station in an hour',
  'the kids love the garden',
  'start without me, the bus is late',
];
const spam = [
  'WIN a FREE prize now!!! Call 0900 123 4567 to claim your cash reward',
  'hot singles near you, visit www.funsite18.com and win $$$',
];
const texts = [...ham, ...spam];
const isHam = (messageId: string) => Number(messageId.split('-')[1]) % texts.length < ham.length;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-new-model-'));
  mkdirSync(join(folder, 'models'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

/** A model that calls a twentieth of all ham spam, and passes every check. */
function planted(): string {
  return copyModel(join(folder, 'models'), '20260102T000000Z', (manifest, path) => {
    if (manifest.blender.kind === 'logistic') manifest.blender.bias += 2.6;
    // Of a text without one known feature, every model states its prior.
    const golden = { message: '♜♞♝', probability: manifest.prior, members: manifest.members.map(() => 0) };
    replaceFile(manifest, path, 'golden.jsonl', `${JSON.stringify(golden)}\n`);
  });
}

const useModel = (version: string, more = '') =>
  layFolder(
    folder,
    `model: { localPath: ./models, version: ${version} }\nbatch: { maxMessages: 64 }\n${more}`,
  );

interface PublishedVerdict {
  readonly message_id: string;
  readonly verdict: string;
  readonly model: string;
}

function published(model: string): readonly PublishedVerdict[] {
  const all = linesOf(join(folder, 'data', 'verdicts.jsonl')).map(
    (line) => JSON.parse(line) as PublishedVerdict,
  );
  return all.filter((each) => each.model === model && each.verdict === 'spam');
}

const sluice = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [cli, ...args, '--config', join(folder, 'settings.yaml')], {
    cwd: folder,
  });

describe('a new model in a daemon', () => {
  it('a model that calls a twentieth of all ham spam publishes fewer than 20 wrong verdicts, and none of its spam until somebody confirms it', async () => {
    const good = copyModel(join(folder, 'models'), '20260101T000000Z');
    const bad = planted();
    useModel(good);
    const feeder = new Feeder(folder, 1000, 'feed.jsonl', texts);
    feeder.append(200);
    feeder.start();
    let daemon = await DaemonProcess.start(folder);
    try {
      await daemon.until(() => readTrace(folder).length > 500);
      useModel(bad);
      await daemon.until(() => daemon.log.includes('the guard holds back the spam of the new model'));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    } finally {
      feeder.stop();
    }
    const wrong = () => published(bad).filter(({ message_id }) => isHam(message_id)).length;
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    const byBad = readTrace(folder).filter(({ model }) => model === bad);
    console.info(`${byBad.length} messages by the planted model, ${wrong()} wrong verdicts`);
    expect(byBad.filter(({ message_id }) => isHam(message_id!)).length).toBeGreaterThan(500);
    expect(wrong()).toBeLessThan(20);
    expect(byBad.at(-1)!.outcome).not.toBe('spam');

    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    daemon = await DaemonProcess.start(folder);
    const before = published(bad).length;
    feeder.append(220);
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(published(bad)).toHaveLength(before);

    await expect(sluice('model', 'guard')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('tripped'),
    });
    await sluice('model', 'confirm', bad, '--reason', 'looked at the queue');
    await daemon.until(() => {
      feeder.append(22);
      return published(bad).length > before;
    });
    expect((await sluice('model', 'guard')).stdout).toContain('looked at the queue');
    await daemon.kill('SIGTERM');
  });

  it('a shadow scores its share without effect, and a shadow that is refused disturbs nobody', async () => {
    const good = copyModel(join(folder, 'models'), '20260101T000000Z');
    const bad = planted();
    const cut = copyModel(join(folder, 'models'), '20260103T000000Z', (manifest, path) => {
      replaceFile(manifest, path, manifest.stages[0]!.file, Buffer.from('not a graph'));
    });
    const shadowOf = (version: string) => `shadow: { version: ${version}, share: 0.5 }\n`;
    useModel(good, shadowOf(cut));
    const feeder = new Feeder(folder, 1000, 'feed.jsonl', texts);
    feeder.append(220);
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => daemon.log.includes('the shadow is refused'));
    useModel(good, shadowOf(bad));
    await daemon.until(() => daemon.log.includes('the shadow scores beside the active model'));
    feeder.append(2200);
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    const { decisions, reviews, accounts } = await openLibsqlStores(join(folder, 'data', 'sluice.db'));
    try {
      const counts = () => decisions.shadow.counts({ active: good, shadow: bad });
      const compared = async () => (await counts()).reduce((sum, { messages }) => sum + messages, 0);
      await daemon.until(async () => (await compared()) > 900);
      expect(await compared()).toBeLessThan(1300);
      const differing = await decisions.shadow.disagreements({ limit: 100 });
      expect(differing.find(({ shadow }) => shadow.verdict === 'spam')).toMatchObject({
        message: expect.stringContaining('she won the race'),
        active: { verdict: 'ham' },
        shadow: { reasons: expect.arrayContaining(['w:prize']) },
      });
    } finally {
      for (const store of [decisions, reviews, accounts]) await store.close();
    }
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(new Set(readTrace(folder).map(({ model }) => model))).toEqual(new Set([good]));
    expect(published(good).filter(({ message_id }) => isHam(message_id))).toEqual([]);
    expect(readTrace(folder)).toHaveLength(2420);
  });
});
