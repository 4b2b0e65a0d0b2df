import { consolePages } from '../core/console-pages.ts';
import type { Role } from '../core/roles.ts';
import type { TokenScope } from '../core/token-scope.ts';

/** Who may use one route. */
export interface Access {
  /** `all`: everybody, everywhere. `loopback`: everybody where the listener can be reached from this machine alone. */
  readonly open?: 'all' | 'loopback';
  /** Roles that a logged-in person needs at least; none may where it is missing. */
  readonly role?: Role;
  /** API tokens with one of these scopes may use it; none may where it is missing. */
  readonly scopes?: readonly TokenScope[];
  /** Of a route that is open to all: who asks is found out nevertheless. */
  readonly asks?: true;
}

const open: Access = { open: 'all' };
const session: Access = { open: 'all', asks: true };
const scoring: Access = { open: 'loopback', role: 'viewer', scopes: ['score'] };
const reading: Access = { role: 'viewer', scopes: ['review'] };
const deciding: Access = { role: 'moderator', scopes: ['review'] };
/** By people alone. */
const personal: Access = { role: 'viewer' };
const leading: Access = { role: 'lead' };
const administering: Access = { role: 'admin' };

/**
 * Who may use which route: all routes of the API and the console, by method and path. A route without a row makes the start fail.
 * What a role may do with one row or another is decided by `src/review`; an API token acts as moderator with the scope `review`.
 */
const table: Readonly<Record<string, Access>> = {
  'GET /': open,
  ...Object.fromEntries(consolePages.map(({ name }) => [`GET /${name}`, open])),
  'GET /assets/*': open,
  'GET /openapi.json': open,

  'POST /api/v1/session': open,
  'GET /api/v1/session': session,
  'DELETE /api/v1/session': session,
  'GET /api/v1/session/methods': open,
  'GET /api/v1/session/openid': open,
  'GET /api/v1/session/openid/callback': open,
  'PUT /api/v1/session/password': personal,
  'GET /api/v1/sessions': personal,
  'DELETE /api/v1/sessions/:id': personal,

  'POST /api/find_spam': scoring,
  'POST /api/v1/score': scoring,
  'POST /api/v1/reports': { scopes: ['report'] },
  // It shows no message.
  'GET /api/v1/models': { open: 'loopback', role: 'viewer', scopes: ['score', 'review'] },

  'GET /api/v1/models/versions': personal,
  'GET /api/v1/models/guard': personal,
  'POST /api/v1/models/:version/activate': leading,
  'POST /api/v1/models/:version/confirm': leading,
  'POST /api/v1/models/rollback': leading,
  'GET /api/v1/dead-letters': leading,
  'POST /api/v1/dead-letters/replay': leading,

  'GET /api/v1/review': reading,
  'GET /api/v1/review/stats': reading,
  // One's own for all; of others for leads.
  'GET /api/v1/review/agreement': reading,
  'GET /api/v1/review/:id': reading,
  'GET /api/v1/review/:id/explanation': reading,
  'GET /api/v1/review/:id/nearest': reading,
  'POST /api/v1/review/leases': deciding,
  'PUT /api/v1/review/leases/:id': deciding,
  'DELETE /api/v1/review/leases/:id': deciding,
  'GET /api/v1/shadow': reading,
  'GET /api/v1/audit': reading,
  'GET /api/v1/campaigns': reading,
  'GET /api/v1/campaigns/:id': reading,
  'GET /api/v1/decisions': reading,
  'POST /api/v1/decisions': deciding,
  // One's own; those of others need a lead, see `planUndo`.
  'POST /api/v1/decisions/:id/undo': deciding,
  'GET /api/v1/events': reading,

  'GET /api/v1/training': leading,
  'PATCH /api/v1/training': leading,
  // As relabeling: an answer labels a whole campaign of what models are trained on, and nobody looks at it again.
  'POST /api/v1/training/next': leading,
  'POST /api/v1/training/next/answers': leading,
  'POST /api/v1/training/next/undo': leading,
  'DELETE /api/v1/training/next': leading,
  'GET /api/v1/activity': leading,
  'GET /api/v1/settings': leading,
  'GET /api/v1/thresholds': leading,
  'GET /api/v1/thresholds/changed': leading,
  'PUT /api/v1/thresholds': leading,

  'GET /api/v1/accounts': administering,
  'POST /api/v1/accounts': administering,
  'PATCH /api/v1/accounts/:id': administering,
  'DELETE /api/v1/accounts/:id': administering,
  'DELETE /api/v1/accounts/:id/sessions': administering,
  'GET /api/v1/tokens': administering,
  'POST /api/v1/tokens': administering,
  'DELETE /api/v1/tokens/:id': administering,
  'GET /api/v1/invitations': administering,
  'POST /api/v1/invitations': administering,
  'DELETE /api/v1/invitations/:id': administering,
  'DELETE /api/v1/subjects/:kind/:id': administering,
  'GET /api/v1/erasures': administering,
  'GET /api/v1/erasures/:id': administering,
};

/** Names of parameters make no difference, nor those of assets. */
const keyOf = (method: string, path: string) =>
  // Fastify adds a HEAD to each GET.
  `${method === 'HEAD' ? 'GET' : method} ${path.replace(/:[^/]+/g, ':').replace(/^\/assets\/.*/, '/assets/*')}`;

export const routeAccess: ReadonlyMap<string, Access> = new Map(
  Object.entries(table).map(([route, access]) => {
    const [method = '', path = ''] = route.split(' ', 2);
    return [keyOf(method, path), access];
  }),
);

/** The row of a route, by its path as it was registered. */
export function accessOf(method: string, path: string): Access | undefined {
  return routeAccess.get(keyOf(method, path));
}

/** The rows, for what goes over all of them. */
export function accessRows(): readonly (Access & { readonly method: string; readonly path: string })[] {
  return Object.entries(table).map(([route, access]) => {
    const [method = '', path = ''] = route.split(' ', 2);
    return { method, path, ...access };
  });
}
