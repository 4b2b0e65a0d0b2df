import { type Kysely, type RawBuilder, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type {
  DataPage,
  PageOf,
  ReportedMessage,
  TableMessage,
  TrainingData,
} from '../../ports/training-data.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { labelIndexes, labelKeys } from './label-tables.ts';
import { restoredText } from './lossless-text.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlTrainingDataParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Runs what asks the database, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

type Stored = Readonly<Record<'id' | 'at' | 'spam', number | string | null>> & {
  readonly message: unknown;
  readonly community: unknown;
  readonly near_group: string | null;
};

/** What models are trained on, in SQL. */
export class SqlTrainingData implements TrainingData {
  readonly #parts: SqlTrainingDataParts;
  #messageColumns: ReadonlySet<string> | undefined;

  constructor(parts: SqlTrainingDataParts) {
    this.#parts = parts;
  }

  /** By the index of labels, so that no page looks at the unlabeled rows, of which there may be millions. */
  async labeled(page: PageOf): Promise<DataPage<TableMessage>> {
    const { flavour } = this.#parts;
    const ofLabel = (label: keyof typeof labelKeys) => {
      const table = flavour.fromIndex(flavour.trainingTable, labelIndexes.label, false);
      const columns = [sql.ref('class'), sql.ref('labelled_at'), sql.ref('near_group')] as const;
      return this.#page(page, {
        table,
        columns: this.#columns('message', sql.ref('community'), columns),
        where: sql`label_key = ${sql.lit(labelKeys[label])}`,
      });
    };
    const rows = [...(await ofLabel('ham')), ...(await ofLabel('spam'))];
    rows.sort((one, other) => integerOf(one.id!) - integerOf(other.id!));
    return this.#pageOf(rows.slice(0, page.limit), page);
  }

  async messages(page: PageOf): Promise<DataPage<TableMessage>> {
    const there = await this.#columnsOfMessages();
    const or = (column: string, other: RawBuilder<unknown>) => (there.has(column) ? sql.ref(column) : other);
    const columns = [sql.ref('spam'), or('created_at', sql`0`), sql`null`] as const;
    const rows = await this.#page(page, {
      table: sql.table('messages'),
      columns: this.#columns('body', or('community', sql`''`), columns),
      where: sql`spam in (0, 1)`,
    });
    return this.#pageOf(rows, page);
  }

  async reported({ after, limit }: PageOf): Promise<DataPage<ReportedMessage>> {
    const { database, flavour, guard } = this.#parts;
    return await guard(async () => {
      const found = await database
        .selectFrom('report')
        .select('review_id')
        .distinct()
        .where('review_id', '>', after)
        .orderBy('review_id')
        .limit(limit)
        .execute();
      const ids = found.map(({ review_id }) => integerOf(review_id));
      const last = ids.at(-1);
      if (last === undefined) return { rows: [], next: undefined };
      const rows = await database
        .selectFrom('review')
        .select('id')
        .select(({ ref }) => [
          flavour.selectText(ref('review.message')).as('message'),
          flavour.selectText(ref('review.community')).as('community'),
        ])
        .where('id', 'in', ids)
        .where('state', 'in', ['open', 'leased'])
        .orderBy('id')
        .execute();
      const reports = await database
        .selectFrom('report')
        .select(['review_id', 'reporter', 'created_at'])
        .where('review_id', 'in', ids)
        .orderBy('id')
        .execute();
      const byRow = new Map<number, { at: number; readonly reporters: string[] }>();
      for (const { review_id, reporter, created_at } of reports) {
        const own = byRow.get(integerOf(review_id)) ?? { at: Number.POSITIVE_INFINITY, reporters: [] };
        own.at = Math.min(own.at, integerOf(created_at));
        own.reporters.push(reporter);
        byRow.set(integerOf(review_id), own);
      }
      return {
        rows: rows.flatMap(({ id, message, community }) => {
          const own = byRow.get(integerOf(id));
          if (own === undefined) return [];
          const texts = {
            message: flavour.decodeText(message),
            community: restoredText(flavour.decodeText(community)),
          };
          return [{ id: integerOf(id), ...texts, ...own }];
        }),
        next: ids.length < limit ? undefined : last,
      };
    });
  }

  async reporters(): Promise<number> {
    const { database, guard } = this.#parts;
    const { reporters } = await guard(() =>
      database
        .selectFrom('report')
        .select(({ fn }) => fn.count<number | string>('reporter').distinct().as('reporters'))
        .executeTakeFirstOrThrow(),
    );
    return integerOf(reporters);
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  #columns(
    text: string,
    community: RawBuilder<unknown>,
    [spam, at, group]: readonly [RawBuilder<unknown>, RawBuilder<unknown>, RawBuilder<unknown>],
  ): RawBuilder<unknown> {
    const { selectText } = this.#parts.flavour;
    return sql`id, ${spam} as ${sql.ref('spam')}, ${at} as ${sql.ref('at')}, ${group} as ${sql.ref('near_group')},
      ${selectText(sql.ref(text))} as ${sql.ref('message')},
      ${selectText(community as RawBuilder<string>)} as ${sql.ref('community')}`;
  }

  async #page(
    { after, limit }: PageOf,
    from: {
      readonly table: RawBuilder<unknown>;
      readonly columns: RawBuilder<unknown>;
      readonly where: RawBuilder<unknown>;
    },
  ): Promise<readonly Stored[]> {
    const { database, guard } = this.#parts;
    const { table, columns, where } = from;
    const { rows } = await guard(() =>
      sql<Stored>`select ${columns} from ${table} where ${where} and id > ${after}
        order by id limit ${limit}`.execute(database),
    );
    return rows;
  }

  #pageOf(rows: readonly Stored[], { limit }: PageOf): DataPage<TableMessage> {
    const { decodeText } = this.#parts.flavour;
    const messages = rows.map(({ id, spam, at, near_group, message, community }): TableMessage => {
      const time = integerOrNull(at);
      return {
        id: integerOf(id!),
        message: decodeText(message),
        community: restoredText(decodeText(community)),
        label: Number(spam) === 1 ? 'spam' : 'ham',
        // Programs that do not write a time leave the default.
        at: time === 0 ? null : time,
        nearGroup: near_group,
      };
    });
    return { rows: messages, next: rows.length < limit ? undefined : messages.at(-1)!.id };
  }

  /** Earlier programs made the table with fewer columns. */
  async #columnsOfMessages(): Promise<ReadonlySet<string>> {
    const { database, flavour, guard } = this.#parts;
    this.#messageColumns ??= new Set(
      await guard(() => flavour.columnsOf(database as unknown as Kysely<unknown>, 'messages')),
    );
    const there = this.#messageColumns;
    const missing = ['id', 'spam', 'body'].filter((column) => !there.has(column));
    if (missing.length > 0)
      throw new SluiceError(
        'DATA_INVALID',
        `the table messages has no column ${missing.join(' and no column ')}, by which its messages are read. Add it; "id" has to be a number that differs in every row, such as an auto-incremented one.`,
      );
    return there;
  }
}
