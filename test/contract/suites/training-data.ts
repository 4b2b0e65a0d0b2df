import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { DataPage, PageOf, TrainingData } from '../../../src/ports/training-data.ts';
import { ReportDesk } from '../../../src/review/report-desk.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { anna } from './decision-fixture.ts';

/** One database, empty at first. */
export interface TrainingDataHarness {
  open(): Promise<TrainingData>;
  /** `now`: epoch milliseconds. */
  openDecisions(now: () => number): Promise<DecisionStore>;
  run(statement: string): Promise<void>;
  dispose(): Promise<void>;
}

const NOW = 1_800_000_000_000;

/** What every adapter behind the port `TrainingData` promises. */
export function describeTrainingData(name: string, makeHarness: () => Promise<TrainingDataHarness>): void {
  describe(`${name} as TrainingData`, () => {
    let harness: TrainingDataHarness;
    let data: TrainingData;
    let decisions: DecisionStore;

    beforeEach(async () => {
      harness = await makeHarness();
      data = await harness.open();
      decisions = await harness.openDecisions(() => NOW);
      await decisions.outboxDepth();
    });
    afterEach(async () => {
      await data.close();
      await decisions.close();
      await harness.dispose();
    });

    const all = async <T>(read: (page: PageOf) => Promise<DataPage<T>>, limit = 2): Promise<readonly T[]> => {
      const rows: T[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: DataPage<T> = await read({ after, limit });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        rows.push(...page.rows);
        after = page.next;
      }
      return rows;
    };
    const report = (reporter: string, message_id: string) =>
      new ReportDesk(decisions.reports, { perReporterHour: 100, reopenReports: 0 }).report({
        ...{ community: 'forum', message_id, message: `text of ${message_id}`, sender: null, reporter },
        scored: { probability: 0.3, reasons: [], model: 'model-1' },
      });

    it(`${name} as TrainingData reads the labels of people, of steps and of earlier programs, and no unlabeled row`, async () => {
      await harness.run(
        `insert into training (class, message, community, source, labelled_by, labelled_at, near_group, import_step) values
          (1, 'earlier', 'forum', '', null, null, null, null),
          (0, 'unlabeled', 'forum', 'dump', null, null, null, 1),
          (0, 'person', 'forum', 'dump', 'anna', 5, '3:1', 1),
          (1, 'step', 'shop', 'dump', 'step:2', 7, null, 1),
          (0, 'later', 'forum', 'dump', 'anna', 9, null, null)`,
      );
      const rows = await all((page) => data.labeled(page));
      expect(
        rows.map(({ message, label, at, nearGroup, community }) => [
          message,
          label,
          at,
          nearGroup,
          community,
        ]),
      ).toEqual([
        ['earlier', 'spam', null, null, 'forum'],
        ['person', 'ham', 5, '3:1', 'forum'],
        ['step', 'spam', 7, null, 'shop'],
        ['later', 'ham', 9, null, 'forum'],
      ]);
      expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort((a, b) => a - b));
    });

    it(`${name} as TrainingData reads decisions from the review queue as labels`, async () => {
      const { review_id } = await report('r1', 'm');
      await new ReviewDesk(decisions).decide(anna, { label: 'spam', items: [{ review_id }] });
      expect(await all((page) => data.labeled(page))).toMatchObject([
        { message: 'text of m', label: 'spam', at: NOW, community: 'forum' },
      ]);
    });

    it(`${name} as TrainingData reads the table messages, also as an earlier program made it`, async () => {
      await harness.run(`insert into messages (spam, body, created_at) values (1, 'one', 5), (0, 'two', 0)`);
      expect(await all((page) => data.messages(page), 1)).toMatchObject([
        { message: 'one', label: 'spam', at: 5, nearGroup: null, community: '' },
        { message: 'two', label: 'ham', at: null },
      ]);
      await harness.run('drop table messages');
      await harness.run('create table messages (id integer primary key, spam integer, body text)');
      await harness.run(`insert into messages (id, spam, body) values (4, 1, 'one'), (9, null, 'unknown')`);
      const opened = await harness.open();
      expect(await all((page) => opened.messages(page))).toEqual([
        { id: 4, message: 'one', label: 'spam', at: null, nearGroup: null, community: '' },
      ]);
      await opened.close();
      await harness.run('drop table messages');
      await harness.run('create table messages (spam integer, body text)');
      const unnumbered = await harness.open();
      await expect(unnumbered.messages({ after: 0, limit: 1 })).rejects.toThrow(/has no column id.*Add it/s);
      await unnumbered.close();
    });

    it(`${name} as TrainingData reads what users reported and nobody decided, with who reported it`, async () => {
      for (const [reporter, id] of [
        ['r1', 'one'],
        ['r2', 'one'],
        ['r1', 'decided'],
        ['r1', 'two'],
        ['r3', 'three'],
      ] as const)
        await report(reporter, id);
      const { review_id } = await report('r2', 'decided');
      await new ReviewDesk(decisions).decide(anna, { label: 'ham', items: [{ review_id }] });
      const rows = await all((page) => data.reported(page));
      expect(rows).toMatchObject([
        { message: 'text of one', community: 'forum', at: NOW },
        { message: 'text of two' },
        { message: 'text of three' },
      ]);
      const [one, two, three] = rows.map(({ reporters }) => reporters);
      expect(one).toHaveLength(2);
      expect(one).toContain(two![0]);
      expect(one).not.toContain(three![0]);
      expect(await data.reporters()).toBe(3);
    });
  });
}
