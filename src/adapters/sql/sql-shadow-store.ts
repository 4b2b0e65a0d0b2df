import { type Kysely, sql } from 'kysely';
import type {
  Disagreement,
  ModelPair,
  NewDisagreement,
  ShadowCount,
  ShadowStore,
} from '../../ports/shadow-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { restoredText, storableText } from './lossless-text.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import type { TimedTransaction } from './timed-transaction.ts';

export interface SqlShadowStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
  /** Runs `work` in a transaction that is durable when it resolves. */
  readonly write: <T>(work: (parts: TimedTransaction) => Promise<T>) => Promise<T>;
}

/** What a shadow found, in SQL, over the connection of the review queue. */
export class SqlShadowStore implements ShadowStore {
  readonly #parts: SqlShadowStoreParts;

  constructor(parts: SqlShadowStoreParts) {
    this.#parts = parts;
  }

  async add({ counts, disagreements, keep }: Parameters<ShadowStore['add']>[0]): Promise<void> {
    if (counts.length === 0 && disagreements.length === 0) return;
    await this.#parts.write(async ({ connection, flavour, now }) => {
      for (const count of counts) await addCount(connection, flavour, count);
      for (const each of disagreements)
        await connection
          .insertInto('shadow_disagreement')
          .values(rowOf(each, now))
          .modifyEnd(flavour.passOverExisting('community'))
          .execute();
      if (disagreements.length > 0) await removeAllBut(connection, keep);
    });
  }

  expire(before: number): Promise<number> {
    return this.#parts.write(({ connection }) => expireDisagreements(connection, before));
  }

  async counts(pair?: ModelPair): Promise<readonly ShadowCount[]> {
    const { database, guard } = this.#parts;
    let query = database.selectFrom('shadow_count').selectAll();
    if (pair !== undefined)
      query = query.where('active_model', '=', pair.active).where('shadow_model', '=', pair.shadow);
    const rows = await guard(() => query.execute());
    return rows
      .map((row) => ({
        ...{ active: row.active_model, shadow: row.shadow_model },
        ...{ activeVerdict: row.active_verdict, shadowVerdict: row.shadow_verdict },
        messages: integerOf(row.messages),
      }))
      .sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  }

  async disagreements({
    pair,
    before,
    limit,
  }: Parameters<ShadowStore['disagreements']>[0]): Promise<readonly Disagreement[]> {
    const { database, flavour, guard } = this.#parts;
    const text = (column: 'community' | 'message_id' | 'message' | 'sender') =>
      flavour.selectText(sql.ref(`shadow_disagreement.${column}`)).as(column);
    let query = database
      .selectFrom('shadow_disagreement')
      .select(['id', 'active_model', 'shadow_model', 'active_verdict', 'shadow_verdict', 'created_at'])
      .select(['active_probability', 'shadow_probability', 'active_reasons', 'shadow_reasons'])
      .select([text('community'), text('message_id'), text('message'), text('sender')])
      .orderBy('id', 'desc')
      .limit(limit);
    if (pair !== undefined)
      query = query.where('active_model', '=', pair.active).where('shadow_model', '=', pair.shadow);
    if (before !== undefined) query = query.where('id', '<', before);
    const rows = await guard(() => query.execute());
    const { decodeText } = flavour;
    const id = (value: unknown) => restoredText(decodeText(value));
    return rows.map((row) => ({
      id: integerOf(row.id),
      ...{ community: id(row.community), message_id: id(row.message_id), message: decodeText(row.message) },
      sender: row.sender === null ? null : id(row.sender),
      models: { active: row.active_model, shadow: row.shadow_model },
      active: scoreOf(row.active_verdict, row.active_probability, row.active_reasons),
      shadow: scoreOf(row.shadow_verdict, row.shadow_probability, row.shadow_reasons),
      at: integerOf(row.created_at),
    }));
  }
}

/** Removes disagreements that are older than a time, epoch milliseconds. Returns how many. */
export async function expireDisagreements(
  connection: Kysely<SluiceDatabase>,
  before: number,
): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom('shadow_disagreement')
    .where('created_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function keyOf({ active, shadow, activeVerdict, shadowVerdict }: ShadowCount): string {
  return [active, shadow, activeVerdict, shadowVerdict].join(' ');
}

function scoreOf(verdict: Disagreement['active']['verdict'], probability: number | null, reasons: string) {
  return { verdict, probability, reasons: JSON.parse(reasons) as string[] };
}

async function addCount(
  connection: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  { active, shadow, activeVerdict, shadowVerdict, messages }: ShadowCount,
): Promise<void> {
  const key = {
    ...{ active_model: active, shadow_model: shadow },
    ...{ active_verdict: activeVerdict, shadow_verdict: shadowVerdict },
  };
  await connection
    .insertInto('shadow_count')
    .values({ ...key, messages: 0 })
    .modifyEnd(flavour.passOverExisting('messages'))
    .execute();
  await connection
    .updateTable('shadow_count')
    .set({ messages: sql<number>`messages + ${messages}` })
    .where('active_model', '=', active)
    .where('shadow_model', '=', shadow)
    .where('active_verdict', '=', activeVerdict)
    .where('shadow_verdict', '=', shadowVerdict)
    .execute();
}

function rowOf(disagreement: NewDisagreement, now: number) {
  const { community, message_id, message, sender, models, active, shadow } = disagreement;
  return {
    ...{ community: storableText(community), message_id: storableText(message_id), message },
    sender: sender === null ? null : storableText(sender),
    ...{ active_model: models.active, shadow_model: models.shadow },
    ...{ active_verdict: active.verdict, shadow_verdict: shadow.verdict },
    ...{ active_probability: active.probability, shadow_probability: shadow.probability },
    active_reasons: JSON.stringify(active.reasons),
    shadow_reasons: JSON.stringify(shadow.reasons),
    created_at: now,
  };
}

async function removeAllBut(connection: Kysely<SluiceDatabase>, keep: number): Promise<void> {
  const oldest = await connection
    .selectFrom('shadow_disagreement')
    .select('id')
    .orderBy('id', 'desc')
    .offset(keep)
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined)
    await connection.deleteFrom('shadow_disagreement').where('id', '<=', oldest.id).execute();
}
