import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Accounts } from '../../../src/accounts/accounts.ts';
import type { ApiApp } from '../../../src/http/api-app.ts';
import { checkFields } from '../../../src/http/field-check.ts';
import { refuseForeignRequests } from '../../../src/http/foreign-requests.ts';
import { guardRoutes } from '../../../src/http/guard-routes.ts';
import { Listener } from '../../../src/http/listener.ts';
import { defaultLimits, type RequestLimits } from '../../../src/http/request-limits.ts';
import { FakeLog } from './fakes.ts';

export interface Where {
  readonly isLoopback: boolean;
  readonly isSecure: boolean;
}

export const onLoopback: Where = { isLoopback: true, isSecure: false };
export const offLoopback: Where = { isLoopback: false, isSecure: true };

/** A listener without routes, before it is guarded. */
export function bareApp(limits: Partial<RequestLimits> = {}): {
  readonly app: ApiApp;
  readonly listener: Listener;
  readonly log: FakeLog;
} {
  const log = new FakeLog();
  const listener = new Listener({
    ...{ name: 'the API', host: '127.0.0.1', port: 0, limits: { ...defaultLimits, ...limits }, log },
  });
  const app: ApiApp = listener.app.withTypeProvider();
  app.setValidatorCompiler(checkFields);
  app.setSerializerCompiler(serializerCompiler);
  return { app, listener, log };
}

/** The same, guarded; `bodies`: those that were read. */
export async function guardedApp(
  accounts: Accounts,
  where: Where,
): Promise<{ readonly app: ApiApp; readonly bodies: unknown[]; readonly log: FakeLog }> {
  const bodies: unknown[] = [];
  const { app, listener, log } = bareApp();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: unknown, body: string) => {
    bodies.push(body);
    return JSON.parse(body) as unknown;
  });
  refuseForeignRequests(app, { loopbackOnly: false });
  await guardRoutes(app, { accounts, ...where });
  listener.refuseUnknownAddresses();
  return { app, bodies, log };
}
