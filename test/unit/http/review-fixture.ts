import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openLibsqlStores } from '../../../src/adapters/libsql/open-libsql-stores.ts';
import type { Role } from '../../../src/core/roles.ts';
import type { ApiServerOptions } from '../../../src/http/api-server.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { reviewItem } from '../../contract/suites/decision-fixture.ts';
import { api, asPerson } from './fakes.ts';

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** `NAME ROLE`; nobody where it is left out. */
  readonly as?: `${string} ${Role}`;
}

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what the server sent.
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The API over an embedded database in a temporary folder, with the rows `a` to `e`, whose ids are 1 to 5. */
export async function reviewApi(changes: Partial<ApiServerOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-review-api-'));
  const clock = { now: 1_800_000_000_000 };
  const { reviews, decisions, accounts } = await openLibsqlStores(join(folder, 'sluice.db'), () => clock.now);
  await reviews.add(['a', 'b', 'c', 'd', 'e'].map((id) => reviewItem(id)));
  const { server } = await api({
    decisions,
    ...changes,
  });
  const ask = async ({ method = 'GET', url, body, headers = {}, as }: Asked): Promise<Answered> => {
    const response = await server.inject({
      method,
      url,
      headers: { authorization: '', ...(as === undefined ? {} : asPerson(as)), ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    return {
      status: response.statusCode,
      body:
        response.payload === ''
          ? undefined
          : response.headers['content-type'] === 'application/jsonl'
            ? response.payload
            : response.json(),
      headers: response.headers,
    };
  };
  return {
    ...{ ask, clock, decisions, reviews },
    get: (url: string, as: Asked['as'] = 'anna moderator') => ask({ url, as }),
    decide: (
      label: string,
      ids: readonly number[],
      { as = 'anna moderator', headers = {}, ...rest }: Record<string, unknown> & Omit<Asked, 'url'> = {},
    ) =>
      ask({
        ...{ method: 'POST', url: '/api/v1/decisions', as, headers },
        body: { label, items: ids.map((review_id) => ({ review_id })), ...rest },
      }),
    lease: (count: number, as: Asked['as'] = 'anna moderator', rest: object = {}) =>
      ask({ method: 'POST', url: '/api/v1/review/leases', as, body: { count, order: 'age', ...rest } }),
    run: (statement: string) => {
      const client = new Database(join(folder, 'sluice.db'));
      client.exec(statement);
      client.close();
    },
    add: (items: readonly NewReviewItem[]) => reviews.add(items),
    published: async () => {
      const rows = await decisions.takeOutbox({ holder: 'test', limit: 100 });
      await decisions.finishOutbox(rows);
      return rows.map(({ verdict }) => verdict);
    },
    dispose: async () => {
      await server.close();
      await reviews.close();
      await decisions.close();
      await accounts.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
