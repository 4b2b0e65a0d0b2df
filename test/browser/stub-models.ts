import type { FastifyInstance } from 'fastify';
import type { LetterAnswer, LetterRestAnswer } from '../../src/http/letter-schemas.ts';
import type { ModelVersionAnswer, ModelVersionsAnswer } from '../../src/http/model-schemas.ts';
import type { GuardedVersionAnswer, ShadowAnswer } from '../../src/http/shadow-schemas.ts';
import { StubProblem } from './stub-desk.ts';

type Letter = LetterAnswer | LetterRestAnswer;

/** Models and dead letters in memory. */
export interface ModelStubs {
  list: ModelVersionsAnswer;
  guarded: GuardedVersionAnswer[];
  shadow: ShadowAnswer;
  /** What was asked for, with its reason. */
  readonly changes: { readonly version: string; readonly reason: string }[];
  /** The problem that the next change is answered with. */
  refusal: StubProblem | undefined;
  letters: Letter[];
  /** Ids of letters as often as they were sent. */
  readonly sent: string[];
  /** Keys of replays, as often as they came. */
  readonly keys: string[];
}

const day = 86_400_000;
const now = Date.UTC(2026, 10, 28, 9, 30);

function version(
  name: string,
  status: ModelVersionAnswer['status'],
  changes: Partial<ModelVersionAnswer> = {},
) {
  return {
    ...{ version: name, status, is_stored: true, trained_at: now - 2 * day, activated_at: null },
    ...{ deactivated_at: null, decided: null, true_positive_rate: 0.9612, false_positive_rate: 0.0041 },
    figures: { spam_above_half: 0.9612, roc_auc: 0.9941, mcc_at_half: 0.9532 },
    facts: { languages: ['en', 'de'], bytes: 14_200_000, profile: 'small', spam: 12_400, ham: 21_800 },
    ...changes,
  } satisfies ModelVersionAnswer;
}

export const sampleModels = [
  '20261126T090000Z-4f5e6d7c',
  '20261101T120000Z-0123abcd',
  '20261001T120000Z-89abcdef',
  '20260901T120000Z-00ff00ff',
] as const;

const [newest, active, before, refused] = sampleModels;

const letter = (id: number, changes: Partial<LetterAnswer> = {}): LetterAnswer => ({
  ...{
    kind: 'letter',
    id: `${id}-x`,
    reason: 'not-json',
    detail: 'the text stops being JSON at position 24',
  },
  ...{
    position: { topic: 'messages.jsonl', partition: 0, offset: 40 * id },
    stored_at: now - id * 4_000_000,
  },
  ...{ bytes: 40, shown_bytes: 40, content: [{ text: `{"message": "See you at ${id}` }] },
  ...{ replayed: false, unsendable: null, ...changes },
});

export function modelStubs(app: FastifyInstance): ModelStubs {
  const stubs: ModelStubs = {
    list: {
      versions: [
        version(newest, 'candidate'),
        version(active, 'active', {
          activated_at: now - 26 * day,
          decided: 'activated by ada: half of the missed spam is found now',
        }),
        version(before, 'inactive', { true_positive_rate: 0.9333, activated_at: now - 58 * day }),
        version(refused, 'refused', {
          ...{ true_positive_rate: null, false_positive_rate: null, figures: {}, facts: null },
          ...{ is_stored: false, decided: 'refused when ada wanted to activate it: its scores differ' },
        }),
      ],
      ...{ activated: active, previous: before, scores_with: active, is_daemon: true, pinned: null },
      is_record_read: true,
    },
    ...{ changes: [], refusal: undefined, sent: [], keys: [] },
    guarded: [],
    shadow: { counts: [], disagreements: [] },
    letters: [
      letter(1),
      letter(2, { reason: 'invalid-utf8', detail: '', content: [{ text: 'Caf' }, { hex: 'e9 20 ff' }] }),
      letter(3, { replayed: true }),
      { kind: 'erased', id: '4-erased', bytes: 212 },
      letter(5, {
        reason: 'too-large',
        unsendable: 'it contains a line break',
        bytes: 90_000,
        shown_bytes: 2048,
      }),
    ],
  };
  modelRoutes(app, stubs);
  letterRoutes(app, stubs);
  return stubs;
}

function modelRoutes(app: FastifyInstance, stubs: ModelStubs): void {
  const activate = (name: string, { reason, activated }: { reason: string; activated: string | null }) => {
    const { refusal, list } = stubs;
    stubs.refusal = undefined;
    if (refusal !== undefined) throw refusal;
    if (activated !== list.activated) throw new StubProblem(409, 'model-changed');
    stubs.changes.push({ version: name, reason });
    stubs.list = {
      ...list,
      ...{ activated: name, previous: list.activated },
      versions: list.versions.map((each) => ({
        ...each,
        ...(each.version === name
          ? { status: 'active' as const, decided: `activated by mo: ${reason}` }
          : each.status === 'active'
            ? { status: 'inactive' as const }
            : {}),
      })),
    };
    return { version: name, before: list.activated, changed: true, recorded: true };
  };
  app.get('/api/v1/models/versions', async () => stubs.list);
  app.get('/api/v1/models/guard', async () => ({ versions: stubs.guarded }));
  app.get('/api/v1/shadow', async () => stubs.shadow);
  app.post('/api/v1/models/:version/confirm', async ({ params, body }) => {
    const { version: name } = params as { version: string };
    stubs.changes.push({ version: name, reason: (body as { reason: string }).reason });
    stubs.guarded = stubs.guarded.map((each) => ({ ...each, state: 'confirmed' as const }));
    return stubs.guarded[0];
  });
  app.post('/api/v1/models/:version/activate', async ({ params, body }) =>
    activate((params as { version: string }).version, body as { reason: string; activated: string | null }),
  );
  app.post('/api/v1/models/rollback', async ({ body }) =>
    activate(stubs.list.previous!, body as { reason: string; activated: string | null }),
  );
}

function letterRoutes(app: FastifyInstance, stubs: ModelStubs): void {
  app.get('/api/v1/dead-letters', async ({ query }) => {
    const { reason, after = '0' } = query as Readonly<Record<string, string>>;
    const found = stubs.letters.filter(
      (each) => reason === undefined || (each.kind === 'letter' && each.reason === reason),
    );
    const from = Number(after);
    const next = found.length > from + 60 ? String(from + 60) : null;
    return { items: found.slice(from, from + 60), next, since: null, complete: true };
  });
  app.post('/api/v1/dead-letters/replay', async ({ body, headers }) => {
    const { ids } = body as { ids?: string[] };
    stubs.keys.push(String(headers['idempotency-key']));
    const letters = stubs.letters.flatMap((each) => {
      if (each.kind !== 'letter' || (ids !== undefined && !ids.includes(each.id))) return [];
      if (ids === undefined && (each.replayed || each.unsendable !== null)) return [];
      const outcome = each.replayed ? 'already-replayed' : 'replayed';
      if (outcome === 'replayed') stubs.sent.push(each.id);
      return [{ id: each.id, outcome, detail: null }];
    });
    const sent = new Set(letters.map(({ id }) => id));
    stubs.letters = stubs.letters.map((each) =>
      each.kind === 'letter' && sent.has(each.id) ? { ...each, replayed: true } : each,
    );
    return { letters, more: false };
  });
}

/** A letter with this text. */
export function letterOf(id: number, text: string): LetterAnswer {
  const position = { topic: text.slice(0, 200), partition: 0, offset: id };
  const content = [
    { text: text.slice(0, 2048) },
    { hex: 'ff '.repeat(200).trim() },
    { text: text.slice(0, 60) },
  ];
  return letter(id, { content, position, detail: text.slice(0, 300) });
}
