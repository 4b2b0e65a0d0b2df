import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { MysqlOptions } from '../../../src/adapters/mysql/mysql-options.ts';
import { MysqlReviewStore } from '../../../src/adapters/mysql/mysql-review-store.ts';
import { openMysql } from '../../../src/adapters/mysql/open-mysql.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { type FileRequest, LyingServer, type PasswordPlugin } from './lying-server.ts';

const PASSWORD = 'hunter2 is a secret';

let server: LyingServer | undefined;
afterEach(() => server?.close());

/** Reaches this machine, and is not known to be it. */
const ELSEWHERE = '0.0.0.0';

async function connectTo(
  lie: PasswordPlugin | FileRequest,
  host: string,
  change: (server: LyingServer) => object = () => ({}),
) {
  server = await LyingServer.start(lie);
  const options: MysqlOptions = {
    ...{ host, port: server.port, database: 'd', user: 'u', password: PASSWORD, trainingTable: 'training' },
    ...{ poolSize: 1, deadlineSeconds: 10, tls: { mode: 'off' } },
    ...change(server),
  };
  const database = openMysql(options);
  const error = (await sql`select 1`.execute(database).catch((thrown: unknown) => thrown)) as Error;
  await database.destroy();
  expect(error).toBeInstanceOf(Error);
  return { error, options, server };
}

describe.each(['caching_sha2_password', 'sha256_password'] as const)(
  'a server without TLS that asks for the password by %s',
  (plugin) => {
    it('a MySQL server on another machine without TLS does not get the password, and the error names the setting to change', async () => {
      const { error, options, server: liar } = await connectTo(plugin, ELSEWHERE);
      expect(liar.learned).toBeUndefined();
      expect(liar.received.every((bytes) => !bytes.includes(PASSWORD))).toBe(true);
      expect(error.message).toMatch(/store\.mysql\.tls\.mode.*store\.mysql\.serverPublicKey/);
      await liar.close();
      server = await LyingServer.start(plugin);
      const telemetry = { dependencyMeasured: () => {} };
      await expect(
        MysqlReviewStore.open({ options: { ...options, port: server.port }, telemetry, log: quietLog }),
      ).rejects.toMatchObject({
        code: 'STORE_FAILED',
        retriable: false,
        message: expect.stringContaining('store.mysql.serverPublicKey'),
      });
    });

    it('a MySQL server without TLS does not get the password if the key of another server is pinned', async () => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pinned = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const { server: liar } = await connectTo(plugin, ELSEWHERE, () => ({ serverPublicKey: pinned }));
      expect(liar.learned).toBeUndefined();
      // It was encrypted, for somebody else.
      expect(liar.received.some((bytes) => bytes.length === 256)).toBe(true);
    });

    it('a MySQL server without TLS gets the password encrypted if its own key is pinned', async () => {
      const { server: owner } = await connectTo(plugin, ELSEWHERE, ({ publicKey }) => ({
        serverPublicKey: publicKey,
      }));
      expect(owner.learned).toBe(PASSWORD);
    });

    it('a MySQL server on this machine without TLS gets the password encrypted for the key that it sends', async () => {
      const { server: local } = await connectTo(plugin, '127.0.0.1');
      expect(local.learned).toBe(PASSWORD);
    });
  },
);

it.each(['mysql_clear_password', 'mysql_old_password', 'dialog'] as const)(
  'a MySQL server that requests the password by %s does not get it, even on this machine',
  async (plugin) => {
    for (const host of [ELSEWHERE, '127.0.0.1']) {
      const { server: liar } = await connectTo(plugin, host);
      expect(liar.learned).toBeUndefined();
      expect(liar.received.every((bytes) => !bytes.includes(PASSWORD))).toBe(true);
      await liar.close();
    }
  },
);

it('a MySQL server that requests a file of this machine does not get it', async () => {
  const file = fileURLToPath(import.meta.url);
  const { server: liar } = await connectTo({ file }, '127.0.0.1', () => ({ deadlineSeconds: 1 }));
  const statements = liar.received.filter((bytes) => bytes.length > 0);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.every((bytes) => !bytes.includes('connectTo'))).toBe(true);
});
