import { expect, it } from 'vitest';
import { type GuardCounts, noGuardCounts } from '../../../src/core/guard-counts.ts';
import type { NewDisagreement, ShadowCount } from '../../../src/ports/shadow-store.ts';
import type { DecisionFixture } from './decision-fixture.ts';

const [first, second, third] = [
  '20261101T000000Z-01234567',
  '20261102T000000Z-01234567',
  '20261103T000000Z-01234567',
];
const models = { active: first!, shadow: second! };

export function disagreement(id: string, rest: Partial<NewDisagreement> = {}): NewDisagreement {
  return {
    ...{ community: 'forum', message_id: id, message: `text of ${id}`, sender: null, models },
    active: { verdict: 'ham', probability: null, reasons: [] },
    shadow: { verdict: 'spam', probability: 0.9, reasons: ['w:free', '“quoted”'] },
    ...rest,
  };
}

function count(messages: number, rest: Partial<ShadowCount> = {}): ShadowCount {
  return { ...models, activeVerdict: 'ham', shadowVerdict: 'spam', messages, ...rest };
}

/** What a shadow found. */
export function describeShadow(name: string, f: DecisionFixture): void {
  const add = (ids: readonly string[], keep = 100) =>
    f.store.shadow.add({ counts: [], disagreements: ids.map((id) => disagreement(id)), keep });
  const idsOf = async (query: Partial<Parameters<typeof f.store.shadow.disagreements>[0]> = {}) =>
    (await f.store.shadow.disagreements({ limit: 100, ...query })).map(({ message_id }) => message_id);

  it(`${name} as a ShadowStore adds up the counts of a pair of models by the verdicts of both`, async () => {
    const { shadow } = f.store;
    const add = (...counts: readonly ShadowCount[]) => shadow.add({ counts, disagreements: [], keep: 10 });
    await add(count(3), count(40, { shadowVerdict: 'ham' }));
    await add(count(2), count(7, { shadow: third! }));
    expect(await shadow.counts(models)).toEqual([count(40, { shadowVerdict: 'ham' }), count(5)]);
    expect(await shadow.counts()).toHaveLength(3);
    expect(await shadow.counts({ active: second!, shadow: first! })).toEqual([]);
  });

  it(`${name} as a ShadowStore keeps what both models said of a message, once for each pair of models`, async () => {
    const odd = disagreement('half \ud83d', {
      ...{ message: 'NUL \0 and 😀', sender: 'mallory \ud83d', community: '' },
      active: { verdict: 'review', probability: 0.625, reasons: ['text:window'] },
    });
    const { shadow } = f.store;
    await shadow.add({ counts: [], disagreements: [odd], keep: 10 });
    f.now += 5;
    await shadow.add({ counts: [], disagreements: [{ ...odd, message: 'again' }], keep: 10 });
    expect(await shadow.disagreements({ limit: 10 })).toEqual([
      { ...odd, id: expect.any(Number), at: f.now - 5 },
    ]);
    const others = { active: first!, shadow: third! };
    await shadow.add({ counts: [], disagreements: [{ ...odd, models: others }], keep: 10 });
    expect(await shadow.disagreements({ limit: 10 })).toHaveLength(2);
    expect(await shadow.disagreements({ pair: others, limit: 10 })).toMatchObject([{ models: others }]);
  });

  it(`${name} as a ShadowStore keeps the newest disagreements, lists them newest first, and goes on behind one of them`, async () => {
    await add(['1', '2', '3']);
    await add(['4', '5'], 4);
    expect(await idsOf()).toEqual(['5', '4', '3', '2']);
    const [, last] = await f.store.shadow.disagreements({ limit: 2 });
    expect(await idsOf({ before: last!.id })).toEqual(['3', '2']);
  });

  it(`${name} as a ShadowStore removes disagreements that are older than a time`, async () => {
    await add(['old']);
    f.now += 1000;
    await add(['new']);
    expect(await f.store.shadow.expire(f.now)).toBe(1);
    expect(await idsOf()).toEqual(['new']);
  });
}

/** What all daemons know of versions that became active. */
export function describeGuard(name: string, f: DecisionFixture): void {
  const some: GuardCounts = { messages: 100, spamMore: 5, spamFewer: 1, reviewMore: 2, reviewFewer: 3 };
  const decide = (version: string, state: 'passed' | 'tripped' | 'confirmed', who = 'guard') =>
    f.store.guard.decide(version, { state, who, why: 'because' });

  it(`${name} as a GuardStore adds up what daemons counted, and keeps what a version is compared with`, async () => {
    const { guard } = f.store;
    expect(await guard.list(10)).toEqual([]);
    expect(await guard.add(second!, first!, some)).toMatchObject({
      ...some,
      state: 'watching',
      before: first,
      decided: null,
    });
    expect(await guard.add(second!, null, some)).toMatchObject({
      ...{ messages: 200, spamMore: 10, spamFewer: 2, reviewMore: 4, reviewFewer: 6 },
      ...{ before: first, beganAt: f.now, changedAt: f.now },
    });
    expect(await guard.add(second!, null, noGuardCounts)).toMatchObject({ messages: 200 });
  });

  it(`${name} as a GuardStore leaves a version tripped until somebody confirms it, and confirmed then`, async () => {
    await f.store.guard.add(second!, first!, some);
    expect(await decide(second!, 'passed')).toMatchObject({ state: 'passed' });
    expect(await decide(second!, 'tripped')).toMatchObject({
      state: 'tripped',
      decided: 'guard: because',
      ...some,
    });
    expect(await decide(second!, 'passed')).toMatchObject({ state: 'tripped' });
    expect(await decide(second!, 'confirmed', 'anna')).toMatchObject({
      state: 'confirmed',
      decided: 'anna: because',
    });
    expect(await decide(second!, 'tripped')).toMatchObject({ state: 'confirmed', decided: 'anna: because' });
  });

  it(`${name} as a GuardStore records a trip and a confirmation in the activity log, each once`, async () => {
    for (const state of ['passed', 'tripped', 'tripped', 'confirmed', 'confirmed'] as const)
      await decide(second!, state);
    const { items } = await f.store.activity({ limit: 10 });
    expect(items.map(({ who, what, before, after }) => ({ who, what, before, after }))).toEqual([
      {
        ...{ who: 'guard', what: 'model', before: { model: second, guard: 'tripped' } },
        after: { model: second, guard: 'confirmed', reason: 'because' },
      },
      {
        ...{ who: 'guard', what: 'model', before: { model: second, guard: 'passed' } },
        after: { model: second, guard: 'tripped', reason: 'because' },
      },
    ]);
  });

  it(`${name} as a GuardStore lists the version that became active last first, also one that passed long ago`, async () => {
    for (const version of [first!, second!, third!]) {
      await decide(version, 'passed');
      f.now += 10;
    }
    await decide(second!, 'confirmed');
    f.now += 10;
    const listed = async () => (await f.store.guard.list(10)).map(({ version }) => version);
    expect(await listed()).toEqual([second, third, first]);
    await decide(first!, 'passed');
    expect(await listed()).toEqual([first, second, third]);
    f.now += 10;
    expect(await decide(second!, 'passed')).toMatchObject({ state: 'confirmed' });
    expect(await listed()).toEqual([second, first, third]);
  });
}
