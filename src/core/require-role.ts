import type { Actor } from './decision.ts';
import { SluiceError } from './errors.ts';
import { type Role, roles } from './roles.ts';

export function hasRole(actor: Actor, least: Role): boolean {
  return roles.indexOf(actor.role) >= roles.indexOf(least);
}

/** Throws `ROLE_REFUSED`. `what`: the action, as in "undoing another person's decision". */
export function requireRole(actor: Actor, least: Role, what: string): void {
  if (!hasRole(actor, least))
    throw new SluiceError('ROLE_REFUSED', `${what} needs the role ${least}; ${actor.name} is ${actor.role}`);
}
