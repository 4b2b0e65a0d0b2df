import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../src/core/model-data.ts';
import { messageKey } from '../../../src/learning/row-columns.ts';
import { jaccard, shinglesOf } from '../../../src/text/similarity/near-duplicates.ts';
import { isForTesting } from '../../../src/training/testing-part.ts';
import { assembled, limits, source, texts } from './assembled.ts';

const both = [
  { text: 'Could you water the plants on Sunday?', label: 'ham' as const },
  { text: 'Collect your casino credit before midnight', label: 'spam' as const },
];
const [testing, trained] = [texts(30, true), texts(60, false)];
const [spam, ham] = ['spam', 'ham'] as const;
const base = source('base', [
  { text: trained[0]!, label: ham },
  { text: trained[1]!, label: spam },
]);
const textsOf = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text).sort();
const leftOut = (data: ModelData, name: string) => data.sources.find((each) => each.name === name)?.leftOut;
const month = Date.UTC(2026, 9, 1);

/** Two near-duplicates of which the hashes say different things; `forTesting`: what that of the first says. */
function twins(forTesting: boolean): readonly [string, string] {
  for (const text of [...testing, ...trained].map(
    (each) => `${each} with many words that both of them share`,
  ))
    for (const end of [' now', ' today', ' then', ' again'])
      if (isForTesting({ text }) === forTesting && isForTesting({ text: text + end }) !== forTesting)
        return [text, text + end];
  throw new Error('there are no such twins');
}

describe('the parts of a data set', () => {
  it('what is for testing by the stable hash is held out, and all else is trained on', async () => {
    const { training, heldOut, data } = await assembled([
      base,
      source('training', [
        ...testing.slice(0, 3).map((text) => ({ text, label: spam })),
        ...trained.slice(2, 7).map((text) => ({ text, label: ham })),
      ]),
    ]);
    expect(textsOf(heldOut)).toEqual(testing.slice(0, 3).sort());
    expect(textsOf(training)).toEqual(trained.slice(0, 7).sort());
    expect(heldOut[0]).toMatchObject({ source: 'training', community: 'forum', part: 'new', label: spam });
    expect(data.sources[1]).toMatchObject({
      ...{ kind: 'training', read: 8, training: { spam: 0, ham: 5 }, heldOut: { spam: 3, ham: 0 } },
      ...{ rows: [[4, 8]], heldOutRows: [[1, 3]], readTo: 8, leftOut: {} },
    });
  });

  it('near-duplicates are on the side of the first one, whatever their own hashes', async () => {
    const [heldOutFirst, trainedFirst] = [twins(true), twins(false)];
    const { training, heldOut, data } = await assembled([
      base,
      source(
        'training',
        [...heldOutFirst, ...trainedFirst].map((text) => ({ text, label: spam })),
      ),
    ]);
    expect(textsOf(heldOut)).toEqual([heldOutFirst[0]]);
    expect(textsOf(training)).toEqual([trained[0], trained[1], trainedFirst[0]].sort());
    expect(leftOut(data, 'training')).toEqual({ 'twin-held-out': 1, 'twin-in-training': 1 });
  });

  it('messages of one conversation are on one side', async () => {
    const group = Array.from({ length: 50 }, (_, i) => `talk ${i}`).find((name) =>
      isForTesting({ text: '', group: name }),
    )!;
    const rows = [...testing.slice(0, 2), ...trained.slice(2, 6)].map((text) => ({
      text,
      label: ham,
      group,
    }));
    const { heldOut } = await assembled([base, source('training', rows)]);
    expect(heldOut).toHaveLength(6);
  });

  it('rows whose group of near-duplicates has one name are on one side', async () => {
    const rows = [testing[0]!, trained[2]!, trained[3]!, testing[1]!].map((text, at) => ({
      ...{ text, label: spam, nearGroup: at < 2 ? '7:1' : '7:3' },
    }));
    const { heldOut, training } = await assembled([base, source('training', rows)]);
    expect(textsOf(heldOut)).toEqual([testing[0]]);
    expect(textsOf(training)).toEqual([trained[0], trained[1], trained[3]].sort());
  });

  it('no held-out message has a near-duplicate in training, and no message is there twice', async () => {
    const words = Array.from({ length: 3 }, (_, part) =>
      'the club meets at the old harbor on saturday morning and everybody may join the tour'
        .split(' ')
        .map((each) => `${each}${'xyz'[part]}`),
    ).flat();
    const others = ['lantern', 'marble', 'pigeon', 'quarry'];
    const message = fc
      .tuple(fc.nat(3), fc.array(fc.tuple(fc.nat(words.length - 1), fc.nat(3)), { maxLength: 1 }))
      .map(([kind, changes]) => {
        const list = words.map((word) => `${word}${'abcd'[kind]}`);
        for (const [at, word] of changes) list[at] = others[word]!;
        return list.join(' ');
      });
    const row = fc.record({
      text: message,
      label: fc.constantFrom(spam, ham),
      group: fc.option(fc.constantFrom('one', 'two', 'three'), { nil: undefined }),
      nearGroup: fc.option(fc.constantFrom('1:1', '1:2'), { nil: undefined }),
    });
    const rows = fc.array(row, { maxLength: 12 }).map((list) =>
      list.map(({ group, nearGroup, ...each }) => ({
        ...each,
        ...(group === undefined ? {} : { group }),
        ...(nearGroup === undefined ? {} : { nearGroup }),
      })),
    );
    await fc.assert(
      fc.asyncProperty(rows, rows, rows, async (inBase, inTraining, inMessages) => {
        const { training, heldOut, data } = await assembled([
          source('base', [
            ...both,
            { text: trained[0]!, label: ham },
            { text: trained[1]!, label: spam },
            ...inBase,
          ]),
          source('training', inTraining),
          source('messages', inMessages),
        ]);
        for (const held of heldOut)
          for (const { text } of training)
            expect(jaccard(shinglesOf(held.text), shinglesOf(text))).toBeLessThan(0.9);
        const keys = [...training, ...heldOut].map(({ text }) => messageKey(text));
        expect(new Set(keys).size).toBe(keys.length);
        const read = data.sources.reduce((sum, each) => sum + each.read, 0);
        const gone = data.sources.flatMap((each) => Object.values(each.leftOut)).reduce((a, b) => a + b, 0);
        expect(read).toBe(training.length + heldOut.length + gone);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is left out of a data set', () => {
  it('a message with both labels is listed and is in neither part', async () => {
    const { training, heldOut, data } = await assembled([
      base,
      source('training', [
        { text: `${trained[2]}!`, label: spam },
        { text: trained[3]!, label: ham },
      ]),
      source('messages', [{ text: trained[2]!.toUpperCase(), label: ham }]),
    ]);
    expect(textsOf([...training, ...heldOut])).toEqual([trained[0], trained[1], trained[3]].sort());
    expect(data.contradictions).toEqual({
      count: 1,
      first: [
        { key: expect.stringMatching(/^[0-9a-f]{64}$/), rows: ['training 1: spam', 'messages 1: ham'] },
      ],
    });
    expect(leftOut(data, 'messages')).toEqual({ contradiction: 1 });
  });

  it('of near-duplicates with one label the first stays, and one with the other label stays as well', async () => {
    const text = `${trained[2]} and some more words so that one of them makes little difference here`;
    const rows = ['', ' now', ' today', ' then'].map((end, at) => ({
      ...{ text: `${text}${end}`, label: at === 3 ? ham : spam, group: 'one' },
    }));
    const { training, heldOut, data } = await assembled([base, source('training', rows)]);
    expect([...training, ...heldOut].filter((line) => line.source === 'training')).toHaveLength(2);
    expect(leftOut(data, 'training')).toEqual({ 'near-duplicate': 2 });
  });

  it('empty messages and those above the cap are left out', async () => {
    const { data } = await assembled([
      base,
      source('training', [
        { text: '', label: spam },
        { text: 'x'.repeat(20_001), label: spam },
      ]),
    ]);
    expect(leftOut(data, 'training')).toEqual({ empty: 1, 'too-long': 1 });
  });

  it('no community has more messages of one month than the limit, the same ones for the same seed', async () => {
    const rows = [...testing, ...trained.slice(2)].map((text, at) => ({
      ...{ text, label: at % 2 === 0 ? spam : ham, at: at < 40 ? month : month + 40 * 86_400_000 },
      community: at % 4 === 0 ? 'quiet' : 'loud',
    }));
    const few = { ...limits, mostPerCommunityMonth: 12 };
    const sources = [base, source('training', rows)];
    const one = await assembled(sources, { limits: few });
    const counts = new Map<string, number>();
    for (const line of [...one.training, ...one.heldOut]) {
      const row = rows.find(({ text }) => text === line.text);
      if (row === undefined) continue;
      const bucket = `${row.community} ${row.at}`;
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect([...counts].sort()).toEqual([
      [`loud ${month}`, 12],
      [`loud ${month + 40 * 86_400_000}`, 12],
      [`quiet ${month}`, 10],
      [`quiet ${month + 40 * 86_400_000}`, 12],
    ]);
    expect(await assembled(sources, { limits: few })).toEqual(one);
    const other = await assembled(sources, { limits: few, seed: 2 });
    expect(textsOf(other.training)).not.toEqual(textsOf(one.training));
  });

  it('a data set without a class to train on is refused, with what to do', async () => {
    const only = source('base', [{ text: trained[0]!, label: ham }]);
    await expect(assembled([only, source('training', [{ text: testing[0]!, label: spam }])])).rejects.toThrow(
      /none of the 2 messages of own, training that may be trained on is spam\. Label some/,
    );
    await expect(assembled([only])).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });
});

describe('what is new since the active model', () => {
  const rows = [
    { text: testing[0]!, label: spam, at: month },
    { text: testing[1]!, label: ham },
    { text: trained[2]!, label: ham, at: month + 5 },
  ];
  const later = [
    ...rows,
    { text: testing[2]!, label: spam, at: month + 10 },
    { text: testing[3]!, label: ham },
    { text: trained[3]!, label: spam, at: month + 11 },
  ];

  it('all labels are new where there is no model, and those of tables where its data is not known', async () => {
    expect((await assembled([base, source('training', rows)])).newLabels).toBe(5);
    const unknown = await assembled([base, source('training', rows)], { champion: { data: null } });
    expect(unknown.newLabels).toBe(3);
    expect(unknown.heldOut.map(({ part }) => part)).toEqual(['new', 'new']);
  });

  it('labels are new by their time, by their number where they have none, and in data sets that the model did not have', async () => {
    const before = await assembled([base, source('training', rows)]);
    expect(before.data.labelsUntil).toBe(month + 5);
    const champion = { data: before.data };
    expect((await assembled([base, source('training', rows)], { champion })).newLabels).toBe(0);
    const more = { ...source('base', [{ text: testing[4]!, label: ham }]), name: 'more' };
    const after = await assembled([base, more, source('training', later)], { champion });
    expect(after.newLabels).toBe(4);
    expect(after.heldOut.map(({ text, part }) => [text, part])).toEqual([
      [testing[4], 'new'],
      [testing[0], 'old'],
      [testing[1], 'old'],
      [testing[2], 'new'],
      [testing[3], 'new'],
    ]);
  });

  it('a time in the future is not believed', async () => {
    const ahead = [...rows, { text: trained[4]!, label: spam, at: Date.UTC(2126, 0, 1) }];
    const { data } = await assembled([base, source('training', ahead)]);
    expect(data.labelsUntil).toBe(month + 5);
  });

  it('the newest groups since then are not trained on, and what is held out of them stays', async () => {
    const { data } = await assembled([base, source('training', rows)]);
    const more = [...testing.slice(5, 10), ...trained.slice(5, 20)].map((text, at) => ({
      ...{ text, label: spam, at: month + 100 + at },
    }));
    const options = { champion: { data }, limits: { ...limits, newestShare: 0.2 } };
    const after = await assembled([base, source('training', [...rows, ...more])], options);
    expect(leftOut(after.data, 'training')).toEqual({ newest: 4 });
    expect(after.training.map(({ text }) => text)).not.toContain(trained[19]);
    expect(after.training.map(({ text }) => text)).toContain(trained[15]);
    expect(after.heldOut).toHaveLength(7);
    expect(after.data.limits.newestAfter).toBe(month + 115);
  });
});
