import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { AuditAnswer } from '../../src/http/audit-schemas.ts';
import { eventText } from '../../src/http/event-stream.ts';
import { type OverviewEvent, overviewEvent, type PipelineFigures } from '../../src/http/overview-schemas.ts';
import { type SettingsAnswer, settingsAnswer } from '../../src/http/settings-schemas.ts';
import { sampleAudit } from './stub-audit.ts';
import type { StubProblem } from './stub-desk.ts';

/** Streams of the stub: what they send, and how many there are. */
export interface StubOverview {
  /** Changes the events from now on. */
  changes: Partial<OverviewEvent>;
  /** What the rates are answered with. */
  audit: AuditAnswer;
  /** Open streams. */
  readonly open: number;
  /** All that were ever opened, refused ones too. */
  readonly asked: number;
  /** Answers streams with this, while there is one. */
  refusal: StubProblem | undefined;
  /** Ends all streams. */
  cut(): void;
}

/** Adds the routes of the pages Overview and Configuration. An event comes as often as the milliseconds say. */
export function overviewRoutes(app: FastifyInstance, everyMs = 100): StubOverview {
  const streams = new Set<ServerResponse>();
  let asked = 0;
  let count = 0;
  const state: StubOverview = {
    changes: {},
    audit: sampleAudit,
    refusal: undefined,
    get open() {
      return streams.size;
    },
    get asked() {
      return asked;
    },
    cut: () => {
      for (const stream of streams) stream.destroy();
    },
  };
  const send = (stream: ServerResponse) =>
    stream.write(eventText('overview', overviewEvent.parse({ ...sampleEvent(count++), ...state.changes })));
  const timer = setInterval(() => {
    for (const stream of streams) send(stream);
  }, everyMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(timer);
    state.cut();
  });
  app.get('/api/v1/events', async (_request, reply) => {
    asked++;
    if (state.refusal !== undefined) throw state.refusal;
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    streams.add(reply.raw);
    reply.raw.once('close', () => streams.delete(reply.raw));
    send(reply.raw);
  });
  app.get('/api/v1/audit', async () => state.audit);
  app.get('/api/v1/settings', async () => settingsAnswer.parse(sampleSettings));
  return state;
}

/** A daemon on Kafka that scores some hundred messages a second; `count`: events before it, which the figures vary with. */
function sampleEvent(count: number): OverviewEvent {
  const wave = (around: number, by: number, period: number) =>
    around + by * Math.sin((2 * Math.PI * count) / period);
  return {
    ...{ at: Date.now(), process: 'daemon', version: '0.1.0', uptime_seconds: 266_400 + count },
    ...{ ready: true, reasons: [], model: '20261124T081500Z-5c1e90ab', outbox_published: 'here' },
    pipeline: samplePipeline(wave),
    queue: {
      open: 4812,
      mine: { today: 311, last_hour: 74 },
      team: { today: 2940, last_hour: 512 },
      outbox: { rows: 2, oldest_seconds: 1 },
      campaigns: [
        { id: 7, open: 1204 },
        { id: 3, open: 388 },
        { id: 12, open: 95 },
      ],
    },
  };
}

function samplePipeline(wave: (around: number, by: number, period: number) => number): PipelineFigures {
  const partitions = [3, 0, 7, 1, 2, 5, 4, 6].map((partition, index) => ({
    ...{ topic: 'community.messages', partition },
    lag: Math.round(wave(640 / (index + 1), 40, 37)),
    seconds: 4.5 / (index + 1),
  }));
  return {
    ...{ state: 'running', mode: 'enforce', model_installed_at: Date.now() - 93_600_000 },
    per_second: {
      ham: wave(402, 60, 41),
      review: wave(38, 9, 23),
      spam: wave(117, 30, 29),
      dead_letters: wave(0.5, 0.5, 53),
    },
    since_start: { ham: 91_204_118, review: 6_118_402, spam: 24_807_311, dead_letters: 512 },
    latency: { p50: wave(0.021, 0.004, 31), p99: wave(0.092, 0.03, 47), seconds: 60 },
    lag: {
      ...{ unit: 'messages', is_known: true, age_seconds: 3, partitions },
      total: partitions.reduce((sum, { lag }) => sum + lag, 0),
      others: { partitions: 0, lag: 0 },
    },
    pool: { threads: 2, wanted: 2, utilization: wave(0.62, 0.1, 43), queued: 1, window_seconds: 15 },
    spool: { rows: 0, fullness: 0 },
    dead_letters: [
      { reason: 'not-json', count: 498 },
      { reason: 'too-large', count: 14 },
    ],
    blocked: [],
  };
}

const plain = { unit: null, live: false, secret: false, at_next_start: false } as const;

/** Some settings of each kind. */
const sampleSettings: SettingsAnswer = {
  process: 'daemon',
  follows_changes: true,
  settings: [
    {
      ...plain,
      ...{ name: 'mode', value: 'enforce', source: 'default', from: 'default', environment: 'SLUICE_MODE' },
      description: '`observe` scores without effect.',
      allowed: '`enforce` or `observe`',
    },
    {
      ...plain,
      ...{ name: 'decide.rejectMin', value: '0.42', source: 'live', live: true },
      from: 'zookeeper zk.example:2181/sluice/reject-min',
      description: 'Messages below this probability of spam are ham.',
      allowed: 'a number from 0 to 1',
      environment: 'SLUICE_DECIDE__REJECT_MIN',
    },
    {
      ...plain,
      ...{ name: 'pool.threads', value: '2', source: 'file', from: '/etc/sluice/sluice.yaml' },
      ...{ unit: 'threads', at_next_start: true },
      description: 'Threads that score.',
      allowed: 'a whole number from 1 to 256',
      environment: 'SLUICE_POOL__THREADS',
    },
    {
      ...plain,
      ...{ name: 'store.mysql.password', value: null, source: 'environment', secret: true },
      from: 'environment SLUICE_STORE__MYSQL__PASSWORD_FILE',
      description: 'Password; best set by the environment or a file.',
      allowed: 'text',
      environment: 'SLUICE_STORE__MYSQL__PASSWORD',
    },
    {
      ...plain,
      ...{ name: 'metrics.lagIntervalSeconds', value: '5', source: 'flag', from: '--set', unit: 's' },
      description: 'How often lag is measured.',
      allowed: 'a number from 1 to 3600',
      environment: 'SLUICE_METRICS__LAG_INTERVAL_SECONDS',
    },
  ],
};
