import { type Kysely, sql } from 'kysely';
import type { DecisionLabel } from '../../core/decision.ts';
import type { RowChange } from '../../ports/decision-store.ts';
import type { AnswerPairs, GivenAnswer, SecondOpinion, SecondOpinions } from '../../ports/second-opinions.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { LEASE_MS } from './queue-item.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** Rows that may wait for a second answer; more are not drawn: where one person decides alone, nobody is there to give it. */
const MOST_WAITING = 1000;
const WEEK_MS = 604_800_000;
/** A Monday, 0:00 UTC. */
const MONDAY_MS = 345_600_000;

export interface SqlSecondOpinionsParts {
  readonly database: Kysely<SluiceDatabase>;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

export class SqlSecondOpinions implements SecondOpinions {
  readonly #parts: SqlSecondOpinionsParts;

  constructor(parts: SqlSecondOpinionsParts) {
    this.#parts = parts;
  }

  async heldBy(holder: string): Promise<ReadonlySet<number>> {
    const { database, guard } = this.#parts;
    const rows = await guard(() =>
      database
        .selectFrom('second_opinion')
        .select('review_id')
        .where('lease_holder', '=', holder)
        .where('state', '=', 'waiting')
        .execute(),
    );
    return new Set(rows.map(({ review_id }) => integerOf(review_id)));
  }

  async pairs({ since, until, by }: Parameters<SecondOpinions['pairs']>[0]): Promise<readonly AnswerPairs[]> {
    const { database, guard } = this.#parts;
    const week = sql<
      number | string
    >`(second.decided_at - (second.decided_at - ${sql.lit(MONDAY_MS)}) % ${sql.lit(WEEK_MS)})`;
    let query = database
      .selectFrom('second_opinion')
      .innerJoin('decision as first', 'first.id', 'second_opinion.first_decision')
      .innerJoin('decision as second', 'second.id', 'second_opinion.second_decision')
      .select(({ fn }) => [
        'first.decided_by as first_by',
        'second.decided_by as second_by',
        'first.label as first_label',
        'second.label as second_label',
        week.as('week'),
        fn.countAll<number | string>().as('pairs'),
      ])
      .where('second.decided_at', '>=', since)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(selectFrom('decision as undo').select('undo.id').whereRef('undo.undoes', '=', 'first.id')),
        ),
      )
      .groupBy(['first.decided_by', 'second.decided_by', 'first.label', 'second.label', week]);
    if (until !== undefined) query = query.where('second.decided_at', '<', until);
    if (by !== undefined)
      query = query.where(({ or, eb }) =>
        or([eb('first.decided_by', '=', by), eb('second.decided_by', '=', by)]),
      );
    const rows = await guard(() => query.execute());
    return rows.map(({ first_by, second_by, first_label, second_label, week: at, pairs }) => ({
      ...{ first_by, second_by, week: integerOf(at), pairs: integerOf(pairs) },
      first: first_label as DecisionLabel,
      second: second_label as DecisionLabel,
    }));
  }
}

/** Of the rows, those that somebody is asked about, by row; waits for the lease that is handing one out. */
export async function secondOpinionsOf(
  connection: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  revisions: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, SecondOpinion>> {
  if (revisions.size === 0) return new Map();
  const rows = await connection
    .selectFrom('second_opinion')
    .select(['id', 'review_id', 'revision', 'state', 'lease_holder', 'lease_id'])
    .where('review_id', 'in', [...revisions.keys()])
    .where('state', 'in', ['waiting', 'differs'])
    .orderBy('id')
    .modifyEnd(flavour.waitForLocked)
    .execute();
  return new Map(
    rows
      .filter(({ review_id, revision }) => revisions.get(integerOf(review_id)) === integerOf(revision))
      .map(({ id, review_id, state, lease_holder, lease_id }) => [
        integerOf(review_id),
        {
          id: integerOf(id),
          state: state === 'differs' ? 'differs' : 'waiting',
          holder: lease_holder,
          lease: lease_id,
        },
      ]),
  );
}

/** What answers make of second opinions. The rows themselves stay as they are. */
export async function writeSecondAnswers(
  connection: Kysely<SluiceDatabase>,
  decision: { readonly id: number; readonly undoes: number | null; readonly decided_by: string },
  changes: readonly RowChange[],
  now: number,
): Promise<void> {
  const free = { lease_id: null, lease_holder: null, lease_until: null };
  for (const { second } of changes) {
    if (second === undefined) continue;
    const update = connection.updateTable('second_opinion').where('id', '=', second.id);
    switch (second.outcome) {
      case 'agreed':
        await update.set({ state: 'closed', second_decision: decision.id }).execute();
        break;
      case 'differs':
        await update.set({ state: 'differs', second_decision: decision.id, ...free }).execute();
        break;
      case 'settled':
        await update.set({ state: 'closed' }).execute();
        break;
      case 'left':
        await update.set({ state: 'differs', ...free }).execute();
        break;
      case 'reopened': {
        const again = { lease_holder: decision.decided_by, lease_until: now + LEASE_MS };
        const answer = await update
          .where('second_decision', '=', decision.undoes)
          .set({ state: 'waiting', second_decision: null, ...again })
          .executeTakeFirst();
        // Else it was a lead who confirmed one of two answers.
        if (Number(answer.numUpdatedRows) === 0) await update.set({ state: 'differs', ...again }).execute();
      }
    }
  }
}

/** Rows that are decided again are asked about no more. */
export async function closeSecondOpinions(
  connection: Kysely<SluiceDatabase>,
  reviews: readonly number[],
): Promise<void> {
  await connection
    .updateTable('second_opinion')
    .set({ state: 'closed' })
    .where('review_id', 'in', [...reviews])
    .where('state', '<>', 'closed')
    .execute();
}

/** Asks somebody else about rows that a decision has just labeled, unless too many wait. */
export async function askAgain(
  connection: Kysely<SluiceDatabase>,
  rows: readonly { readonly review_id: number; readonly revision: number }[],
  { decision, now }: { readonly decision: number; readonly now: number },
): Promise<void> {
  if (rows.length === 0) return;
  const waiting = await connection
    .selectFrom('second_opinion')
    .select('id')
    .where('state', '=', 'waiting')
    .limit(MOST_WAITING)
    .execute();
  const some = rows.slice(0, MOST_WAITING - waiting.length);
  if (some.length > 0)
    await connection
      .insertInto('second_opinion')
      .values(
        some.map(({ review_id, revision }) => ({
          ...{ review_id, revision, first_decision: decision, state: 'waiting' as const, created_at: now },
        })),
      )
      .execute();
}

/** Both answers of rows where they differ, by row. */
export async function answersOf(
  connection: Kysely<SluiceDatabase>,
  reviews: readonly number[],
): Promise<ReadonlyMap<number, readonly GivenAnswer[]>> {
  const answers = new Map<number, GivenAnswer[]>();
  if (reviews.length === 0) return answers;
  for (const which of ['first_decision', 'second_decision'] as const) {
    const rows = await connection
      .selectFrom('second_opinion')
      .innerJoin('decision', 'decision.id', `second_opinion.${which}`)
      .select(['second_opinion.review_id', 'decision.decided_by', 'decision.label', 'decision.decided_at'])
      .where('second_opinion.review_id', 'in', [...reviews])
      .where('second_opinion.state', '=', 'differs')
      .execute();
    for (const { review_id, decided_by, label, decided_at } of rows) {
      const id = integerOf(review_id);
      const answer = { by: decided_by, label: label as DecisionLabel, at: integerOf(decided_at) };
      answers.set(id, [...(answers.get(id) ?? []), answer]);
    }
  }
  return answers;
}
