import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { MessageIdentity } from '../../core/erasure.ts';
import type { Wanted } from '../../ports/erasable-store.ts';
import { removedTableOf } from './label-tables.ts';
import { restoredText, storableText } from './lossless-text.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** Values of one `in`, rows of one read. */
export const AT_ONCE = 200;

/** What of a subject is in the tables. */
export interface ErasureRows {
  readonly review: readonly OwnedRow[];
  readonly training: readonly OwnedRow[];
  /** The same of rows that label steps removed. */
  readonly removed: readonly OwnedRow[];
  readonly messages: readonly OwnedRow[];
  /** Messages that two models disagreed about. */
  readonly shadow: readonly OwnedRow[];
  /** Decisions whose note quotes a text. */
  readonly notes: readonly number[];
  /** Label steps that were asked for with a text that quotes one. */
  readonly steps: readonly number[];
}

export interface OwnedRow extends MessageIdentity {
  readonly id: number;
  readonly text: string;
  /** False where nothing is left to be erased; it still leads to its training rows. */
  readonly isDirty: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** Reads the rows of a subject. One instance a connection: inside of a transaction, or outside. */
export class ErasureReader {
  readonly #connection: Kysely<never>;
  readonly #flavour: SqlFlavour;

  constructor(connection: Kysely<never>, flavour: SqlFlavour) {
    this.#connection = connection;
    this.#flavour = flavour;
  }

  async rowsOf(wanted: Wanted): Promise<ErasureRows> {
    const review = await this.#review(wanted);
    const messages = await this.#messages(wanted);
    const shadow = await this.#shadow(wanted);
    for (const { community, message_id, text } of [...review, ...messages, ...shadow])
      wanted.learn({ community, message_id, texts: [text] });
    const { trainingTable } = this.#flavour;
    const training = await this.#training(wanted, review, trainingTable);
    const removed = await this.#training(wanted, review, removedTableOf(trainingTable));
    for (const { text } of [...training, ...removed]) wanted.learn({ texts: [text] });
    const notes = await this.#notes(wanted, review);
    return { review, training, removed, messages, shadow, notes, steps: await this.#steps(wanted) };
  }

  async #review(wanted: Wanted): Promise<readonly OwnedRow[]> {
    const { subject, identities } = wanted;
    const conditions = pairs(identities, sql`community`, sql`message_id`);
    if (subject.kind === 'sender') conditions.push(sql`sender = ${storableText(subject.sender)}`);
    const rows = await this.#select(
      sql`id, state, reasons, audit_reasons, ${this.#text('community')}, ${this.#text('message_id')}, ${this.#text('message')}, ${this.#text('sender')}`,
      sql`review`,
      conditions,
    );
    return rows.flatMap((row) => {
      const community = this.#id(row.community);
      const message_id = this.#id(row.message_id);
      const sender = row.sender === null ? null : this.#id(row.sender);
      if (!wanted.owns({ community, message_id, sender, texts: [] })) return [];
      const text = this.#decode(row.message);
      const hasReasons = row.reasons !== '[]' || (row.audit_reasons ?? '[]') !== '[]';
      const isDirty = row.state !== 'erased' || text !== '' || sender !== null || hasReasons;
      return [{ id: integerOf(row.id as number), community, message_id, text, isDirty }];
    });
  }

  async #messages({ identities, texts }: Wanted): Promise<readonly OwnedRow[]> {
    const conditions = pairs(identities, sql`community`, sql`message_id`);
    const known = new Set(identities.map((each) => JSON.stringify([each.community, each.message_id])));
    const communities = communitiesOf(identities);
    const asStored = new Set(texts.map(storedForm));
    // Other programs may leave the id out.
    for (const some of chunksOf([...asStored]))
      conditions.push(sql`(message_id = '' and body in (${sql.join(some)}))`);
    const rows = await this.#select(
      sql`id, ${this.#text('community')}, ${this.#text('message_id')}, ${this.#text('body')}`,
      sql`messages`,
      conditions,
    );
    return rows.flatMap((row) => {
      const community = this.#id(row.community);
      const message_id = this.#id(row.message_id);
      const text = this.#decode(row.body);
      const isOwned =
        message_id === ''
          ? asStored.has(text) && communities.has(community)
          : known.has(JSON.stringify([community, message_id]));
      return isOwned ? [{ id: integerOf(row.id as number), community, message_id, text, isDirty: true }] : [];
    });
  }

  async #shadow(wanted: Wanted): Promise<readonly OwnedRow[]> {
    const { subject, identities } = wanted;
    const conditions = pairs(identities, sql`community`, sql`message_id`);
    if (subject.kind === 'sender') conditions.push(sql`sender = ${storableText(subject.sender)}`);
    const rows = await this.#select(
      sql`id, ${this.#text('community')}, ${this.#text('message_id')}, ${this.#text('message')}, ${this.#text('sender')}`,
      sql`shadow_disagreement`,
      conditions,
    );
    return rows.flatMap((row) => {
      const community = this.#id(row.community);
      const message_id = this.#id(row.message_id);
      const sender = row.sender === null ? null : this.#id(row.sender);
      if (!wanted.owns({ community, message_id, sender, texts: [] })) return [];
      return [
        {
          ...{ id: integerOf(row.id as number), community, message_id },
          ...{ text: this.#decode(row.message), isDirty: true },
        },
      ];
    });
  }

  /** Those of the review rows; and those without one that have the same text in the same community, or in none. */
  async #training(wanted: Wanted, review: readonly OwnedRow[], table: string): Promise<readonly OwnedRow[]> {
    const communities = communitiesOf(wanted.identities);
    const ids = new Set(review.map(({ id }) => id));
    const asStored = new Set(wanted.texts.map(storedForm));
    const conditions = [
      ...chunksOf([...ids]).map((some) => sql`review_id in (${sql.join(some)})`),
      ...chunksOf([...asStored]).map((some) => sql`(review_id is null and message in (${sql.join(some)}))`),
    ];
    const rows = await this.#select(
      sql`id, review_id, ${this.#text('community')}, ${this.#text('message')}`,
      sql.table(table),
      conditions,
    );
    return rows.flatMap((row) => {
      const community = this.#id(row.community);
      const text = this.#decode(row.message);
      const isOwned =
        row.review_id === null
          ? asStored.has(text) && communities.has(community)
          : ids.has(integerOf(row.review_id as number));
      return isOwned
        ? [{ id: integerOf(row.id as number), community, message_id: '', text, isDirty: true }]
        : [];
    });
  }

  async #notes(wanted: Wanted, review: readonly OwnedRow[]): Promise<readonly number[]> {
    const found: number[] = [];
    const texts = new Map(review.map(({ id, text }) => [id, text]));
    for await (const rows of this.pages(sql`id, ${this.#text('note')}`, sql`decision`)) {
      const noted = rows.filter(({ note }) => note !== null);
      if (noted.length === 0) continue;
      const ids = noted.map(({ id }) => integerOf(id as number));
      const items = await sql<{ decision_id: number; review_id: number }>`select decision_id, review_id
        from decision_item where decision_id in (${sql.join(ids)})`.execute(this.#connection);
      for (const { id, note } of noted) {
        const own = items.rows
          .filter((item) => integerOf(item.decision_id) === integerOf(id as number))
          .flatMap((item) => texts.get(integerOf(item.review_id)) ?? []);
        if (wanted.quotes(this.#decode(note), own)) found.push(integerOf(id as number));
      }
    }
    return found;
  }

  async #steps(wanted: Wanted): Promise<readonly number[]> {
    const found: number[] = [];
    const columns = sql`id, ${this.#text('about')}, ${this.#text('parameters')}, ${this.#text('position')}`;
    for await (const rows of this.pages(columns, sql`label_step`))
      for (const row of rows) {
        const texts = [
          this.decoded(row.about),
          ...textsIn(this.decoded(row.parameters)),
          ...textsIn(this.decoded(row.position)),
        ];
        if (texts.some((text) => wanted.quotes(text, []))) found.push(integerOf(row.id as number));
      }
    return found;
  }

  /** All rows of a table with the columns and its id, page by page. */
  async *pages(columns: RawBuilder<unknown>, table: RawBuilder<unknown>): AsyncGenerator<readonly Row[]> {
    for (let after = 0; ; ) {
      const { rows } = await sql<Row>`select ${columns} from ${table} where id > ${after} order by id
        limit ${sql.lit(AT_ONCE)}`.execute(this.#connection);
      if (rows.length === 0) return;
      yield rows;
      after = integerOf(rows.at(-1)!.id as number);
    }
  }

  decoded(value: unknown): string {
    return value === null || value === undefined ? '' : this.#decode(value);
  }

  #decode(value: unknown): string {
    return this.#flavour.decodeText(value);
  }

  #id(value: unknown): string {
    return restoredText(this.#decode(value));
  }

  #text(column: string): RawBuilder<unknown> {
    return sql`${this.#flavour.selectText(sql.ref(column))} as ${sql.id(column)}`;
  }

  /** Each row that meets one of the conditions, once. */
  async #select(
    columns: RawBuilder<unknown>,
    table: RawBuilder<unknown>,
    conditions: readonly RawBuilder<unknown>[],
  ): Promise<readonly Row[]> {
    const found = new Map<number, Row>();
    for (const condition of conditions) {
      const { rows } = await sql<Row>`select ${columns} from ${table} where ${condition}`.execute(
        this.#connection,
      );
      for (const row of rows) found.set(integerOf(row.id as number), row);
    }
    return [...found.values()];
  }
}

/** All texts of a JSON value, as they were before JSON escaped them. */
function textsIn(json: string): readonly string[] {
  if (json === '') return [];
  const texts: string[] = [];
  JSON.parse(json, (key, value: unknown) => {
    texts.push(key);
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}

/** What a database makes of a text: it has no halves of surrogate pairs. */
export function storedForm(text: string): string {
  return Buffer.from(text).toString();
}

/** A text without a community may be of any. */
function communitiesOf(identities: readonly MessageIdentity[]): ReadonlySet<string> {
  return new Set(['', ...identities.map(({ community }) => community)]);
}

function pairs(
  identities: readonly MessageIdentity[],
  community: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  return chunksOf(identities).map((some) =>
    sql.join(
      some.map(
        (each) =>
          sql`(${community} = ${storableText(each.community)} and ${id} = ${storableText(each.message_id)})`,
      ),
      sql` or `,
    ),
  );
}

export function chunksOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
    all.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
}
