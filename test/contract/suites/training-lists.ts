import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TrainingFilter, TrainingRow } from '../../../src/ports/training-store.ts';
import { anna, type DecisionFixture, lead } from './decision-fixture.ts';

interface Sample {
  readonly label: 'spam' | 'ham';
  readonly message: string;
  readonly community: string;
  readonly source: string;
  readonly by: string | null;
  readonly at: number | null;
}

const long = 'c'.repeat(200);

async function insert(f: DecisionFixture, samples: readonly Sample[]): Promise<void> {
  const text = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);
  const values = samples.map(
    ({ label, message, community, source, by, at }) =>
      `(${label === 'spam' ? 1 : 0}, ${text(message)}, ${text(community)}, ${text(source)}, ${text(by)}, ${at ?? 'null'})`,
  );
  await f.harness.run(
    `insert into training (class, message, community, source, labelled_by, labelled_at) values ${values.join(', ')}`,
  );
}

/** All pages of a list. */
async function all(
  f: DecisionFixture,
  filter: TrainingFilter,
  limit: number,
): Promise<readonly TrainingRow[]> {
  const rows: TrainingRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = await f.store.training.list({ filter, limit, ...(after === undefined ? {} : { after }) });
    rows.push(...page.items);
    if (page.next === null) return rows;
    after = page.next;
  }
}

/** The training table as it is listed and searched. */
export function describeTrainingLists(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore lists training rows newest first, with the decision that gave each its label`, async () => {
    await insert(f, [
      {
        ...{ label: 'spam', message: 'imported', community: 'dump', source: 'import-1' },
        by: null,
        at: null,
      },
    ]);
    const [review] = await f.add('a');
    const made = await f.decide(anna, 'spam', [review!]);
    const page = await f.store.training.list({ limit: 10 });
    expect(page).toMatchObject({ next: null, count: 2, count_is_exact: true });
    const [decided, imported] = page.items;
    expect(decided).toMatchObject({
      ...{ class: 'spam', message: 'text of a', community: 'forum', source: 'review', near_group: null },
      ...{ labelled_by: 'anna', labelled_at: f.now, review_id: review, decision: made.id },
    });
    expect(imported).toMatchObject({
      ...{ class: 'spam', message: 'imported', community: 'dump', source: 'import-1' },
      ...{ labelled_by: null, labelled_at: null, review_id: null, decision: null },
    });
    f.now += 5;
    const both = page.items.map(({ id }) => id);
    const { decision } = await f.desk.relabel(lead, { label: 'ham', ids: both });
    const relabeled = await f.store.training.list({ limit: 10 });
    expect(relabeled.items.map((row) => [row.id, row.class, row.decision])).toEqual(
      both.map((id) => [id, 'ham', decision!.id]),
    );
    await f.desk.undo(lead, decision!.id);
    expect((await f.store.training.list({ limit: 10 })).items).toEqual(page.items);
  });

  it(`${name} as a DecisionStore lists imported rows that nobody has labeled without a label, and a filter by label leaves them out`, async () => {
    const row = { community: '', source: 'dump', at: null };
    await insert(f, [
      { ...row, label: 'ham', message: 'one', by: null },
      { ...row, label: 'ham', message: 'two', by: 'step:7' },
      { ...row, label: 'ham', message: 'three', by: null },
    ]);
    await f.harness.run("update training set import_step = 7 where message <> 'three'");
    const shown = (rows: readonly TrainingRow[]) => rows.map((each) => [each.message, each.class]);
    const listed = await all(f, {}, 10);
    expect(shown(listed)).toEqual([
      ['three', 'ham'],
      ['two', 'ham'],
      ['one', null],
    ]);
    expect(shown(await all(f, { class: 'ham' }, 10))).toEqual([
      ['three', 'ham'],
      ['two', 'ham'],
    ]);
    await f.desk.relabel(lead, { label: 'spam', ids: [listed[2]!.id] });
    expect(shown(await all(f, { class: 'spam' }, 10))).toEqual([['one', 'spam']]);
  });

  it(`${name} as a DecisionStore finds training rows by every combination of filters, page by page`, async () => {
    const samples = Array.from({ length: 60 }, (_, i): Sample => {
      const words = [
        'Buy cheap pills',
        'see you on Sunday',
        'cheap tickets for Sunday',
        '今天 便宜的药',
        'ok',
      ];
      return {
        label: i % 3 === 0 ? 'spam' : 'ham',
        message: words[i % words.length]!,
        community: ['', 'forum', `${long}a`, `${long}b`][i % 4]!,
        source: i % 2 === 0 ? 'import-1' : 'review',
        by: [null, 'anna', 'ben'][i % 3]!,
        at: i % 5 === 0 ? null : 1000 + i,
      };
    });
    await insert(f, samples);
    const newest = [...samples].reverse();
    const matches =
      ({ q, class: label, source, labelled_by, community, from, to }: TrainingFilter) =>
      (row: Sample) =>
        (label === undefined || row.label === label) &&
        (source === undefined || row.source === source) &&
        (labelled_by === undefined || row.by === labelled_by) &&
        (community === undefined || row.community === community) &&
        (from === undefined || (row.at !== null && row.at >= from)) &&
        (to === undefined || (row.at !== null && row.at < to)) &&
        (q === undefined ||
          q
            .toLowerCase()
            .split(' ')
            .every((word) => row.message.toLowerCase().includes(word)));
    const filter = fc.record(
      {
        q: fc.constantFrom('cheap', 'SUNDAY', 'sun', 'cheap sunday', '便宜', 'ok', 'nothing'),
        class: fc.constantFrom('spam' as const, 'ham' as const),
        source: fc.constantFrom('import-1', 'review', 'other'),
        labelled_by: fc.constantFrom('anna', 'ben', 'nobody'),
        community: fc.constantFrom('', 'forum', `${long}a`, `${long}b`),
        from: fc.constantFrom(0, 1020, 5000),
        to: fc.constantFrom(1000, 1040, 5000),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 70 }), async (wanted, limit) => {
        const rows = await all(f, wanted, limit);
        const expected = newest.filter(matches(wanted));
        expect(
          rows.map(({ class: label, message, community, labelled_at }) => [
            label,
            message,
            community,
            labelled_at,
          ]),
        ).toEqual(expected.map(({ label, message, community, at }) => [label, message, community, at]));
        const { count, count_is_exact } = await f.store.training.list({ filter: wanted, limit: 1 });
        if (count !== null) expect([count, count_is_exact]).toEqual([expected.length, true]);
      }),
      { numRuns: 40 },
    );
  });

  it(`${name} as a DecisionStore counts no more than ten thousand training rows, and finds few among many behind a page that is not full`, async () => {
    const numbers = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 500)';
    const [many, few] = ["'import-1'", "'import-2'"];
    const add = (source: string) =>
      f.harness.run(
        `insert into training (class, message, source) ${numbers} select 0, 'text', ${source} from n`,
      );
    const addAt = (id: number) =>
      f.harness.run(
        `insert into training (id, class, message, source) values (${id}, 1, 'other', 'import-3')`,
      );
    await add(few);
    for (let i = 0; i < 10; i++) await add(many);
    // Gaps that are larger than what one page looks at.
    await addAt(200_000);
    for (let i = 0; i < 10; i++) await add(many);
    await add(few);
    await add(few);
    await addAt(400_000);
    const page = await f.store.training.list({ filter: { class: 'ham' }, limit: 2 });
    expect([page.count, page.count_is_exact, page.items.length]).toEqual([10_000, false, 2]);
    const some = await f.store.training.list({ filter: { class: 'ham', source: 'import-2' }, limit: 2 });
    expect([some.count, some.count_is_exact]).toEqual([1500, true]);
    const whole = await f.store.training.list({ limit: 1 });
    expect([whole.count, whole.count_is_exact]).toEqual([10_000, false]);
    await add(many);
    const both = { class: 'ham' as const, source: 'import-1' };
    const first = await f.store.training.list({ filter: both, limit: 700 });
    expect([first.items.length, first.next === null, first.count]).toEqual([500, false, null]);
    expect(await all(f, both, 5000)).toHaveLength(10_500);
    expect(await all(f, { ...both, q: 'tex' }, 5000)).toHaveLength(10_500);
    expect(await all(f, { ...both, q: '!' }, 5000)).toEqual([]);
    await expect(f.store.training.list({ limit: 1, after: 'x' })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it(`${name} as a DecisionStore filters the activity log by person, kind and time`, async () => {
    const [a, b] = await f.add('a', 'b');
    const first = await f.decide(anna, 'spam', [a!]);
    f.now += 1000;
    await f.decide(lead, 'spam', [b!]);
    f.now += 1000;
    await f.desk.undo(anna, first.id);
    const found = async (filter: object) =>
      (await f.store.activity({ filter, limit: 9 })).items.map(({ who, what }) => `${who} ${what}`);
    expect(await found({ what: 'undo' })).toEqual(['anna undo']);
    expect(await found({ who: 'anna' })).toEqual(['anna undo', 'anna decision']);
    expect(await found({ from: f.now - 1000, to: f.now })).toEqual(['lead decision']);
    expect(await found({ who: 'anna', what: 'decision', to: f.now })).toEqual(['anna decision']);
    expect(await found({ who: 'lead', from: f.now })).toEqual([]);
  });
}
