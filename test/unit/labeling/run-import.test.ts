import { beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import type { ImportProgress } from '../../../src/core/import-report.ts';
import type { ColumnChoice } from '../../../src/labeling/dump-columns.ts';
import { type RunImportOptions, runImport } from '../../../src/labeling/run-import.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Dump, DumpRecord } from '../../../src/ports/dump.ts';
import { FakeLabelStore } from './fake-label-store.ts';

/** No time passes. */
const clock: Clock = {
  now: () => 0,
  elapsed: () => 0,
  sleep: (_seconds, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

let store: FakeLabelStore;
beforeEach(() => {
  store = new FakeLabelStore();
});

type Fields = Readonly<Record<string, unknown>>;

/** Rows in memory, some on a page. The header is row 1. */
function dumpOf(rows: readonly Fields[], identity: Fields = { bytes: rows.length }, pageRows = 700): Dump {
  return {
    name: 'dump.csv',
    identity,
    columns: Object.keys(rows[0] ?? { body: '' }),
    records: async function* (columns, after = 0) {
      const records = rows
        .map((row, at): DumpRecord => ({ position: at + 2, values: columns.map((name) => row[name]) }))
        .filter(({ position }) => position > after);
      for (let from = 0; from < records.length; from += pageRows)
        yield { records: records.slice(from, from + pageRows), share: (from + pageRows) / rows.length };
    },
  };
}

const options = (dump: Dump, given: Partial<RunImportOptions> & { readonly columns?: ColumnChoice } = {}) => {
  const { columns = { text: 'body' }, ...rest } = given;
  const parameters = { dump: { file: 'dump.csv' }, identity: dump.identity, columns, strict: false };
  return { store, clock, dump, parameters, maxBytes: 100, apply: true, by: 'anna', ...rest };
};
const bodies = (count: number) => Array.from({ length: count }, (_, at) => ({ body: `text ${at}` }));

describe('an import into the training table', () => {
  it('a dry run of an import counts the rows and what is wrong with them, and changes nothing', async () => {
    const dump = dumpOf([
      { body: 'one', kind: 'spam', from: 'reported', site: 'forum' },
      { body: ' \n', kind: 'spam' },
      { body: 'x'.repeat(101), kind: 'spam' },
      { body: 'ü'.repeat(51), kind: 'spam' },
      { body: 'ü'.repeat(50), kind: 'Ham' },
      { body: 'a\0b', kind: 'ham' },
      { body: 'three', kind: 'maybe' },
      { body: 7, kind: 'ham' },
      { body: 'four', kind: '', from: 'review' },
      { body: 'five', kind: null, from: ' ', site: 12 },
    ]);
    const columns = { text: 'BODY', label: 'kind', sourceColumn: 'from', communityColumn: 'site' };
    const report = await runImport(options(dump, { columns, apply: false }));
    expect(report).toMatchObject({
      ...{ kind: 'import', state: 'planned', step: null, read: 10, rows: 3, imported_before: [] },
      labels: { spam: 1, ham: 1, unlabeled: 1 },
    });
    expect(report.refused).toEqual({
      'no-text': { count: 2, rows: [3, 9] },
      'too-long': { count: 2, rows: [4, 5] },
      nul: { count: 1, rows: [7] },
      label: { count: 1, rows: [8] },
      name: { count: 1, rows: [10] },
    });
    expect(report.examples).toEqual([
      { position: 2, message: 'one', community: 'forum', source: 'reported', label: 'spam' },
      { position: 6, message: 'ü'.repeat(50), community: '', source: 'import', label: 'ham' },
      { position: 11, message: 'five', community: '12', source: 'import', label: null },
    ]);
    expect(store.calls).toEqual([]);
  });

  it('an applied import adds the rows in order and in transactions of a bounded size', async () => {
    const dump = dumpOf(bodies(2500));
    const progress: ImportProgress[] = [];
    const report = await runImport(
      options(dump, {
        columns: { text: 'body', source: 'reported', community: 'forum' },
        progress: (at) => progress.push(at),
      }),
    );
    expect(report).toMatchObject({ state: 'applied', step: 1, rows: 2500, read: 2500 });
    expect(store.snapshot().map(({ message }) => message)).toEqual(bodies(2500).map(({ body }) => body));
    expect(store.snapshot()[0]).toMatchObject({
      source: 'reported',
      community: 'forum',
      label: null,
      labelled_by: null,
    });
    expect(store.calls).toEqual(['begin', 'add', 'add', 'add', 'finish']);
    expect(progress.map(({ phase, rows }) => `${phase} ${rows}`)).toEqual(
      ['checking', 'adding'].flatMap((phase) => [1000, 2000, 2500].map((rows) => `${phase} ${rows}`)),
    );
    expect(store.made[0]).toMatchObject({
      kind: 'import',
      state: 'applied',
      rows: 2500,
      about: 'import of dump.csv, source reported',
    });
  });

  it('an error in the last row of a dump leaves the table as it was', async () => {
    const rows = [...bodies(3000), { body: '' }];
    const { parameters, ...given } = options(dumpOf(rows));
    await expect(runImport({ ...given, parameters: { ...parameters, strict: true } })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(/^dump.csv, row 3002: a row without text. .*--strict/),
    });
    expect(store.calls).toEqual([]);
    const failing: Dump = {
      ...dumpOf(rows),
      records: async function* () {
        yield* dumpOf(bodies(3000)).records(['body']);
        throw new SluiceError('DATA_INVALID', 'row 3002: bytes that are not utf-8.');
      },
    };
    await expect(runImport(options(failing))).rejects.toMatchObject({
      message: 'row 3002: bytes that are not utf-8.',
    });
    expect(store.calls).toEqual([]);
  });

  it('an import is refused while another step is not finished, before the dump is read; a dry run is not', async () => {
    await store.begin({ kind: 'rest', about: '', parameters: {}, by: 'ben' });
    let reads = 0;
    const dump = dumpOf(bodies(3));
    const counting: Dump = {
      ...dump,
      records: (...given) => {
        reads++;
        return dump.records(...given);
      },
    };
    await expect(runImport(options(counting))).rejects.toMatchObject({
      code: 'STEP_RUNNING',
      message: expect.stringMatching(/^label step 1 \(rest, by ben\) is not finished; .*label undo 1"$/),
    });
    expect(reads).toBe(0);
    expect(await runImport(options(counting, { apply: false }))).toMatchObject({ state: 'planned', rows: 3 });
  });

  it('a missing column, a dump without rows and one without any usable row are refused', async () => {
    const error = (dump: Dump, columns: ColumnChoice) =>
      runImport(options(dump, { columns })).then(
        () => 'no error',
        ({ message }: Error) => message,
      );
    const dump = dumpOf([{ Id: 1, Nachricht: 'a' }]);
    expect(await error(dump, {})).toBe(
      'dump.csv, row 1: there is no column message, text, body, content, v2. Its columns are "Id", "Nachricht"; name one with --text-column.',
    );
    expect(await error(dump, { text: 'nachricht', sourceColumn: 'origin' })).toMatch(
      /no column "origin".*--source-column/,
    );
    expect(await error(dump, { text: 'nachricht', source: 'review' })).toMatch(/^the source must have/);
    expect(await error(dumpOf([]), {})).toBe('dump.csv has no rows. Name one that has.');
    expect(await error(dumpOf([{ body: '' }, { body: ' ' }]), {})).toBe(
      'dump.csv: none of its 2 rows can be imported: 2 × a row without text (from row 2).',
    );
  });

  it('values of one class name the other one too', async () => {
    const dump = dumpOf(['junk', 'x', 'JUNK ', '', 'fine'].map((kind, at) => ({ body: `${at}`, kind })));
    const labels = async (columns: ColumnChoice) =>
      (await runImport(options(dump, { apply: false, columns: { label: 'kind', ...columns } }))).labels;
    expect(await labels({ spamValues: ['junk'] })).toEqual({ spam: 2, ham: 2, unlabeled: 1 });
    expect(await labels({ hamValues: ['fine'] })).toEqual({ spam: 3, ham: 1, unlabeled: 1 });
    expect(await labels({ spamValues: ['junk'], hamValues: ['fine', ''] })).toEqual({
      spam: 2,
      ham: 2,
      unlabeled: 0,
    });
  });

  it('the same dump imported again is reported, unless the first import was undone', async () => {
    const dump = dumpOf(bodies(3));
    await runImport(options(dump));
    expect(await runImport(options(dumpOf(bodies(3)), { apply: false }))).toMatchObject({
      imported_before: [1],
    });
    expect(await runImport(options(dump))).toMatchObject({ imported_before: [1], state: 'applied', step: 2 });
    await store.undo(1, 'anna');
    expect(await runImport(options(dump, { apply: false }))).toMatchObject({ imported_before: [2] });
    expect(await runImport(options(dumpOf(bodies(4)), { apply: false }))).toMatchObject({
      imported_before: [],
    });
  });
});

describe('an import that does not come to its end', () => {
  it('an import that is interrupted keeps what it has added, is resumed at the next row, and can be undone', async () => {
    const dump = dumpOf(bodies(4500));
    const abort = new AbortController();
    const report = await runImport(
      options(dump, {
        signal: abort.signal,
        progress: ({ phase, rows }) => {
          if (phase === 'adding' && rows === 2000) abort.abort();
        },
      }),
    );
    expect(report).toMatchObject({ state: 'unfinished', step: 1, rows: 2000 });
    expect(store.table.size).toBe(2000);
    expect(store.made[0]!.state).toBe('running');
    const resumed = await runImport(options(dump, { resume: 1 }));
    expect(resumed).toMatchObject({ state: 'applied', step: 1, rows: 4500, read: 4500 });
    expect(store.snapshot().map(({ message }) => message)).toEqual(bodies(4500).map(({ body }) => body));
    await store.undo(1, 'anna');
    expect(store.table.size).toBe(0);
  });

  it('a dry run that is interrupted changes nothing', async () => {
    const abort = new AbortController();
    const report = await runImport(
      options(dumpOf(bodies(4500)), { signal: abort.signal, progress: () => abort.abort() }),
    );
    expect(report).toMatchObject({ state: 'stopped', step: null, rows: 1000 });
    expect(store.calls).toEqual([]);
  });

  // Each third row is refused, so that positions and rows differ; the last rows too.
  const rows = Array.from({ length: 4200 }, (_, at) => ({
    body: at % 3 === 0 || at > 4150 ? '' : `text ${at}`,
  }));
  const kept = rows.map(({ body }) => body).filter((body) => body !== '');

  it.each([0, 1, 2, 3, 4].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]))(
    'an import whose process was killed at write %i, %s it, is resumed: no row is lost, and none is there twice',
    async (at, side) => {
      const dump = dumpOf(rows, { bytes: 1 }, 333);
      let left = at;
      let isDead = false;
      const kill = () => {
        isDead ||= left-- <= 0;
        if (isDead) throw new Error('killed');
      };
      store.beforeWrite = () => {
        if (isDead) throw new Error('killed');
        if (side === 'before') kill();
      };
      store.afterWrite = () => {
        if (side === 'after') kill();
      };
      await runImport(options(dump)).catch((error: unknown) => error);
      store.beforeWrite = store.afterWrite = () => {};
      const cutOff = store.table.size;
      if (store.made[0]!.state === 'running') {
        const again = dumpOf(rows, { bytes: 1 }, 1000);
        const report = await runImport(options(again, { resume: 1 }));
        expect(report).toMatchObject({ state: 'applied', rows: kept.length, read: rows.length });
        expect(report.refused['no-text']).toMatchObject({ count: rows.length - kept.length });
        expect(report.refused['no-text']!.rows).toEqual(Array.from({ length: 20 }, (_, at) => 3 * at + 2));
      }
      expect(store.snapshot().map(({ message }) => message)).toEqual(kept);
      expect(store.made[0]).toMatchObject({ state: 'applied', rows: kept.length });
      if (at === 2) expect(cutOff).toBe(side === 'before' ? 2000 : kept.length);
    },
  );

  it('an import of a dump that has changed is not resumed', async () => {
    const dump = dumpOf(bodies(2500));
    store.beforeWrite = (call) => {
      if (call === 'add' && store.table.size === 1000)
        throw new SluiceError('STORE_FAILED', 'the disk is full.', { retriable: true });
    };
    await expect(runImport(options(dump))).rejects.toMatchObject({
      ...{ code: 'STORE_FAILED', retriable: true },
      message: expect.stringMatching(/^the disk is full. Step 1 is not finished: .*label resume 1/),
    });
    store.beforeWrite = () => {};
    const { parameters, ...given } = options(dumpOf(bodies(2500), { bytes: 99 }), { resume: 1 });
    await expect(
      runImport({ ...given, parameters: { ...parameters, identity: dump.identity } }),
    ).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('"sluice label undo 1"'),
    });
    expect(store.table.size).toBe(1000);
  });
});
