import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqlErasable } from '../../../src/adapters/sql/sql-erasure.ts';
import { subjectOf } from '../../../src/core/erasure.ts';
import { eraseSubject } from '../../../src/erasure/erase-subject.ts';
import type { FoundBefore } from '../../../src/erasure/erasure-search.ts';
import { ReportDesk } from '../../../src/review/report-desk.ts';
import { anna, DecisionFixture, type DecisionStoreHarness, reviewItem } from './decision-fixture.ts';
import { disagreement } from './decision-shadow.ts';

export interface ErasureHarness extends DecisionStoreHarness {
  openErasure(now: () => number): Promise<SqlErasable>;
}

/** What a test of erasure needs of what remembers an unfinished one. */
export function memoryUnfinished() {
  let kept: FoundBefore | undefined;
  return {
    read: async () => kept,
    write: async (_: string, found: FoundBefore) => {
      kept = found;
    },
    remove: async () => {
      kept = undefined;
    },
    get kept() {
      return kept;
    },
  };
}

/** Behavior of erasure in every database. */
export function describeErasure(name: string, open: () => Promise<ErasureHarness>): void {
  describe(`erasure in ${name}`, () => {
    const fixture = new DecisionFixture();
    let harness: ErasureHarness;
    let store: SqlErasable;
    const secret = 'Meet me at “Café Ostwind” 😀 at nine, bring \\ the key';
    const other = 'Somebody else wrote this harmless sentence';
    const tables = async (...names: readonly string[]) =>
      JSON.stringify(await Promise.all(names.map((table) => harness.rows(`select * from ${table}`))));
    const erase = (kind: 'sender' | 'message', id: string, dryRun = false, stores: SqlErasable[] = [store]) =>
      eraseSubject({
        ...{ subject: subjectOf(kind, id), dryRun, stores, unfinished: memoryUnfinished(), unreachable: [] },
        recorded: (entry) => store.record({ who: 'sluice erase', what: 'erasure', after: entry }),
      });

    beforeEach(async () => {
      harness = await open();
      await fixture.open(harness);
      store = await harness.openErasure(() => fixture.now);
    });
    afterEach(async () => {
      await store.close?.();
      await fixture.close();
    });

    const add = async () => {
      await fixture.reviews.add([
        reviewItem('1', { sender: 'mallory', message: secret }),
        reviewItem('2', { sender: 'mallory', message: `${secret} again` }),
        reviewItem('3', { sender: 'trent', message: other }),
      ]);
      const items = await fixture.reviews.list({ state: 'open', limit: 10 });
      const [first, , third] = items.map(({ id }) => id);
      await fixture.desk.decide(anna, {
        label: 'spam',
        items: [{ review_id: first! }],
        note: `says: ${secret}`,
      });
      await fixture.desk.decide(anna, { label: 'ham', items: [{ review_id: third! }], note: 'as always' });
      await harness.run(
        `insert into messages (spam, body, community, message_id) values (1, 'body of the message 1', 'forum', '1'), (0, 'body of another one', 'forum', '9')`,
      );
      await harness.run(
        `insert into training (class, message, community, source) values (1, 'body of the message 1', 'forum', 'import'), (0, 'an example of others', 'forum', 'import')`,
      );
    };

    it('erasing a sender leaves the reports of that person to be nobody’s: they count, and new ones are not the same person’s', async () => {
      const desk = new ReportDesk(fixture.store.reports);
      const report = (reporter: string, message_id: string) =>
        desk.report({
          ...{ community: 'forum', message_id, message: other, sender: null, reporter },
          scored: { probability: null, reasons: [], model: '' },
        });
      await report('mallory', 'x');
      await report('trent', 'x');
      const reporters = async () =>
        (await harness.rows('select reporter from report order by id')).map((row) => String(row.reporter));
      const [before, others] = await reporters();
      expect((await erase('sender', 'mallory', true)).stores).toMatchObject([{ removed: 1 }]);
      expect(await reporters()).toEqual([before, others]);
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true });
      const [after, kept] = await reporters();
      expect(kept).toBe(others);
      expect(after).not.toBe(before);
      expect(await report('trent', 'x')).toMatchObject({ counted: false });
      expect(await report('mallory', 'x')).toMatchObject({ counted: true });
      expect((await erase('message', 'forum/x')).complete).toBe(true);
    });

    it('erasing a sender empties review rows and notes, deletes training rows and messages, and keeps ids and decisions', async () => {
      await add();
      const report = await erase('sender', 'mallory');
      expect(report).toMatchObject({ complete: true, dry_run: false, too_short: 0 });
      expect(report.stores).toMatchObject([{ store: 'database', removed: 6, found: 0 }]);
      const rows = await harness.rows('select * from review order by id');
      expect(rows).toMatchObject([
        { message_id: '1', state: 'erased', message: '', sender: null, reasons: '[]', label: 'spam' },
        { message_id: '2', state: 'erased', message: '', sender: null, reasons: '[]', label: null },
        { message_id: '3', state: 'labelled', message: other, sender: 'trent' },
      ]);
      const notes = (await harness.rows('select note from decision order by id')).map(({ note }) => note);
      expect(notes).toEqual([null, 'as always']);
      const training = await harness.rows('select message from training order by message');
      expect(training.map(({ message }) => String(message)).sort()).toEqual(
        [other, 'an example of others'].sort(),
      );
      expect((await harness.rows('select body from messages')).map(({ body }) => body)).toEqual([
        'body of another one',
      ]);
      expect(await tables('outbox', 'decision_item')).toContain('spam');
    });

    it('erasing writes an activity entry with a hash in place of the subject, and none of the text', async () => {
      await add();
      const { subject_sha256 } = await erase('sender', 'mallory');
      const activity = await tables('activity');
      expect(activity).toContain(subject_sha256);
      expect(activity).not.toContain('mallory');
      expect(activity).not.toContain('Ostwind');
    });

    it('erasing deletes training rows that label steps removed, and empties what a step was asked for if that quotes the text', async () => {
      await add();
      const step = (id: number, about: string, parameters: object) =>
        harness.run(
          `insert into label_step (id, training_table, kind, about, parameters, who, state, ${quoted('position')}, started_at) values
            (${id}, 'training', 'similar', '${about}', '${JSON.stringify(parameters).replaceAll('\\', name === 'libsql' ? '\\' : '\\\\')}', 'anna', 'applied', '[7]', 1)`,
        );
      await step(1, 'similar to a text', { text: `They wrote: ${secret}` });
      await step(2, 'similar to a text', { text: other });
      for (const [id, message] of [
        [901, 'body of the message 1'],
        [902, 'an example of others'],
      ] as const)
        await harness.run(
          `insert into training_removed (id, class, message, community, source, removed_step) values
            (${id}, 1, '${message}', 'forum', 'import', 2)`,
        );
      expect((await erase('sender', 'mallory', true)).stores).toMatchObject([{ removed: 8 }]);
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true, stores: [{ removed: 8 }] });
      expect((await harness.rows('select id from training_removed')).map(({ id }) => Number(id))).toEqual([
        902,
      ]);
      const steps = await harness.rows('select * from label_step order by id');
      expect(steps.map((row) => [row.about, row.parameters, row.position])).toEqual([
        ['(erased)', 'null', null],
        ['similar to a text', JSON.stringify({ text: other }), '[7]'],
      ]);
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true, stores: [{ removed: 0 }] });
    });

    it('erasing deletes messages that two models disagreed about, and finds the other rows of a sender by them', async () => {
      await add();
      const quoting = { verdict: 'spam', probability: 0.9, reasons: ['w:ostwind'] } as const;
      await fixture.store.shadow.add({
        counts: [],
        disagreements: [
          disagreement('1', { sender: 'mallory', message: secret, shadow: quoting }),
          disagreement('7', { sender: 'mallory', message: `${secret}, as ham`, shadow: quoting }),
          disagreement('8', { sender: 'trent', message: other }),
        ],
        keep: 10,
      });
      await harness.run(
        `insert into training (class, message, community, source) values (1, '${secret.replaceAll('\\', name === 'libsql' ? '\\' : '\\\\')}, as ham', 'forum', 'import')`,
      );
      expect((await erase('sender', 'mallory', true)).stores).toMatchObject([{ removed: 9 }]);
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true, stores: [{ removed: 9 }] });
      expect(await tables('shadow_disagreement', 'training')).not.toContain('Ostwind');
      expect(await fixture.store.shadow.disagreements({ limit: 10 })).toMatchObject([{ message_id: '8' }]);
      expect(await erase('message', 'forum/8')).toMatchObject({ complete: true });
      expect(await fixture.store.shadow.disagreements({ limit: 10 })).toEqual([]);
    });

    it('the proof fails where messages that two models disagreed about were not erased', async () => {
      await fixture.store.shadow.add({
        counts: [],
        disagreements: [disagreement('7', { sender: 'mallory', message: secret })],
        keep: 10,
      });
      const skipped: SqlErasable = { ...store, erase: async () => 0 };
      const report = await erase('sender', 'mallory', false, [skipped]);
      expect(report.complete).toBe(false);
      expect(report.stores[0]!.found).toBeGreaterThan(0);
    });

    it('erasing one message leaves the other messages of its sender', async () => {
      await add();
      expect(await erase('message', 'forum/2')).toMatchObject({ complete: true, texts: 1 });
      const rows = await harness.rows('select message_id, message from review order by id');
      expect(rows).toMatchObject([{ message: secret }, { message: '' }, { message: other }]);
    });

    it('a dry run counts and changes nothing', async () => {
      await add();
      const before = await tables('review', 'training', 'messages', 'decision', 'activity');
      const report = await erase('sender', 'mallory', true);
      expect(report).toMatchObject({ dry_run: true, stores: [{ removed: 6 }] });
      expect(await tables('review', 'training', 'messages', 'decision', 'activity')).toBe(before);
    });

    it('erasing again removes nothing more and is complete', async () => {
      await add();
      await erase('sender', 'mallory');
      const before = await tables('review', 'training', 'messages', 'decision', 'activity');
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true, stores: [{ removed: 0 }] });
      expect(await tables('review', 'training', 'messages', 'decision', 'activity')).toBe(before);
    });

    it('the proof fails where the rows were not erased', async () => {
      await add();
      const skipped: SqlErasable = { ...store, erase: async () => 0 };
      const report = await erase('sender', 'mallory', false, [skipped]);
      expect(report.complete).toBe(false);
      expect(report.stores[0]!.found).toBeGreaterThan(0);
    });

    it('the proof fails where a part of the text is in a table that no erasure empties', async () => {
      await add();
      await harness.run(
        `insert into activity (who, what, ${quoted('after')}, ${quoted('when')}) values ('a', 'b', '["${secret.slice(10, 40)}"]', 1)`,
      );
      const report = await erase('sender', 'mallory');
      expect(report.complete).toBe(false);
      expect(report.stores[0]).toMatchObject({ removed: 6, note: expect.stringContaining('found in') });
    });

    it('the same text of another sender stays, and does not make the proof fail', async () => {
      await add();
      await fixture.reviews.add([reviewItem('4', { sender: 'trent', message: secret })]);
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true });
      const rows = await harness.rows(`select message from review where message_id = '4'`);
      expect(rows).toEqual([{ message: secret }]);
    });

    it('rows that were decided before a time are erased, and their training rows stay', async () => {
      await add();
      expect(await store.expire(fixture.now)).toBe(0);
      expect(await store.expire(fixture.now + 1000)).toBe(2);
      const rows = await harness.rows('select state, message, label from review order by id');
      expect(rows).toMatchObject([
        { state: 'erased', message: '', label: 'spam' },
        { state: 'open' },
        { state: 'erased', message: '', label: 'ham' },
      ]);
      expect(await tables('training')).toContain('Ostwind');
      expect(await erase('sender', 'mallory')).toMatchObject({ complete: true });
      expect(await tables('training')).not.toContain('Ostwind');
    });

    const quoted = (column: string) => (name === 'libsql' ? `"${column}"` : `\`${column}\``);
  });
}
