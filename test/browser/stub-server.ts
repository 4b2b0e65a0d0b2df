import { join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { packageRoot } from '../../src/app/package-root.ts';
import type { DecisionLabel } from '../../src/core/decision.ts';
import type { Role } from '../../src/core/roles.ts';
import type { ApiApp } from '../../src/http/api-app.ts';
import { consoleFiles } from '../../src/http/console-files.ts';
import type { ExplanationAnswer } from '../../src/http/console-schemas.ts';
import { isScoreHidden } from '../../src/ports/queue-item.ts';
import { StubDesk, type StubMessage, StubProblem } from './stub-desk.ts';
import { explanationFor } from './stub-explanation.ts';
import { labelRoutes, StubLabels } from './stub-labels.ts';
import { type ModelStubs, modelStubs } from './stub-models.ts';
import { nearestFor, stubAgreement } from './stub-nearest.ts';
import { overviewRoutes, type StubOverview } from './stub-overview.ts';
import { peopleRoutes, type StubPeople, stubPeople } from './stub-people.ts';
import { type StubThresholds, thresholdRoutes } from './stub-thresholds.ts';
import { StubTraining, trainingRoutes } from './stub-training.ts';

/** The console's page with an API in memory, for what the real one does not do on demand: outages, conflicts, other people. */
export interface StubServer {
  readonly url: string;
  readonly desk: StubDesk;
  readonly overview: StubOverview;
  readonly people: StubPeople;
  readonly models: ModelStubs;
  readonly training: StubTraining;
  readonly labels: StubLabels;
  readonly thresholds: StubThresholds;
  /** While true, decisions are answered with 503. */
  unavailable: boolean;
  /** While true, nobody is logged in. */
  loggedOut: boolean;
  /** Requests for anything that is not served here. */
  readonly strays: string[];
  close(): Promise<void>;
}

export interface StubOptions {
  readonly messages: readonly StubMessage[];
  readonly role?: Role;
  readonly explanation?: (id: number) => ExplanationAnswer | undefined;
}

export async function startStubServer(options: StubOptions): Promise<StubServer> {
  const app = fastify({ forceCloseConnections: true });
  const desk = new StubDesk(options.messages);
  const people = stubPeople();
  const training = new StubTraining(options.messages);
  const labels = new StubLabels();
  const state = { unavailable: false, loggedOut: false };
  const strays: string[] = [];
  app.setErrorHandler((error, _request, reply) => {
    const problem = error instanceof StubProblem ? error : new StubProblem(500, String(error));
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send({ type: `urn:sluice:problem:${problem.kind}`, title: problem.kind, status: problem.status });
  });
  app.setNotFoundHandler((request, reply) => {
    strays.push(request.url);
    return reply.code(404).send();
  });
  app.addHook('onRequest', async (request) => {
    const isLogIn = request.url === '/api/v1/session' && request.method === 'POST';
    const isOpen = isLogIn || /^\/api\/v1\/session\/(methods|openid)/.test(request.url);
    if (state.loggedOut && request.url.startsWith('/api/') && !isOpen)
      throw new StubProblem(401, 'unauthorized');
  });
  await consoleFiles(app as unknown as ApiApp, join(packageRoot(), 'dist', 'console'));
  sessionRoutes(app, state, options.role ?? 'lead');
  queueRoutes(app, desk, options);
  decisionRoutes(app, { desk, training }, state);
  labelRoutes(app, labels, () => {
    if (state.unavailable) throw new StubProblem(503, 'unavailable');
  });
  const overview = overviewRoutes(app);
  peopleRoutes(app, people);
  const models = modelStubs(app);
  const thresholds = thresholdRoutes(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = () => app.close();
  const stubs = { desk, training, labels, overview, people, models, thresholds };
  return Object.assign(state, { url, ...stubs, strays, close });
}

function sessionRoutes(app: FastifyInstance, state: { loggedOut: boolean }, role: Role): void {
  const session = { name: 'mo', role, csrf: 'csrf', expires_at: Date.now() + 3_600_000 };
  app.get('/api/v1/session', async () => session);
  app.post('/api/v1/session', async (request) => {
    const { token, password } = request.body as { token?: string; password?: string };
    if (token !== 'right' && password !== 'a right password') throw new StubProblem(401, 'unauthorized');
    state.loggedOut = false;
    return session;
  });
  app.delete('/api/v1/session', async (_request, reply) => {
    state.loggedOut = true;
    return reply.code(204).send();
  });
}

function queueRoutes(app: FastifyInstance, desk: StubDesk, { explanation }: StubOptions): void {
  app.post('/api/v1/review/leases', async (request) => desk.lease((request.body as { count: number }).count));
  app.put('/api/v1/review/leases/:id', async ({ params }) => desk.renew((params as { id: string }).id));
  app.delete('/api/v1/review/leases/:id', async ({ params }, reply) => {
    desk.release((params as { id: string }).id);
    return reply.code(204).send();
  });
  app.get('/api/v1/review/stats', async () => {
    const decided = desk.rows.filter(({ state }) => state === 'labelled').length;
    return {
      open: desk.rows.length - decided,
      mine: { today: decided, last_hour: decided },
      team: { today: decided, last_hour: decided + 310 },
      outbox: { rows: 0, oldest_seconds: 0 },
    };
  });
  app.get('/api/v1/review', async ({ query }) => {
    const { q = '', state = 'open', after = '0' } = query as Readonly<Record<string, string>>;
    const items = desk.rows.filter((row) => row.state === state && row.message.includes(q));
    const from = Number(after);
    return {
      items: items.slice(from, from + 50),
      next: items.length > from + 50 ? String(from + 50) : null,
    };
  });
  app.get('/api/v1/campaigns/:id', async ({ params }) =>
    desk.campaign(Number((params as { id: string }).id)),
  );
  app.get('/api/v1/review/:id', async ({ params }) => desk.row(Number((params as { id: string }).id)));
  app.get('/api/v1/review/:id/explanation', async ({ params }, reply) => {
    const row = desk.row(Number((params as { id: string }).id));
    if (isScoreHidden(row))
      return reply.code(409).send({ type: 'urn:sluice:problem:score-hidden', title: '', status: 409 });
    return explanation?.(row.id) ?? explanationFor(row.message, row.probability ?? 0.5);
  });
  app.get('/api/v1/review/agreement', async () => stubAgreement);
  app.get('/api/v1/review/:id/nearest', async ({ params }) =>
    nearestFor(desk.row(Number((params as { id: string }).id)), desk.rows),
  );
}

function decisionRoutes(
  app: FastifyInstance,
  { desk, training }: Pick<StubServer, 'desk' | 'training'>,
  state: { unavailable: boolean },
): void {
  const keyOf = (headers: object): string => {
    if (state.unavailable) throw new StubProblem(503, 'unavailable');
    const { 'idempotency-key': key, 'x-csrf-token': csrf } = headers as Readonly<Record<string, string>>;
    if (csrf !== 'csrf') throw new StubProblem(403, 'csrf');
    return String(key);
  };
  app.post('/api/v1/decisions', async ({ headers, body }) =>
    desk.decide(keyOf(headers), body as { label: DecisionLabel; items: { review_id: number }[] }),
  );
  app.post('/api/v1/decisions/:id/undo', async ({ headers, params }) =>
    undoOf({ desk, training }, keyOf(headers), Number((params as { id: string }).id)),
  );
  trainingRoutes(app, training, keyOf);
  app.get('/api/v1/decisions', async () => ({
    items: [...training.listed(), ...[...desk.decisions].reverse()].slice(0, 50),
    next: null,
  }));
  app.get('/api/v1/activity', async ({ query }, reply) => {
    const { who, what, format } = query as Readonly<Record<string, string>>;
    const items = [...desk.decisions]
      .reverse()
      .map(({ id, label, items, decided_by, decided_at }) => ({
        id,
        who: decided_by,
        what: label === null ? 'undo' : 'decision',
        before: null,
        after: { label, items },
        when: decided_at,
      }))
      .filter((entry) => (who ?? entry.who) === entry.who && (what ?? entry.what) === entry.what);
    if (format !== 'jsonl') return { items: items.slice(0, 50), next: items.length > 50 ? '50' : null };
    return reply
      .type('application/jsonl')
      .header('content-disposition', 'attachment; filename="activity.jsonl"')
      .send(items.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  });
  app.post('/api/v1/score', async () => ({
    verdict: 'review',
    probability: 0.616,
    model: 'stub',
    members: [
      { name: 'naive-bayes', value: 0.71 },
      { name: 'random-forest', value: null },
    ],
    features: [
      { name: 'w:pictures', strength: 1.2 },
      { name: 'w:hello', strength: -0.4 },
      { name: 's:links:1', strength: 0.35 },
      { name: 'd:path', strength: 0.2 },
    ],
  }));
}

function undoOf({ desk, training }: Pick<StubServer, 'desk' | 'training'>, key: string, id: number) {
  return training.decisions.some((each) => each.id === id) ? training.undo(key, id) : desk.undo(key, id);
}
