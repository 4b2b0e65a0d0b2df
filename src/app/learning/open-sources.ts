import type { LabeledSource, ReportedRow, SourceRow } from '../../learning/data-source.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import type { DataPage, PageOf, TableMessage, TrainingData } from '../../ports/training-data.ts';

/** Rows that are read at once. */
const PAGE = 1000;

/** A file or corpus; of two with one name the second gets a number. */
export function baseSources(sets: readonly LabelledMessages[]): readonly LabeledSource[] {
  const names = new Map<string, number>();
  return sets.map((set) => {
    const number = (names.get(set.name) ?? 0) + 1;
    names.set(set.name, number);
    const name = number === 1 ? set.name : `${set.name} (${number})`;
    return { name, kind: 'base', weight: set.weight ?? 1, read: () => pagesOfSet(set) };
  });
}

async function* pagesOfSet(set: LabelledMessages): AsyncGenerator<readonly SourceRow[]> {
  let page: SourceRow[] = [];
  let id = 0;
  for await (const { text, label, language, group } of set.read()) {
    page.push({
      ...{ id: ++id, text, label, community: '' },
      ...(language === undefined ? {} : { language }),
      ...(group === undefined ? {} : { group }),
    });
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

/** The tables of labels. */
export function tableSources(tables: TrainingData): readonly LabeledSource[] {
  const source = (
    name: 'training' | 'messages',
    read: (page: PageOf) => Promise<DataPage<TableMessage>>,
  ): LabeledSource => ({
    name,
    kind: name,
    weight: 1,
    read: async function* () {
      for await (const rows of pagesOf(read)) yield rows.map(sourceRowOf);
    },
  });
  return [
    source('training', (page) => tables.labeled(page)),
    source('messages', (page) => tables.messages(page)),
  ];
}

/** Pages of what users reported and nobody decided. */
export async function* reportedRows(tables: TrainingData): AsyncGenerator<readonly ReportedRow[]> {
  for await (const rows of pagesOf((page) => tables.reported(page)))
    yield rows.map(({ message: text, ...row }) => ({ ...row, text }));
}

async function* pagesOf<T>(read: (page: PageOf) => Promise<DataPage<T>>): AsyncGenerator<readonly T[]> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { rows, next }: DataPage<T> = await read({ after, limit: PAGE });
    yield rows;
    after = next;
  }
}

function sourceRowOf({ id, message, label, community, at, nearGroup }: TableMessage): SourceRow {
  return {
    ...{ id, text: message, label, community },
    ...(at === null ? {} : { at }),
    ...(nearGroup === null ? {} : { nearGroup }),
  };
}
