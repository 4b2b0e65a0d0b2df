import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Featurizer } from '../../../src/text/featurizer.ts';
import type { CollectedMessage } from '../../../src/training/collect-messages.ts';
import { writeFeatureMatrix } from '../../../src/training/feature-matrix.ts';
import { decodeNpy } from '../../../src/training/npy.ts';
import { featuresOf } from '../../../src/training/profiles.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-matrix-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const message = (text: string, rest: Partial<CollectedMessage> = {}): CollectedMessage => ({
  origin: 'test',
  text,
  label: 'ham',
  source: 0,
  forTesting: false,
  weight: 1,
  ...rest,
});
const features = featuresOf('default');
const featurizer = () => new Featurizer({ languages: ['en'], ownDomains: [] });
const collected = (messages: CollectedMessage[]) => ({ sources: ['a'], messages, duplicates: 0 });

async function array(name: string): Promise<number[]> {
  return Array.from(decodeNpy(await readFile(join(folder, `${name}.npy`))).values);
}

/** The last `count` values of an array of int8. */
async function bytes(name: string, count: number): Promise<number[]> {
  return [...(await readFile(join(folder, `${name}.npy`))).subarray(-count)];
}

describe('the feature matrix', () => {
  test('the feature matrix has a row per message and then per probe, with the features that the featurizer counts', async () => {
    const rows = [
      message('money money money'),
      message('hello', { label: 'spam', forTesting: true, weight: 2 }),
    ];
    const matrix = await writeFeatureMatrix(
      folder,
      collected(rows),
      [{ message: 'money' }],
      featurizer(),
      features,
    );
    expect(await readFile(join(folder, 'labels.npy')).then((bytes) => [...bytes.subarray(-3)])).toEqual([
      0, 1, 0,
    ]);
    expect(await readFile(join(folder, 'parts.npy')).then((bytes) => [...bytes.subarray(-3)])).toEqual([
      0, 1, 2,
    ]);
    expect(await array('weights')).toEqual([1, 2, 0]);
    const indptr = await array('words.indptr');
    expect(indptr).toHaveLength(4);
    const money = matrix.names.words.indexOf('w:money');
    const indices = await array('words.indices');
    const data = await array('words.data');
    const countOfMoney = (row: number) => {
      for (let at = indptr[row]!; at < indptr[row + 1]!; at++) if (indices[at] === money) return data[at];
      return 0;
    };
    expect([0, 1, 2].map(countOfMoney)).toEqual([3, 0, 1]);
  });

  test('the feature matrix states which features are pairs, so that a profile can limit them', async () => {
    const { names } = await writeFeatureMatrix(
      folder,
      collected([message('free money')]),
      [],
      featurizer(),
      features,
    );
    const marked = [...(await readFile(join(folder, 'words.pairs.npy'))).subarray(-names.words.length)];
    expect(names.words.filter((_, id) => marked[id] === 1)).toEqual(['b:free money']);
  });

  test('the feature matrix keeps the messages of a group together and all others apart', async () => {
    const rows = [message('a', { group: 'g' }), message('b'), message('c', { group: 'g' }), message('d')];
    await writeFeatureMatrix(folder, collected(rows), [], featurizer(), features);
    const [a, b, c, d] = await array('groups');
    expect(a).toBe(c);
    expect(new Set([a, b, d]).size).toBe(3);
  });

  test('the feature matrix has the pieces of a long ham message after it, which together have the same weight', async () => {
    const long = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    // One message in four is not cut: one of several is.
    const rows = Array.from({ length: 8 }, (_, i) => message(`number${i} ${long}`, { weight: 2 }));
    const others = [
      message(`${long} a`, { label: 'spam' }),
      message(`${long} b`, { forTesting: true }),
      message('short and sweet'),
    ];
    await writeFeatureMatrix(folder, collected([...rows, ...others]), [], featurizer(), features);
    const [weights, groups] = [await array('weights'), await array('groups')];
    const parts = await bytes('parts', weights.length);
    const pieces = parts.flatMap((part, row) => (part === 3 ? [row] : []));
    const cut = new Set(pieces.map((row) => groups[row]));
    expect(cut.size).toBeGreaterThan(2);
    expect(Math.max(...(cut as Set<number>))).toBeLessThan(rows.length);
    for (const group of cut) {
      const ofGroup = pieces.filter((row) => groups[row] === group);
      expect(ofGroup.reduce((sum, row) => sum + weights[row]!, 0)).toBeCloseTo(2, 5);
      const labels = await bytes('labels', weights.length);
      expect(ofGroup.map((row) => labels[row])).toEqual(ofGroup.map(() => 0));
    }
    expect(parts.filter((part) => part !== 3)).toHaveLength(rows.length + others.length);
  });

  test('the feature matrix has the number of words with a letter in each row, and states which features are such words', async () => {
    const { names } = await writeFeatureMatrix(
      folder,
      collected([message('Call 0900 123456 at gr8 4711 www.example.com')]),
      [{ message: '12 !' }],
      featurizer(),
      features,
    );
    expect(await array('lengths')).toEqual([3, 0]);
    const words = await bytes('words.words', names.words.length);
    expect(names.words.filter((_, id) => words[id] === 1).sort()).toEqual(['f:at', 'w:call', 'w:gr8']);
  });

  test('the feature matrix is the same for the same messages, and contains no text', async () => {
    const rows = [message('a very particular sentence'), message('x', { label: 'spam' })];
    const one = await writeFeatureMatrix(join(folder, 'one'), collected(rows), [], featurizer(), features);
    const two = await writeFeatureMatrix(join(folder, 'two'), collected(rows), [], featurizer(), features);
    expect(one.sha256).toBe(two.sha256);
    for (const file of await readdir(join(folder, 'one')))
      expect((await readFile(join(folder, 'one', file))).includes('particular')).toBe(false);
    const other = await writeFeatureMatrix(
      join(folder, 'three'),
      collected(rows.slice(0, 1)),
      [],
      featurizer(),
      features,
    );
    expect(other.sha256).not.toBe(one.sha256);
  });

  test('writing a feature matrix stops when its signal aborts', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(
      writeFeatureMatrix(folder, collected([message('a')]), [], featurizer(), features, stopped),
    ).rejects.toThrow('enough');
  });

  test('the feature matrix has a weak label as a row from which base models learn, weighed as the largest data set', async () => {
    const rows = [
      message('first', { source: 0 }),
      message('second', { source: 1 }),
      message('third', { source: 1 }),
      message('reported', { source: 2, label: 'spam', weight: 0.05, isWeak: true }),
      message('held out', { source: 0, forTesting: true }),
    ];
    const sets = { sources: ['a', 'b', 'reports'], messages: rows, duplicates: 0 };
    await writeFeatureMatrix(folder, sets, [], featurizer(), features);
    expect(await bytes('parts', 5)).toEqual([0, 0, 0, 3, 1]);
    expect(await array('sources')).toEqual([0, 1, 1, 1, 0]);
  });
});
