import { expect, it } from 'vitest';
import { ReportDesk, type ReportedMessage, type ReportLimits } from '../../../src/review/report-desk.ts';
import { anna, type DecisionFixture, reviewItem } from './decision-fixture.ts';

/** What users report. */
export function describeReports(name: string, f: DecisionFixture): void {
  const limits: ReportLimits = { perReporterHour: 100, reopenReports: 2 };
  const report = (reporter: string, rest: Partial<ReportedMessage> = {}, of: Partial<ReportLimits> = {}) =>
    new ReportDesk(f.store.reports, { ...limits, ...of }).report({
      ...{ community: 'forum', message_id: 'm', message: 'buy my periwinkles', sender: null, reporter },
      ...{ scored: { probability: 0.3, reasons: ['word'], model: 'model-1' }, ...rest },
    });
  const rows = (state: 'open' | 'labelled') => f.store.list({ state, order: 'reports', limit: 10 });

  it(`${name} as a DecisionStore makes a review row of a report, once for a message, and counts each person once`, async () => {
    expect(await report('r1')).toMatchObject({ state: 'open', counted: true });
    expect(await report('r1')).toMatchObject({ state: 'open', counted: false });
    expect(await report('r2')).toMatchObject({ state: 'open', counted: true });
    await report('r1', { message_id: 'other', scored: { probability: null, reasons: [], model: '' } });
    const { items } = await rows('open');
    expect(items).toMatchObject([
      {
        ...{ message_id: 'm', origin: 'report', message: 'buy my periwinkles', probability: 0.3 },
        ...{ reporters: 2, reasons: ['word'], model: 'model-1', label: null },
      },
      { message_id: 'other', origin: 'report', probability: null, reporters: 1 },
    ]);
  });

  it(`${name} as a DecisionStore orders and filters by the number of reporters`, async () => {
    await f.reviews.add([reviewItem('quiet')]);
    await report('r1', { message_id: 'one' });
    for (const reporter of ['r1', 'r2']) await report(reporter, { message_id: 'two' });
    expect((await rows('open')).items.map(({ message_id }) => message_id)).toEqual(['two', 'one', 'quiet']);
    const { items } = await f.store.list({
      ...{ state: 'open', order: 'age', filter: { reporters: 2, origin: 'report' }, limit: 10 },
    });
    expect(items.map(({ message_id }) => message_id)).toEqual(['two']);
  });

  it(`${name} as a DecisionStore stores the names of reporters nowhere`, async () => {
    await report('reporter-by-name');
    const stored = await f.harness.rows('select * from report');
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain('reporter-by-name');
    expect(String(stored[0]!.reporter)).toMatch(/^[0-9a-f]{64}$/);
  });

  it(`${name} as a DecisionStore keeps a decision of ham after reports until enough others have come since, and then publishes nothing by itself`, async () => {
    await report('r1');
    const [row] = (await rows('open')).items;
    await f.decide(anna, 'ham', [row!.id]);
    f.now += 1;
    expect(await report('r1')).toMatchObject({ state: 'decided', counted: false });
    expect(await report('r2')).toMatchObject({ state: 'decided', counted: true });
    expect((await rows('labelled')).items).toMatchObject([{ id: row!.id, label: 'ham', reporters: 2 }]);
    expect(await report('r3')).toMatchObject({ state: 'open', counted: true });
    expect((await rows('open')).items).toMatchObject([{ id: row!.id, label: null, reporters: 3 }]);
    expect(await f.training()).toEqual([]);
    expect((await f.published()).map(({ verdict }) => verdict)).toEqual(['ham']);
    const [entry] = (await f.store.activity({ limit: 1 })).items;
    expect(entry).toMatchObject({
      who: 'reports',
      what: 'reopened',
      after: { items: [row!.id], reporters: 2 },
    });
    await f.decide(anna, 'spam', [row!.id]);
    expect((await f.published()).map(({ verdict, amends }) => [verdict, typeof amends])).toEqual([
      ['spam', 'string'],
    ]);
  });

  it(`${name} as a DecisionStore counts reports of a text that was decided under another origin, and opens a row for them only when there are enough`, async () => {
    await f.reviews.add([reviewItem('m', { message: 'buy my periwinkles' })]);
    const [id] = await f.openIds();
    await f.decide(anna, 'ham', [id!]);
    f.now += 1;
    expect(await report('r1')).toMatchObject({ state: 'decided', review_id: id });
    expect((await rows('open')).items).toEqual([]);
    expect(await report('r2')).toMatchObject({ state: 'open' });
    expect((await rows('open')).items).toMatchObject([{ origin: 'report', reporters: 2 }]);
    expect(await f.store.item(id!)).toMatchObject({ label: 'ham', reporters: 2 });
    expect(await report('r3')).toMatchObject({ state: 'open', counted: true });
    expect((await rows('open')).items).toMatchObject([{ reporters: 3 }]);
  });

  it(`${name} as a DecisionStore never opens what was decided to be spam, nor ham where that is switched off`, async () => {
    const opened = async (label: 'spam' | 'ham', message_id: string, reopenReports: number) => {
      const { review_id } = await report('r0', { message_id });
      await f.decide(anna, label, [review_id]);
      f.now += 1;
      for (const reporter of ['r1', 'r2', 'r3', 'r4'])
        await report(reporter, { message_id }, { reopenReports });
      return (await f.store.item(review_id))!.state;
    };
    expect(await opened('spam', 'a', 1)).toBe('labelled');
    expect(await opened('ham', 'b', 0)).toBe('labelled');
    expect(await opened('ham', 'c', 4)).toBe('open');
  });

  it(`${name} as a DecisionStore takes the newer text of a reported message that was edited, while it is open`, async () => {
    await report('r1');
    await report('r2', { message: 'edited', scored: { probability: 0.9, reasons: [], model: 'model-2' } });
    expect((await rows('open')).items).toMatchObject([
      { message: 'edited', probability: 0.9, model: 'model-2', reporters: 2 },
    ]);
  });

  it(`${name} as a DecisionStore refuses the reports of one person beyond the limit of an hour, and stores nothing of them`, async () => {
    for (const message_id of ['a', 'b']) await report('r1', { message_id }, { perReporterHour: 2 });
    await report('r1', { message_id: 'a' }, { perReporterHour: 2 });
    const more = report('r1', { message_id: 'c' }, { perReporterHour: 2 });
    await expect(more).rejects.toMatchObject({ code: 'REPORTS_LIMITED', retriable: true });
    expect((await rows('open')).items.map(({ message_id }) => message_id).sort()).toEqual(['a', 'b']);
    await report('r2', { message_id: 'c' }, { perReporterHour: 2 });
    f.now += 3_600_001;
    await report('r1', { message_id: 'd' }, { perReporterHour: 2 });
  });

  it(`${name} as a DecisionStore does not store an erased text again because it is reported`, async () => {
    const { review_id } = await report('r1');
    await f.harness.run(`update review set state = 'erased', message = '' where id = ${review_id}`);
    expect(await report('r2')).toEqual({ state: 'erased', review_id, counted: false });
    expect(await f.store.item(review_id)).toMatchObject({ state: 'erased', message: '' });
  });
}
