import { type Kysely, sql } from 'kysely';
import type { SluiceDatabase } from '../../src/adapters/sql/database-schema.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

export interface DeskRows {
  /** Rows that wait for a decision. */
  readonly open: number;
  /** Rows that were decided, each by a decision of its own. */
  readonly decided: number;
}

const ROWS_AT_ONCE = 500;
/** Rows that one statement copies. */
const COPIED_AT_ONCE = 50_000;
const COMMUNITIES = 20;
const MODERATORS = 50;
const DAY = 86_400_000;

/**
 * Fills a review queue as months of work leave it: the decided rows with their decisions, training rows, activity and verdicts that
 * were published, and the open ones behind them. The tables must be there and empty. `texts` are taken in turn.
 */
export async function fillDesk(
  database: Kysely<SluiceDatabase>,
  { open, decided }: DeskRows,
  texts: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const random = new SeededRandom(15);
  const now = Date.now();
  const all = open + decided;
  for (let from = 0; from < all; from += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, all - from) }, (_, i) => {
      const number = from + i;
      return {
        community: `community-${number % COMMUNITIES}`,
        message_id: `message-${number}`,
        message: `${texts[number % texts.length]} ${number}`,
        sender: `sender-${Math.floor(random.next() * 100_000)}`,
        probability: 0.5 + 0.2 * random.next(),
        reasons: '["w:free","w:prize"]',
        model: 'bench',
        source_topic: 'chat-messages',
        source_partition: number % 12,
        source_offset: number,
        origin: 'band' as const,
        state: number < decided ? ('labelled' as const) : ('open' as const),
        created_at: now - 90 * DAY + Math.floor((90 * DAY * number) / all),
      };
    });
    await database.insertInto('review').values(rows).execute();
    if (from % (200 * ROWS_AT_ONCE) === 0)
      say(`  ${from.toLocaleString('en')} of ${all.toLocaleString('en')} rows\n`);
  }
  const before = JSON.stringify({ state: 'open', label: null, by: null, at: null, unsure: 0 });
  for (let from = 0; from < decided; from += COPIED_AT_ONCE)
    await copyDecided(database, before, from, Math.min(from + COPIED_AT_ONCE, decided));
}

/** What hangs on the decided rows with ids in (from, to]. */
async function copyDecided(
  database: Kysely<SluiceDatabase>,
  before: string,
  from: number,
  to: number,
): Promise<void> {
  const rows = sql`from review where id > ${from} and id <= ${to}`;
  const label = sql`case id % 3 when 0 then 'ham' else 'spam' end`;
  const person = sql`case id % ${MODERATORS} ${sql.join(
    Array.from({ length: MODERATORS }, (_, i) => sql`when ${i} then ${`moderator-${i}`}`),
    sql` `,
  )} end`;
  await sql`update review set label = ${label}, labelled_by = ${person}, labelled_at = created_at + 3600000,
    revision = 1 where id > ${from} and id <= ${to}`.execute(database);
  for (const statement of [
    sql`insert into decision (id, label, decided_by, decided_at, request_sha256)
      select id, label, labelled_by, labelled_at, 'bench' ${rows}`,
    sql`insert into decision_item (decision_id, review_id, ${sql.ref('before')}, ${sql.ref('after')}, revision)
      select id, id, ${before}, ${before}, 1 ${rows}`,
    sql`insert into outbox (decision_id, message_key, sequence, scored_at, verdict, created_at, published_at)
      select id, message_id, 1, '2026-01-01T00:00:00.000Z', ${'{"verdict":"spam"}'}, labelled_at, labelled_at ${rows}`,
    sql`insert into training (${sql.ref('class')}, message, community, source, labelled_by, labelled_at, review_id)
      select case label when 'spam' then 1 else 0 end, message, community, 'review', labelled_by, labelled_at, id ${rows}`,
    sql`insert into activity (who, what, ${sql.ref('before')}, ${sql.ref('after')}, ${sql.ref('when')})
      select labelled_by, 'decision', '[null]', '{}', labelled_at ${rows}`,
  ])
    await statement.execute(database);
}
