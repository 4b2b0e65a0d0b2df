import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlModelRegistry } from '../../src/adapters/mysql/mysql-model-registry.ts';
import { MysqlReviewStore } from '../../src/adapters/mysql/mysql-review-store.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { RecordedTelemetry } from '../services/recorded.ts';
import { itemOf } from '../services/review-items.ts';
import {
  ordinaryUser,
  type SqlServerName,
  sqlServers,
  startTestServer,
  type TestServer,
} from './sql-servers.ts';

const texts = ['привет', 'x😀', 'x🐀', 'größe', '価格', 'plain'];

describe.each(Object.keys(sqlServers) as SqlServerName[])('rows in %s are as they were sent', (name) => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer(name, '--skip-character-set-client-handshake');
  });
  afterAll(() => test?.dispose());

  /** Of what the server sets by itself, for each connection that does not say otherwise. */
  const globals = (set: string) =>
    ['client', 'connection', 'results', 'server'].map(
      (which) => `set global character_set_${which} = ${set}`,
    );

  it.each([
    ['a server that imposes latin1 by its settings', globals('latin1')],
    ['a server that imposes utf8mb3 by its settings', globals('utf8mb3')],
    ['a server that imposes latin1 by init_connect', ["set global init_connect = 'set names latin1'"]],
    ['a server that imposes utf8mb3 by init_connect', ["set global init_connect = 'set names utf8mb3'"]],
    [
      'a server that imposes two by both',
      [...globals('utf8mb3'), "set global init_connect = 'set names latin1'"],
    ],
  ] as const)('database rows are stored as they were sent with %s', async (_, statements) => {
    const options = await test.freshDatabase();
    const access = { ...options, ...(await ordinaryUser(test, options)) };
    for (const statement of statements) await test.ask(options, statement);
    try {
      const store = await MysqlReviewStore.open({
        ...{ options: access, telemetry: new RecordedTelemetry(), log: quietLog },
      });
      const items = texts.map((text) => itemOf(text, { message: text, community: text, sender: text }));
      expect(await store.add(items)).toBe(texts.length);
      expect(await store.add(items)).toBe(0);
      expect((await store.list({ state: 'open', limit: 10 })).map(({ message_id }) => message_id)).toEqual(
        texts,
      );
      await store.close();
      const registry = mysqlModelRegistry(access);
      await registry.pushed({
        ...{ version: '20260101T000000Z-0123abcd', path: '/models/größe-😀', sha256: 'a'.repeat(64) },
        ...{ truePositiveRate: null, falsePositiveRate: null, figures: {} },
      });
      expect((await registry.list())[0]?.path).toBe('/models/größe-😀');
    } finally {
      for (const statement of [...globals('utf8mb4'), "set global init_connect = ''"])
        await test.ask(options, statement);
    }
    // What the table holds, whatever a connection makes of it.
    const stored = await test.ask(
      options,
      'select hex(message_id) as id, hex(message) as text from review order by id',
    );
    const expected = texts.map((text) => Buffer.from(text).toString('hex').toUpperCase());
    expect(stored.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    expect(stored.map(({ text }) => text).toSorted()).toEqual(expected.toSorted());
  });
});
