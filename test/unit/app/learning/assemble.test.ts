import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlTrainingData } from '../../../../src/adapters/libsql/libsql-training-data.ts';
import { assembleFor } from '../../../../src/app/learning/assemble.ts';
import { modelDataOf } from '../../../../src/app/learning/champion.ts';
import { readDataFolder } from '../../../../src/app/learning/read-data-folder.ts';
import { traceModel } from '../../../../src/app/tasks/trace-model.ts';
import type { Log } from '../../../../src/ports/log.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
let folder: string;
let settings: Settings;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-assemble-'));
  await writeFile(
    at('base.csv'),
    `label,text\n${Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'spam' : 'ham'},${word(i)} in the base set ${word(i + 50)}`).join('\n')}\n`,
  );
  ({ settings } = await loadSettings({
    environment: {},
    assignments: [
      `state.path=${at('state')}`,
      `store.libsql.path=${at('state', 'sluice.db')}`,
      `model.localPath=${at('models')}`,
      `retrain.data.base=["${at('base.csv')}"]`,
    ],
    baseFolders: { workingDirectory: folder, packageRoot: folder },
  }));
  await mkdir(at('state'));
  await (await openLibsqlTrainingData(at('state', 'sluice.db'))).close();
  const client = new Database(at('state', 'sluice.db'));
  for (let i = 0; i < 60; i++)
    client.exec(
      `insert into training (class, message, labelled_by, labelled_at, community) values
        (${i % 3 === 0 ? 1 : 0}, '${word(i + 200)} ${word(i * 7 + 300)} ${word(i * 3 + 100)}', 'anna', ${1000 + i}, 'forum')`,
    );
  client.exec(`insert into messages (spam, body) values (1, 'one of the other table')`);
  client.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function word(number: number): string {
  return [...(number * 7919).toString(26)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join('');
}

const assemble = (rest: Partial<Parameters<typeof assembleFor>[1]> = {}) =>
  assembleFor(settings, { out: at('one'), champion: null, seed: 1, log, ...rest });
const read = async <T>(lines: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

describe('assembling what the settings name', () => {
  it('reads data sets and tables into a folder that only its owner may read, and the same seed gives the same bytes', async () => {
    const { folder: path, data, newLabels } = await assemble();
    expect(path).toBe(at('one'));
    expect(newLabels).toBe(101);
    expect(data.sources.map(({ name, read: count }) => [name, count])).toEqual([
      ['base.csv', 40],
      ['training', 60],
      ['messages', 1],
    ]);
    expect((await readdir(path)).sort()).toEqual(['data.json', 'held-out.jsonl', 'training.jsonl']);
    const set = await readDataFolder(path);
    expect(set.data).toEqual(data);
    const [training, heldOut] = [await read(set.training()), await read(set.heldOut())];
    expect(training.length + heldOut.length).toBe(101);
    expect(heldOut.length).toBeGreaterThan(8);
    await assemble({ out: at('two') });
    for (const name of ['training.jsonl', 'held-out.jsonl'])
      expect(await readFile(at('two', name))).toEqual(await readFile(at('one', name)));
    expect(await readdir(folder)).toEqual(
      ['base.csv', 'models', 'one', 'state', 'two'].filter((name) => name !== 'models'),
    );
  });

  it.each([
    ['a folder that is there', 'USAGE', async () => void (await mkdir(at('one')))],
    ['a data set that is not there', 'DATA_UNREADABLE', async () => void (await rm(at('base.csv')))],
    [
      'a file in place of the state folder',
      'STORE_FAILED',
      async () => {
        settings = { ...settings, state: { ...settings.state, path: at('base.csv') } };
      },
    ],
  ])('refuses %s, and leaves nothing behind', async (_, code, prepare) => {
    await prepare();
    const before = await readdir(folder);
    await expect(assemble()).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(before);
  });

  it('into a folder that cannot be made, since a file has its name, fails with what to do', async () => {
    for (const out of [at('base.csv', 'one'), at('base.csv', 'in', 'one')])
      await expect(assemble({ out })).rejects.toMatchObject({
        code: 'SINK_FAILED',
        message: expect.stringMatching(/cannot be written: no folder .* can be made .*Check its folder/),
      });
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const abort = new AbortController();
    const progress = ({ phase }: { readonly phase: string }) =>
      phase === 'comparing' && abort.abort(new Error('stopped'));
    await expect(assemble({ signal: abort.signal, progress })).rejects.toThrow('stopped');
    expect(await readdir(folder)).not.toContain('one');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a folder of a data set', () => {
  it('that is not whole is refused, with what to do', async () => {
    await expect(readDataFolder(at('none'))).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
      message: expect.stringContaining('sluice dataset assemble'),
    });
    const { folder: path } = await assemble();
    const set = await readDataFolder(path);
    const lines = (await readFile(at('one', 'training.jsonl'), 'utf8')).split('\n');
    await writeFile(at('one', 'training.jsonl'), lines.slice(5).join('\n'));
    await expect(read(set.training())).rejects.toThrow(
      /says \d+: it is not whole.*Assemble the data set again/,
    );
    await writeFile(at('one', 'training.jsonl'), 'nothing\n');
    await expect(read(set.training())).rejects.toThrow(
      'training.jsonl, line 1: this is no message of a data set',
    );
    await rm(at('one', 'held-out.jsonl'));
    await expect(read(set.heldOut())).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
    await writeFile(at('one', 'data.json'), '{');
    await expect(readDataFolder(path)).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await rm(at('one', 'data.json'));
    await expect(readDataFolder(path)).rejects.toThrow(
      /no data.json.*it is not whole\. Remove it and assemble it again/,
    );
  });
});

describe('the data of a model', () => {
  it('is null where its folder has none, and refused where it cannot be understood', async () => {
    expect(await modelDataOf(folder)).toBeNull();
    await writeFile(at('data.json'), '{"schema":2}');
    await expect(modelDataOf(folder)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    const { data } = await assemble();
    expect(await modelDataOf(at('one'))).toEqual(data);
  });

  it('of no model cannot be traced', async () => {
    await expect(traceModel(settings, log, undefined, [])).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});
