import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStoreOf } from '../../../src/app/tasks/label.ts';
import { labelByRule, type RuleRequest } from '../../../src/app/tasks/label-rules.ts';
import { labelSimilar, type SimilarRequest } from '../../../src/app/tasks/label-similar.ts';
import { resumeLabelStep, undoLabelStep } from '../../../src/app/tasks/label-steps.ts';
import { type Settings, settingsSchema } from '../../../src/settings/settings-schema.ts';
import { quietLog, temporaryFolder } from '../../contract/temporary-folder.ts';

const signal = new AbortController().signal;
const how = { apply: true, by: 'ben', signal, progress: () => {} };
const end = { by: 'ben', signal, progress: () => {}, waiting: () => {} };
const rule: RuleRequest = { ...how, given: { rule: 'links' }, as: 'spam', examples: 3, sample: 0 };
const search: SimilarRequest = { ...how, limit: 10, minSimilarity: 0.3 };

let settings: Settings;
let dispose: () => Promise<void>;
beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  settings = settingsSchema.parse({
    store: { kind: 'libsql', libsql: { path: join(folder.path, 'sluice.db') } },
  }) as Settings;
  await withStore(async (store) => {
    const step = await store.begin({ kind: 'import', about: 'own', parameters: null, by: 'ben' });
    const add = (message: string, label?: 'spam' | 'ham') => ({
      ...{ message, community: '', source: 'random' },
      ...(label === undefined ? {} : { label }),
    });
    await store.add(
      step.id,
      [
        ...[1, 2, 3, 4, 5, 6].map((i) => add(`offer ${i} of the week at funsite.net`)),
        add('my holiday pictures are at coolplace.net'),
        add('nothing but the weather today'),
        add('old offer at funsite.net', 'spam'),
        add('the timetable is at funsite.net', 'ham'),
      ],
      null,
    );
    await store.finish(step.id);
  });
});
afterAll(() => dispose?.());

async function withStore<T>(
  work: (store: Awaited<ReturnType<typeof labelStoreOf>>['store']) => Promise<T>,
): Promise<T> {
  const { store, close } = await labelStoreOf(settings, quietLog);
  try {
    return await work(store);
  } finally {
    await close();
  }
}

const table = () =>
  withStore(async (store) =>
    (await store.rows({ after: 0, limit: 100 })).map(({ message, label, labelled_by }) => ({
      message,
      label,
      labelled_by,
    })),
  );

describe('rules and similar messages on the embedded database', () => {
  it('answers to the check of a rule are decisions of the person, which the step and its undo leave as they are', async () => {
    const before = await table();
    let asked = 0;
    const ask: RuleRequest['ask'] = async () => (asked++ === 0 ? 'ham' : 'spam');
    const report = await labelByRule(settings, quietLog, { ...rule, ask, sample: 3, minPrecision: 0.5 });
    expect(report).toMatchObject({
      ...{ state: 'applied', rows: 4, hits: { spam: 1, ham: 1, unlabeled: 7 } },
      ...{ precision: { right: 1, known: 2 }, checked: { right: 2, known: 3 } },
    });
    const decided = (await table()).filter(({ labelled_by }) => labelled_by === 'ben');
    expect(decided.map(({ label }) => label).sort()).toEqual(['ham', 'spam', 'spam']);
    await undoLabelStep(settings, quietLog, report.step!, end);
    const after = await table();
    expect(after.filter(({ labelled_by }) => labelled_by === 'ben')).toEqual(decided);
    expect(after.filter(({ label }) => label === null)).toHaveLength(
      before.filter(({ label }) => label === null).length - 3,
    );
  });

  it('a rule that was cut off is finished by resuming its step, from its recorded parameters alone', async () => {
    const { parameters, id } = await withStore(async (store) => {
      const [step] = await store.steps(1);
      return store.begin({ kind: 'rule', about: 'links', parameters: step!.parameters, by: 'ben' });
    });
    expect(parameters).toMatchObject({ as: 'spam', options: { rule: 'links' } });
    const report = await resumeLabelStep(settings, quietLog, id, end);
    expect(report).toMatchObject({ state: 'applied', rows: 4 });
    await undoLabelStep(settings, quietLog, id, end);
  });

  it('messages like a text are labeled, the next text is one of them, and nothing is left in the end', async () => {
    const first = await labelSimilar(settings, quietLog, {
      ...search,
      text: 'offer of the week at funsite.net',
      minSimilarity: 0.5,
      as: 'spam',
    });
    expect(first.step).toMatchObject({ state: 'applied' });
    expect(first.found[0]).toMatchObject({ kind: 'near-duplicate' });
    const rounds: string[] = [];
    for (let round = 0; round < 10; round++) {
      const { next, text } = await labelSimilar(settings, quietLog, { ...search, minSimilarity: 0.2 });
      if (text === null) {
        expect(next).toMatchObject({ seed: null });
        break;
      }
      rounds.push(text);
    }
    expect(rounds.length).toBeLessThan(10);
    expect(new Set(rounds).size).toBe(rounds.length);
    expect((await table()).find(({ message }) => message.startsWith('nothing but'))!.label).toBeNull();
  });
});
