import type { Accounts } from '../../../src/accounts/accounts.ts';
import type { Caller } from '../../../src/accounts/callers.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { readMessage } from '../../../src/core/message.ts';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import type { Role } from '../../../src/core/roles.ts';
import type { ScoredBatch, ScoredMessage, UnreadableMessage } from '../../../src/core/scored-batch.ts';
import { type ApiServerOptions, createApiServer } from '../../../src/http/api-server.ts';
import type { AuditSource } from '../../../src/http/audit-route.ts';
import type { InstalledModel } from '../../../src/http/installed-model.ts';
import type { Inject } from '../../../src/http/listener.ts';
import type { AuditStore } from '../../../src/ports/audit-store.ts';
import type { DecisionStore, LeasedItems, Page, QueueItem } from '../../../src/ports/decision-store.ts';
import type { Erasures } from '../../../src/ports/erasures.ts';
import type { GuardedVersion, GuardStore } from '../../../src/ports/guard-store.ts';
import type { LetterDesk } from '../../../src/ports/letter-desk.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { ModelDesk } from '../../../src/ports/model-desk.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';

/** Reads messages as the real one does, and finds the word "spam" spam and the word "odd" worth a review. */
export class FakeScorer implements Scorer {
  readonly asked: { readonly records: readonly string[]; readonly options: ScoreOptions }[] = [];
  readonly maxBytes = 65_536;

  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    const records = batch.map((bytes) => Buffer.from(bytes).toString('utf8'));
    this.asked.push({ records, options });
    const scored: ScoredMessage[] = [];
    const unreadable: UnreadableMessage[] = [];
    for (const [index, json] of records.entries()) {
      const read = readMessage(json);
      if (Buffer.byteLength(json) > this.maxBytes) {
        unreadable.push({ index, reason: 'too-large', detail: `${Buffer.byteLength(json)} bytes` });
      } else if (!read.ok) {
        unreadable.push({ index, reason: read.reason, detail: read.detail });
      } else {
        const { message } = read;
        const verdict = message.message.includes('spam')
          ? 'spam'
          : message.message.includes('odd')
            ? 'review'
            : 'ham';
        const exact = options.exactScores === 'all' || verdict !== 'ham';
        if (verdict === 'ham' && options.every !== true) continue;
        scored.push({
          index,
          message,
          verdict,
          probability: exact ? 0.25 : null,
          probabilityMin: 0.25,
          probabilityMax: exact ? 0.25 : 0.5,
          reasons: ['word'],
          unscorable: false,
          ...(options.explain === true
            ? { members: [0.5, null], features: [{ name: 'word', count: 1, strength: 2 }] }
            : {}),
        });
      }
    }
    return {
      model: '20261122T000000Z-0123abcd',
      scored,
      unreadable,
      statistics: {
        ham: 0,
        review: 0,
        spam: 0,
        unreadable: unreadable.length,
        decodeSeconds: 0,
        featurizeSeconds: 0,
        inferSeconds: 0,
        endedAtStage: [],
        treesEvaluated: 0,
        treesInAll: 0,
        scores: { counts: [], sum: 0 },
      },
    };
  }
}

/** Rows that can be listed; nothing else of the queue works. */
export class FakeReviews implements DecisionStore {
  settleSeconds = 0;
  readonly items: QueueItem[] = [];
  readonly campaigns: never = undefined as never;
  readonly training: never = undefined as never;
  readonly candidates = { find: async () => [] };
  readonly scores = { newest: async () => [] };
  readonly reports: never = undefined as never;
  readonly shadow = {
    add: async () => {},
    expire: async () => 0,
    counts: async () => [],
    disagreements: async () => [],
  };
  readonly audit: AuditStore = {
    sample: async () => ({ items: [], next: null }),
    reviewed: async () => [],
  };
  readonly guard: GuardStore = {
    list: async () => this.guarded,
    add: async () => this.guarded[0]!,
    decide: async (version, { state, who, why }) => {
      this.guarded = this.guarded.map((each) =>
        each.version === version ? { ...each, state, decided: `${who}: ${why}` } : each,
      );
      return this.guarded.find((each) => each.version === version)!;
    },
  };
  guarded: readonly GuardedVersion[] = [];
  readonly secondOpinions = { heldBy: async () => new Set<number>(), pairs: async () => [] };

  add(items: readonly NewReviewItem[]): void {
    for (const item of items)
      this.items.push({
        ...item,
        ...{ id: this.items.length + 1, state: 'open', created_at: 1_700_000_000_000 },
        ...{
          version: '0-0',
          label: null,
          decided_by: null,
          decided_at: null,
          unsure: 0,
          campaign: null,
          reporters: 0,
        },
      });
  }

  async list(query: Parameters<DecisionStore['list']>[0]): Promise<Page<QueueItem>> {
    const after = Number(query.after ?? 0);
    if (!Number.isFinite(after)) throw new SluiceError('USAGE', 'the cursor is not one of this list');
    const found = this.items.filter((item) => item.state === query.state && item.id > after);
    const items = found.slice(0, query.limit);
    return { items, next: found.length > items.length ? String(items.at(-1)!.id) : null };
  }

  async item(id: number): Promise<QueueItem | undefined> {
    return this.items.find((item) => item.id === id);
  }

  async lease({ id }: { readonly id: string }): Promise<LeasedItems> {
    return { id, until: 0, items: [] };
  }

  renew = async () => ({ renewed: 0, until: 0 });
  leaseHolder = async () => undefined;
  release = async () => 0;
  transact = async (): Promise<never> => {
    throw new SluiceError('STORE_FAILED', 'planted', { retriable: true });
  };
  decisions = async () => ({ items: [], next: null });
  activity = async () => ({ items: [], next: null });
  progress = async () => ({ open: this.items.length, people: [] });
  decidedByDay = async () => [];
  takeOutbox = async () => [];
  finishOutbox = async () => {};
  postponeOutbox = async () => {};
  outboxDepth = async () => ({ rows: 0, oldestSeconds: 0 });
  close = async () => {};
}

/** Keeps what is logged, as text. */
export class FakeLog implements Log {
  readonly lines: string[] = [];

  debug(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#keep('debug', fields, text);
  }
  info(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#keep('info', fields, text);
  }
  warn(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#keep('warn', fields, text);
  }
  error(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#keep('error', fields, text);
  }
  child(): Log {
    return this;
  }

  #keep(level: string, fields: Readonly<Record<string, unknown>>, text: string): void {
    const plain = JSON.stringify(fields, (_, value: unknown) =>
      value instanceof Error ? String(value) : value,
    );
    this.lines.push(`${level} ${text} ${plain}`);
  }
}

export const model: InstalledModel = {
  version: '20261122T000000Z-0123abcd',
  manifest: {
    schema: 1,
    feature_set: 'sluice-2',
    languages: ['en'],
    own_domains: [],
    vocabulary: { file: 'vocabulary.txt', sizes: { words: 10, grams: 20 } },
    members: [
      { name: 'logistic-regression', families: ['words'], min: 0, max: 1, weight: 2 },
      { name: 'random-forest', families: ['words'], min: 0, max: 1, weight: 3 },
    ],
    stages: [
      { kind: 'linear', name: 'linear', file: 'linear.onnx', families: ['words'], members: [0] },
      {
        kind: 'forest',
        name: 'forest-000',
        file: 'f0.onnx',
        families: ['words'],
        member: 1,
        trees: 50,
        columns: { words: [1] },
      },
      {
        kind: 'forest',
        name: 'forest-001',
        file: 'f1.onnx',
        families: ['words'],
        member: 1,
        trees: 60,
        columns: { words: [2] },
      },
    ],
    blender: { kind: 'logistic', bias: -1, calibration: { scale: 1, shift: 0 } },
    prior: 0.2,
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    data: { profile: 'p', seed: 1, spam: 10, ham: 20, sha256: 'a'.repeat(64) },
    files: {
      'linear.onnx': { bytes: 100, sha256: 'b'.repeat(64) },
      'f0.onnx': { bytes: 200, sha256: 'c'.repeat(64) },
    },
  } satisfies ModelManifest,
};

const away = async (): Promise<never> => {
  throw new SluiceError('STORE_FAILED', 'planted', { retriable: true });
};
const noModels: ModelDesk = { list: away, activate: away, rollback: away };
const noLetters: LetterDesk = { list: away, replay: away };

/** The headers of a request by a person, `NAME ROLE`, whom {@link fakeAccounts} knows. */
export function asPerson(person: `${string} ${Role}`): Record<string, string> {
  return { authorization: `Bearer ${person.replace(' ', '.')}`, 'x-csrf-token': 'csrf' };
}

/** A request is by the person that its token names. */
export const fakeAccounts = {
  callers: {
    byToken: async (secret: string): Promise<Caller> => {
      const [name = '', role] = secret.split('.');
      const actor = { name, role: role as Role };
      return { kind: 'session', actor, accountId: 1, sessionId: 1, csrf: 'csrf', expiresAt: 0 };
    },
    bySession: async () => undefined,
  },
  management: {},
  logins: {},
} as unknown as Accounts;

const nobody = async (): Promise<never> => {
  throw new Error('nobody is asked');
};

/** Asks nobody. */
const noLabels: ApiServerOptions['labels'] = { next: nobody, answer: nobody, undo: nobody, leave: nobody };

/** Knows of no erasure, and begins none. */
const noErasures: Erasures = {
  start: () => undefined,
  job: () => undefined,
  jobs: () => [],
  close: async () => {},
};

/** Nothing was drawn. */
const noAudit: AuditSource = {
  report: async ({ from, to }) => ({
    ...{ from, to, groups: [] },
    calibration: { missing: 'nothing' },
    fromReviewsAlone: { missing: 'nothing' },
  }),
  isDrawing: () => false,
  leastDecided: 30,
};

/**
 * An API over fakes. Requests that are injected are those of a lead. Its event-loop limit is off: a test machine under load must not turn answers into 503. Connections
 * linger for a short time only, for which closing waits.
 */
export async function api(changes: Partial<ApiServerOptions> = {}) {
  const scorer = new FakeScorer();
  const reviews = new FakeReviews();
  const log = new FakeLog();
  const server = await createApiServer({
    host: '127.0.0.1',
    port: 0,
    scorer,
    decisions: reviews,
    explainer: { explain: async () => null },
    erasures: noErasures,
    audit: noAudit,
    models: noModels,
    letters: noLetters,
    labels: noLabels,
    accounts: fakeAccounts,
    log,
    model: () => model,
    version: '0.1.0',
    ...changes,
    limits: { eventLoopDelaySeconds: 0, lingerSeconds: 0.3, ...changes.limits },
  });
  return {
    server: {
      ...server,
      inject: ((request: Parameters<Inject>[0]) =>
        server.inject(
          typeof request === 'string'
            ? request
            : { ...request, headers: { ...asPerson('lea lead'), ...request.headers } },
        )) as Inject,
    },
    ...{ scorer, reviews, log },
  };
}
