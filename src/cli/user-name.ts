import { userInfo } from 'node:os';

/** The user of the operating system, whom the record of a step names. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may have no entry for its user.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
