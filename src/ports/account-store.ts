import type { ActivityKind } from '../core/activity-kinds.ts';
import type { Role } from '../core/roles.ts';
import type { TokenScope } from '../core/token-scope.ts';

/** Who somebody is to an identity provider: the same person always, whatever else changes (OpenID Connect Core 1.0, section 2). */
export interface AccountIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** All times are epoch milliseconds. Secrets are stored as SHA-256 in hex, and passwords as a `PasswordHasher` makes them. */
export interface Account {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  /** Null for the account of the first admin link until its owner sets one, and for an account with an identity. */
  readonly password: string | null;
  readonly created_at: number;
  readonly disabled_at: number | null;
  /** Null before the first time. */
  readonly logged_in_at: number | null;
  /** Who logs in with it by an identity provider; null for an account of this database alone. */
  readonly identity: AccountIdentity | null;
}

export interface NewAccount {
  readonly name: string;
  /** What of the name is unique: see `nameKeyOf` of `src/accounts`. */
  readonly name_key: string;
  readonly role: Role;
  readonly password: string | null;
  readonly created_at: number;
  readonly identity?: AccountIdentity | null;
}

export interface Session {
  readonly id: number;
  readonly account_id: number;
  readonly created_at: number;
  readonly seen_at: number;
  /** Whatever is done with it. */
  readonly ends_at: number;
}

export interface NewSession extends Omit<Session, 'id'> {
  readonly sha256: string;
}

export interface ApiToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** The account that it ends with. */
  readonly account_id: number;
  readonly created_by: string;
  readonly created_at: number;
  /** Null for a token that does not expire. */
  readonly ends_at: number | null;
}

export interface NewApiToken extends Omit<ApiToken, 'id' | 'created_by'> {
  readonly sha256: string;
}

/** `first-admin`: the link that is printed while no admin has a password. */
export const invitationKinds = ['first-admin', 'invitation'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

/** A link that lets one person in, once. It is removed when it was used. */
export interface Invitation {
  readonly id: number;
  readonly kind: InvitationKind;
  readonly role: Role;
  /** Null where it was made on the command line. */
  readonly account_id: number | null;
  readonly created_by: string;
  readonly created_at: number;
  readonly ends_at: number;
}

export interface NewInvitation extends Omit<Invitation, 'id'> {
  readonly sha256: string;
}

export interface AccountChange {
  readonly role?: Role;
  readonly password?: string;
  readonly disabled_at?: number | null;
  readonly logged_in_at?: number;
}

/** Who did what to accounts, for the activity log. */
export interface AccountActivity {
  readonly who: string;
  readonly what: ActivityKind;
  readonly before: unknown;
  readonly after: unknown;
  readonly when: number;
}

/** Reads and writes of one transaction. All that it writes is stored, or nothing. */
export interface AccountTransaction {
  /** Holds the row to the end of the transaction. */
  account(id: number): Promise<Account | undefined>;
  accountByKey(nameKey: string): Promise<Account | undefined>;
  /** Holds the row to the end of the transaction. */
  accountByIdentity(identity: AccountIdentity): Promise<Account | undefined>;
  /** All that may log in as admin. Nobody else changes one of them until the transaction ends. */
  enabledAdmins(): Promise<readonly Account[]>;
  /** Returns the id. */
  addAccount(account: NewAccount): Promise<number>;
  changeAccount(id: number, change: AccountChange): Promise<void>;
  addSession(session: NewSession): Promise<void>;
  session(id: number): Promise<Session | undefined>;
  /** Ends the sessions that all named parts hold for; returns how many. */
  endSessions(which: {
    readonly id?: number;
    readonly accountId?: number;
    readonly sha256?: string;
    /** All but this one. */
    readonly exceptSha256?: string;
    /** Those whose end is not after this, or which were not seen since that. */
    readonly staleAt?: { readonly now: number; readonly seenBefore: number };
  }): Promise<number>;
  /** Holds the row to the end of the transaction, so that one person alone can use it. */
  invitation(sha256: string): Promise<Invitation | undefined>;
  addInvitation(invitation: NewInvitation): Promise<number>;
  /** Removes invitations; returns how many. */
  removeInvitations(which: {
    readonly id?: number;
    readonly kind?: InvitationKind;
    readonly accountId?: number;
  }): Promise<number>;
  addToken(token: NewApiToken): Promise<number>;
  token(id: number): Promise<ApiToken | undefined>;
  /** Removes tokens; returns how many. */
  removeTokens(which: { readonly id?: number; readonly accountId?: number }): Promise<number>;
  record(activity: AccountActivity): Promise<void>;
}

/** Accounts, sessions, API tokens and invitations. Throws `STORE_FAILED`, retriable where the same may work later. */
export interface AccountStore {
  /**
   * Runs `work` in one transaction. It may run again where two transactions met, and awaits nothing but the transaction. Durable
   * when it resolves.
   */
  transact<T>(work: (transaction: AccountTransaction) => Promise<T>): Promise<T>;
  /** A session with its account, whether it has ended or not. */
  sessionBySecret(
    sha256: string,
  ): Promise<{ readonly session: Session; readonly account: Account } | undefined>;
  /** Of a session that is in use. Need not survive a power cut. */
  sessionSeen(id: number, at: number): Promise<void>;
  tokenBySecret(sha256: string): Promise<{ readonly token: ApiToken; readonly account: Account } | undefined>;
  accountByKey(nameKey: string): Promise<Account | undefined>;
  /** Each by id, oldest first. */
  accounts(): Promise<readonly Account[]>;
  sessions(accountId?: number): Promise<readonly Session[]>;
  tokens(): Promise<readonly ApiToken[]>;
  invitations(): Promise<readonly Invitation[]>;
  close(): Promise<void>;
}
