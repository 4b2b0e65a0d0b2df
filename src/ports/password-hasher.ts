/** One-way hashing of passwords: slow on purpose, so that a stolen table cannot be tried out quickly. */
export interface PasswordHasher {
  /** A text that holds parameters, salt and hash. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed. Takes the same time whatever the answer is; also for `null`, which stands
   * for an account that does not exist or has no password, and is never right.
   */
  verify(password: string, stored: string | null): Promise<boolean>;
}
