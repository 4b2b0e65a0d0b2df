import type { Actor } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import type { Role } from '../core/roles.ts';
import type { TokenScope } from '../core/token-scope.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AccountParts } from './parts.ts';
import { csrfOf, hashOfSecret, TOKEN_PREFIX } from './secrets.ts';

/** Who makes a request. */
export type Caller =
  | {
      readonly kind: 'session';
      readonly actor: Actor;
      readonly accountId: number;
      readonly sessionId: number;
      readonly csrf: string;
      /** Epoch milliseconds: when the session ends unless it is used again. */
      readonly expiresAt: number;
    }
  | { readonly kind: 'token'; readonly actor: Actor; readonly scopes: readonly TokenScope[] };

/** The end of a session is moved on at most this often: a row is written each time. */
const TOUCH_SECONDS = 60;
/** For how long a token that was good counts as good while the store cannot be asked. */
const OUTAGE_SECONDS = 600;
const MAX_KNOWN = 1000;
const MAX_SECRET_LENGTH = 200;

/** Knows who makes a request, by the secret that comes with it. */
export class Callers {
  readonly #parts: Pick<AccountParts, 'store' | 'clock' | 'times'>;
  /** Tokens that were good a while ago, by hash. */
  readonly #known = new Map<string, { readonly caller: Caller; readonly at: number }>();

  constructor(parts: Pick<AccountParts, 'store' | 'clock' | 'times'>) {
    this.#parts = parts;
  }

  /**
   * Undefined for a session that does not exist, has ended, or whose account is disabled. `isUse`: false for a look that does not move
   * the end of the session on. Throws what the store throws.
   */
  async bySession(secret: string, { isUse } = { isUse: true }): Promise<Caller | undefined> {
    if (secret.length > MAX_SECRET_LENGTH) return undefined;
    const { store, clock, times } = this.#parts;
    const found = await store.sessionBySecret(hashOfSecret(secret));
    if (found === undefined) return undefined;
    const { session, account } = found;
    const now = clock.now();
    const idleUntil = session.seen_at + times.sessionIdle * 1000;
    if (account.disabled_at !== null || now >= session.ends_at || now >= idleUntil) return undefined;
    const isTouched = isUse && now - session.seen_at >= TOUCH_SECONDS * 1000;
    if (isTouched)
      // Who may read while nothing can be written is not logged out for that.
      await store.sessionSeen(session.id, now).catch(() => undefined);
    return {
      kind: 'session',
      actor: { name: account.name, role: account.role },
      ...{ accountId: account.id, sessionId: session.id, csrf: csrfOf(secret) },
      expiresAt: Math.min(session.ends_at, isTouched ? now + times.sessionIdle * 1000 : idleUntil),
    };
  }

  /**
   * Undefined for a token that does not exist, has ended, or whose maker may not make tokens any more. While the store is
   * unavailable, a token that was good within the last minutes still is: messages are scored without a database too. Throws what
   * the store throws.
   */
  async byToken(secret: string): Promise<Caller | undefined> {
    if (!secret.startsWith(TOKEN_PREFIX) || secret.length > MAX_SECRET_LENGTH) return undefined;
    const sha256 = hashOfSecret(secret);
    const now = this.#parts.clock.elapsed();
    try {
      const caller = callerOf(await this.#parts.store.tokenBySecret(sha256), this.#parts.clock.now());
      this.#known.delete(sha256);
      if (caller !== undefined) this.#remember(sha256, { caller, at: now });
      return caller;
    } catch (error) {
      const known = this.#known.get(sha256);
      const isAway = error instanceof SluiceError && error.retriable;
      if (isAway && known !== undefined && now - known.at < OUTAGE_SECONDS) return known.caller;
      throw error;
    }
  }

  #remember(sha256: string, known: { readonly caller: Caller; readonly at: number }): void {
    this.#known.set(sha256, known);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
  }
}

function callerOf(
  found: Awaited<ReturnType<AccountStore['tokenBySecret']>>,
  now: number,
): Caller | undefined {
  if (found === undefined) return undefined;
  const { token, account } = found;
  if (token.ends_at !== null && now >= token.ends_at) return undefined;
  if (account.disabled_at !== null || account.role !== 'admin') return undefined;
  const role: Role = token.scopes.includes('review') ? 'moderator' : 'viewer';
  // No account has a colon in its name.
  return { kind: 'token', actor: { name: `token:${token.id}:${token.name}`, role }, scopes: token.scopes };
}
