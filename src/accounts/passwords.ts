import { SluiceError } from '../core/errors.ts';
import { nameKeyOf } from './account-name.ts';

/** Length says more than a rule about kinds of characters (NIST SP 800-63B, section 5.1.1). */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 200;

/** Throws `USAGE` for a password that is easy to guess. */
export function checkPassword(password: string, name: string): void {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH)
    throw new SluiceError(
      'USAGE',
      `a password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters; a few words are easy to remember`,
    );
  if (new Set(password).size < 4)
    throw new SluiceError('USAGE', 'a password has at least four different characters');
  const key = nameKeyOf(password);
  if (key === nameKeyOf(name)) throw new SluiceError('USAGE', 'a password is not the name');
}
