import { join } from 'node:path';
import Database from 'libsql';
import { Accounts } from '../../../src/accounts/accounts.ts';
import type { OpenedSession } from '../../../src/accounts/open-session.ts';
import { openLibsqlAccountStore } from '../../../src/adapters/libsql/libsql-account-store.ts';
import { scryptPasswords } from '../../../src/adapters/scrypt/scrypt-passwords.ts';
import type { Actor } from '../../../src/core/decision.ts';
import type { Role } from '../../../src/core/roles.ts';
import type { AccountStore } from '../../../src/ports/account-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { PasswordHasher } from '../../../src/ports/password-hasher.ts';
import { temporaryFolder } from '../../contract/temporary-folder.ts';

/** Time passes where a test says so. */
export class HandClock implements Clock {
  seconds = 0;
  now(): number {
    return 1_800_000_000_000 + this.seconds * 1000;
  }
  elapsed(): number {
    return this.seconds;
  }
  async sleep(): Promise<void> {}
}

/** As the real one, at the least cost; counts. */
export class CheapPasswords implements PasswordHasher {
  verified: (string | null)[] = [];
  hashed = 0;
  readonly #scrypt = scryptPasswords({ logN: 1, r: 1, p: 1 });
  hash(password: string): Promise<string> {
    this.hashed++;
    return this.#scrypt.hash(password);
  }
  verify(password: string, stored: string | null): Promise<boolean> {
    this.verified.push(stored);
    return this.#scrypt.verify(password, stored);
  }
}

export interface AccessFixture {
  readonly accounts: Accounts;
  readonly store: AccountStore;
  readonly clock: HandClock;
  readonly passwords: CheapPasswords;
  /** Makes accounts, each with {@link passwordOf} its name. */
  person(name: string, role: Role): Promise<number>;
  login(name: string): Promise<OpenedSession>;
  /** Of the log: who, and what. */
  activity(): readonly string[];
  close(): Promise<void>;
}

export const root: Actor = { name: 'command line', role: 'admin' };
export const passwordOf = (name: string) => `the password of ${name}`;

/** Accounts over a fresh embedded database. */
export async function accessFixture(): Promise<AccessFixture> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'sluice.db');
  const store = await openLibsqlAccountStore(path);
  const clock = new HandClock();
  const passwords = new CheapPasswords();
  const accounts = new Accounts({ store, passwords, clock });
  return {
    ...{ accounts, store, clock, passwords },
    person: (name, role) => accounts.management.add(root, { name, role, password: passwordOf(name) }),
    login: async (name) => opened(await accounts.logins.login({ name, password: passwordOf(name) }, 'here')),
    activity: () => {
      const client = new Database(path);
      const rows = client.prepare('select who, what from activity order by id').all();
      client.close();
      return (rows as { who: string; what: string }[]).map(({ who, what }) => `${who}: ${what}`);
    },
    close: async () => {
      await accounts.close();
      await folder.dispose();
    },
  };
}

export function opened(result: Awaited<ReturnType<Accounts['logins']['login']>>): OpenedSession {
  if (result.kind !== 'opened') throw new Error(`not let in: ${JSON.stringify(result)}`);
  return result.session;
}
