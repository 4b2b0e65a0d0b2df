import type { Actor } from '../core/decision.ts';
import type { Account, AccountTransaction } from '../ports/account-store.ts';
import { type AccountParts, record } from './parts.ts';
import { csrfOf, hashOfSecret, newSecret } from './secrets.ts';

export interface OpenedSession {
  readonly actor: Actor;
  /** What the cookie holds; stored nowhere else. */
  readonly secret: string;
  readonly csrf: string;
  /** Epoch milliseconds: when it ends unless it is used; and when in any case. */
  readonly expiresAt: number;
  readonly endsAt: number;
}

/** Opens a session of an account, by whatever its owner has shown; `by` names that in the activity log. */
export async function openSession(
  { clock, times }: Pick<AccountParts, 'clock' | 'times'>,
  transaction: AccountTransaction,
  account: Account,
  by: string,
): Promise<OpenedSession> {
  const now = clock.now();
  const secret = newSecret();
  const endsAt = now + times.session * 1000;
  await transaction.endSessions({ staleAt: { now, seenBefore: now - times.sessionIdle * 1000 } });
  await transaction.addSession({
    ...{ sha256: hashOfSecret(secret), account_id: account.id, created_at: now, seen_at: now },
    ends_at: endsAt,
  });
  await transaction.changeAccount(account.id, { logged_in_at: now });
  await record(transaction, { actor: account, what: 'login', after: { by }, now });
  return {
    actor: { name: account.name, role: account.role },
    csrf: csrfOf(secret),
    expiresAt: Math.min(endsAt, now + times.sessionIdle * 1000),
    ...{ secret, endsAt },
  };
}
