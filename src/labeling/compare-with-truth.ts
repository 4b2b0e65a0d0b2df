import type { TruthReport } from '../core/label-agreement.ts';
import { isByPerson, type LabelRow, stepOf } from '../core/label-step.ts';
import type { Dump } from '../ports/dump.ts';
import { type LabelStore, MAX_LABEL_EDITS } from '../ports/label-store.ts';
import { type ColumnChoice, rowReader } from './dump-columns.ts';
import { AgreementCounts, TruthIndex } from './truth-index.ts';

/** Steps whose kinds are known by their numbers; older ones are counted as `unknown`. */
const KNOWN_STEPS = 100_000;

/** Compares the labels of the table with those of a file, by text. Throws `DATA_INVALID` for the file, `STORE_FAILED`. */
export async function compareWithTruth(
  store: Pick<LabelStore, 'rows' | 'steps'>,
  dump: Dump,
  columns: ColumnChoice,
): Promise<TruthReport> {
  const index = await truthOf(dump, columns);
  const kinds = new Map((await store.steps(KNOWN_STEPS)).map(({ id, kind }) => [id, kind]));
  const all = new AgreementCounts();
  const by = new Map<string, AgreementCounts>();
  const unlabeled = { spam: 0, ham: 0 };
  let unknown = 0;
  for await (const row of rowsOf(store)) {
    const truth = index.ask(row.message);
    if (truth === undefined) unknown++;
    if (truth === undefined || truth === 'contradictory') continue;
    if (row.label === null) {
      unlabeled[truth]++;
      continue;
    }
    const who = whoLabeled(row, kinds);
    const counts = by.get(who) ?? new AgreementCounts();
    by.set(who, counts);
    for (const each of [all, counts]) each.add(row.label, truth);
  }
  return {
    ...{ file: dump.name, rows: index.rows, ...index.counts(), unknown, unlabeled, ...all.agreement() },
    by: Object.fromEntries([...by].sort().map(([who, counts]) => [who, counts.agreement()])),
  };
}

async function truthOf(dump: Dump, choice: ColumnChoice): Promise<TruthIndex> {
  const index = new TruthIndex();
  const reader = rowReader(dump, choice, { maxBytes: Number.MAX_SAFE_INTEGER, needsLabel: true });
  for await (const { records } of dump.records(reader.columns))
    for (const record of records) {
      const row = reader.read(record);
      if (typeof row !== 'string' && row.label !== undefined) index.add(row.message, row.label);
    }
  return index;
}

async function* rowsOf(store: Pick<LabelStore, 'rows'>): AsyncGenerator<LabelRow> {
  for (let after = 0; ; ) {
    const page = await store.rows({ after, limit: MAX_LABEL_EDITS });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < MAX_LABEL_EDITS) return;
    after = last.id;
  }
}

function whoLabeled({ labelled_by }: LabelRow, kinds: ReadonlyMap<number, string>): string {
  if (isByPerson(labelled_by)) return 'person';
  const step = stepOf(labelled_by);
  return (step === undefined ? undefined : kinds.get(step)) ?? 'unknown';
}
