import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Decision } from '../../core/decision.ts';
import type {
  DecisionPlan,
  DecisionTransaction,
  LastVerdict,
  LockedRow,
  LockedTraining,
  RecordedDecision,
  RowChange,
  RowStatus,
  TrainingChange,
} from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { messageKeyOf, selectQueue, statusOf, wholeItemOf } from './queue-item.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import {
  askAgain,
  closeSecondOpinions,
  secondOpinionsOf,
  writeSecondAnswers,
} from './sql-second-opinions.ts';
import { storeKey } from './store-key.ts';
import {
  lockTrainingRows,
  relabeledBy,
  reviewsOfTraining,
  writeRelabeled,
  writeTrainingOf,
} from './training-rows.ts';

/** Rows of one insert, and ids of one list. */
const ROWS_AT_ONCE = 500;

/** Reads and writes of one decision, over the connection of its transaction. */
export class SqlDecisionTransaction implements DecisionTransaction {
  readonly now: number;
  readonly #connection: Kysely<SluiceDatabase>;
  readonly #flavour: SqlFlavour;

  constructor(connection: Kysely<SluiceDatabase>, flavour: SqlFlavour, now: number) {
    this.#connection = connection;
    this.#flavour = flavour;
    this.now = now;
  }

  async lockRows(ids: readonly number[]): Promise<readonly LockedRow[]> {
    // By id, so that two decisions that share rows do not wait for each other.
    const sorted = [...ids].sort((a, b) => a - b);
    const locked: LockedRow[] = [];
    for (const some of chunksOf(sorted)) locked.push(...(await this.#lockRows(some)));
    return locked;
  }

  async reviewsOfTraining(ids: readonly number[]): Promise<readonly number[]> {
    const reviews = new Set<number>();
    for (const some of chunksOf(ids))
      for (const id of await reviewsOfTraining(this.#connection, this.#flavour, some)) reviews.add(id);
    return [...reviews];
  }

  async lockTraining(ids: readonly number[]): Promise<readonly LockedTraining[]> {
    const locked: LockedTraining[] = [];
    for (const some of chunksOf([...ids].sort((a, b) => a - b)))
      locked.push(...(await lockTrainingRows(this.#connection, this.#flavour, some)));
    return locked;
  }

  async campaignRows(campaign: number, revision?: number): Promise<readonly number[] | undefined> {
    const known = await this.#connection
      .selectFrom('campaign')
      .select('id')
      .where('id', '=', campaign)
      .where('merged_into', 'is', null)
      .executeTakeFirst();
    if (known === undefined) return undefined;
    let query = this.#connection
      .selectFrom('review')
      .select('id')
      .where('campaign', '=', campaign)
      // Each of the audit sample is decided for itself, as it would be without the campaign.
      .where('origin', '<>', 'audit')
      .where('state', 'in', ['open', 'leased']);
    if (revision !== undefined) query = query.where('campaign_revision', '<=', revision);
    const rows = await query.orderBy('id').execute();
    return rows.map(({ id }) => integerOf(id));
  }

  async #lockRows(ids: readonly number[]): Promise<readonly LockedRow[]> {
    const rows = await selectQueue(this.#connection, this.#flavour)
      .where('id', 'in', [...ids])
      .orderBy('id')
      .modifyEnd(this.#flavour.waitForLocked)
      .execute();
    const items = rows.map((row) => wholeItemOf(row, this.#flavour));
    const unsure = await this.#unsureBy(items.filter((item) => item.unsure > 0).map((item) => item.id));
    const verdicts = await this.#lastVerdicts(items.map(messageKeyOf));
    const decided = rows.filter((row) => row.state === 'labelled');
    const revisions = new Map(decided.map((row) => [integerOf(row.id), integerOf(row.revision)]));
    const second = await secondOpinionsOf(this.#connection, this.#flavour, revisions);
    return items.map((item, index) => ({
      item,
      ...statusOf(rows[index]!, this.now),
      unsureBy: unsure.get(item.id) ?? [],
      lastVerdict: verdicts.get(messageKeyOf(item)) ?? null,
      second: second.get(item.id) ?? null,
    }));
  }

  samplingKey(): Promise<string> {
    return storeKey(this.#connection, this.#flavour, 'second-opinion');
  }

  auditKey(): Promise<string> {
    return storeKey(this.#connection, this.#flavour, 'audit');
  }

  decisionByKey(by: string, key: string): Promise<RecordedDecision | undefined> {
    return this.#read(sql`decided_by = ${by} and idempotency_key = ${key}`);
  }

  decision(id: number): Promise<RecordedDecision | undefined> {
    return this.#read(sql`id = ${id}`);
  }

  async newerDecisions(by: string, id: number): Promise<number> {
    const { count } = await this.#connection
      .selectFrom('decision')
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('decided_by', '=', by)
      .where('id', '>', id)
      .executeTakeFirstOrThrow();
    return integerOf(count);
  }

  async write(plan: DecisionPlan): Promise<Decision> {
    const { decision, key, request, changes, relabeled = [], campaigns = [], drawn = [] } = plan;
    const { insertId } = await this.#connection
      .insertInto('decision')
      .values({ ...decision, idempotency_key: key, request_sha256: request })
      .executeTakeFirstOrThrow();
    const id = Number(insertId);
    for (const some of chunksOf(changes)) {
      await this.#writeItems(id, some);
      await this.#writeOutbox(id, decision.decided_at, some);
      await this.#writeRows(some.filter(({ second }) => second === undefined));
    }
    for (const some of chunksOf(relabeled)) await writeRelabeled(this.#connection, this.#flavour, id, some);
    const { undoes, decided_by } = decision;
    await writeSecondAnswers(this.#connection, { id, undoes, decided_by }, changes, this.now);
    const asked = changes.filter(({ review_id }) => drawn.includes(review_id));
    await askAgain(this.#connection, asked, { decision: id, now: this.now });
    if (campaigns.length > 0)
      await this.#connection
        .insertInto('decision_campaign')
        .values(campaigns.map((campaign_id) => ({ decision_id: id, campaign_id })))
        .execute();
    const items = changes.map((change) => change.review_id);
    const training =
      relabeled.length === 0 ? {} : { training: relabeled.map((change) => change.training_id) };
    await this.#writeActivity(
      { ...decision, id, items, ...training },
      // Of training rows, those that were asked for; their review rows are among them.
      (relabeled.length === 0 ? changes : relabeled).map((change) => change.before.label),
      campaigns,
    );
    return { ...decision, id, items, ...training };
  }

  async #writeActivity(
    { id, label, undoes, items, training, decided_by, decided_at }: Decision,
    before: readonly unknown[],
    campaigns: readonly number[],
  ): Promise<void> {
    await this.#connection
      .insertInto('activity')
      .values({
        who: decided_by,
        what: undoes !== null ? 'undo' : training === undefined ? 'decision' : 'relabel',
        before: JSON.stringify(before),
        after: JSON.stringify({
          ...{ decision: id, label, undoes, items },
          ...(training === undefined ? {} : { training }),
          ...(campaigns.length === 0 ? {} : { campaigns }),
        }),
        when: decided_at,
      })
      .execute();
  }

  async #read(where: RawBuilder<SqlBool>): Promise<RecordedDecision | undefined> {
    const row = await this.#connection.selectFrom('decision').selectAll().where(where).executeTakeFirst();
    if (row === undefined) return undefined;
    const id = integerOf(row.id);
    const changes = await this.#connection
      .selectFrom('decision_item')
      .select(['review_id', 'before', 'revision', 'second_opinion'])
      .where('decision_id', '=', id)
      .orderBy('id')
      .execute();
    const relabeled: readonly TrainingChange[] = await relabeledBy(this.#connection, id);
    const undone = await this.#connection
      .selectFrom('decision')
      .select('id')
      .where('undoes', '=', id)
      .executeTakeFirst();
    return {
      id,
      label: row.label,
      items: changes.map((change) => integerOf(change.review_id)),
      decided_by: row.decided_by,
      decided_at: integerOf(row.decided_at),
      note: row.note,
      undoes: integerOrNull(row.undoes),
      request: row.request_sha256,
      changes: changes.map((change) => ({
        review_id: integerOf(change.review_id),
        before: JSON.parse(change.before) as RowStatus,
        revision: integerOf(change.revision),
        second: integerOrNull(change.second_opinion),
      })),
      relabeled,
      ...(relabeled.length === 0 ? {} : { training: relabeled.map((change) => change.training_id) }),
      undone_by: undone === undefined ? null : integerOf(undone.id),
    };
  }

  async #unsureBy(ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
    const people = new Map<number, string[]>();
    if (ids.length === 0) return people;
    const rows = await unsureAnswers(this.#connection)
      .select(['decision_item.review_id', 'decision.decided_by'])
      .where('decision_item.review_id', 'in', [...ids])
      .execute();
    for (const { review_id, decided_by } of rows) {
      const id = integerOf(review_id);
      people.set(id, [...(people.get(id) ?? []), decided_by]);
    }
    return people;
  }

  async #lastVerdicts(keys: readonly string[]): Promise<ReadonlyMap<string, LastVerdict>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#connection
      .selectFrom('outbox')
      .select(({ fn }) => [
        'message_key',
        fn.max('sequence').as('sequence'),
        // Each is later than the one before it, and they are compared as texts of one length.
        fn.max('scored_at').as('scored_at'),
      ])
      .where('message_key', 'in', [...new Set(keys)])
      .groupBy('message_key')
      .execute();
    return new Map(
      rows.map(({ message_key, sequence, scored_at }) => [
        message_key,
        { sequence: integerOf(sequence), scored_at },
      ]),
    );
  }

  async #writeItems(decision: number, changes: readonly RowChange[]): Promise<void> {
    await this.#connection
      .insertInto('decision_item')
      .values(
        changes.map(({ review_id, before, after, revision, second }) => ({
          decision_id: decision,
          second_opinion: second?.id ?? null,
          ...{ review_id, revision, before: JSON.stringify(before), after: JSON.stringify(after) },
        })),
      )
      .execute();
  }

  async #writeOutbox(decision: number, at: number, changes: readonly RowChange[]): Promise<void> {
    const rows = changes.flatMap(({ verdict: numbered }) =>
      numbered === null
        ? []
        : [
            {
              decision_id: decision,
              message_key: messageKeyOf(numbered.verdict),
              sequence: numbered.sequence,
              scored_at: numbered.verdict.scored_at,
              verdict: JSON.stringify(numbered.verdict),
              created_at: at,
            },
          ],
    );
    if (rows.length > 0) await this.#connection.insertInto('outbox').values(rows).execute();
  }

  /** The review rows and their training rows; those that become the same are written together. */
  async #writeRows(changes: readonly RowChange[]): Promise<void> {
    const groups = new Map<string, { readonly after: RowStatus; readonly ids: number[] }>();
    for (const { review_id, after } of changes) {
      const key = JSON.stringify(after);
      const group = groups.get(key) ?? { after, ids: [] };
      group.ids.push(review_id);
      groups.set(key, group);
    }
    for (const { after, ids } of groups.values()) {
      await this.#connection
        .updateTable('review')
        .set({
          ...{ state: after.state, label: after.label, labelled_by: after.by, labelled_at: after.at },
          ...{ unsure_count: after.unsure, revision: sql<number>`revision + 1` },
          ...{ lease_id: null, lease_holder: null, lease_until: null },
        })
        .where('id', 'in', ids)
        .execute();
      await closeSecondOpinions(this.#connection, ids);
      await writeTrainingOf(this.#connection, this.#flavour, after, ids);
    }
  }
}

/** Unsure answers that were not taken back. */
export function unsureAnswers(database: Kysely<SluiceDatabase>) {
  return database
    .selectFrom('decision_item')
    .innerJoin('decision', 'decision.id', 'decision_item.decision_id')
    .where('decision.label', '=', 'unsure')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('decision as undo').select('undo.id').whereRef('undo.undoes', '=', 'decision.id')),
      ),
    );
}

function* chunksOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) yield all.slice(from, from + ROWS_AT_ONCE);
}
