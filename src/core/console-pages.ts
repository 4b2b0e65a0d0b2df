import { type Role, roles } from './roles.ts';

/** A page of the console. Its name is also its path. */
interface ConsolePage {
  readonly name: string;
  /** The role that a person needs at least to see it in the navigation; what it shows is guarded by the routes that it asks. */
  readonly role: Role;
}

/** All pages, in the order of the navigation. The first is shown at `/`. */
export const consolePages = [
  { name: 'review', role: 'viewer' },
  { name: 'overview', role: 'viewer' },
  { name: 'try', role: 'viewer' },
  { name: 'training', role: 'lead' },
  { name: 'models', role: 'viewer' },
  { name: 'thresholds', role: 'lead' },
  { name: 'dead-letters', role: 'lead' },
  { name: 'activity', role: 'lead' },
  { name: 'people', role: 'admin' },
  { name: 'erasure', role: 'admin' },
  // How the server is configured; what a person has set in the browser is a dialog, and no page.
  { name: 'settings', role: 'lead' },
] as const satisfies readonly ConsolePage[];

export type ConsolePageName = (typeof consolePages)[number]['name'];

/** The pages that a person with this role sees. */
export function pagesOfRole(role: Role): readonly ConsolePageName[] {
  const rank = roles.indexOf(role);
  return consolePages.filter((page) => roles.indexOf(page.role) <= rank).map(({ name }) => name);
}
