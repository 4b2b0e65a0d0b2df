import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelManager } from '../../../src/app/models/manage-models.ts';
import { openModelManager } from '../../../src/app/models/manage-models.ts';
import { ManagedModelDesk } from '../../../src/app/models/model-desk.ts';
import { openModelRegistry } from '../../../src/app/open/open-model-registry.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { accessOf } from '../../../src/http/route-access.ts';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { madeUpModel } from '../../contract/suites/model-store.ts';
import { FakeLog } from './fakes.ts';
import { type Answered, reviewApi } from './review-fixture.ts';

const models = ['01', '02', '03'].map((day) => madeUpModel(`202601${day}T000000Z`, day));
const [one, two, three] = models.map(({ version }) => version) as [string, string, string];

let folder: string;
let settings: Settings;
let api: Awaited<ReturnType<typeof reviewApi>>;
let manager: ModelManager;
let log: FakeLog;
/** What the admission check does with a model. */
let admit: (model: LocalModel) => Promise<void>;
let pinned: string | undefined;
let scoresWith: string | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-model-desk-'));
  settings = {
    model: { store: 'folder', localPath: join(folder, 'models'), version: 'active' },
    store: { kind: 'libsql', libsql: { path: join(folder, 'models.db') } },
    zookeeper: {},
  } as Settings;
  for (const { version, files } of models) {
    mkdirSync(join(folder, 'models', version), { recursive: true });
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(folder, 'models', version, name), bytes);
  }
  admit = async () => {};
  pinned = undefined;
  scoresWith = undefined;
  log = new FakeLog();
  const registry = openModelRegistry(settings);
  manager = openModelManager(settings, () => {}, registry);
  const desk = new ManagedModelDesk({
    ...{ manager, registry, log, localPath: settings.model.localPath },
    admit: (model) => admit(model),
    pinned: () => pinned,
    scoresWith: () => scoresWith,
  });
  api = await reviewApi({ models: desk });
});
afterEach(async () => {
  await api.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const list = async () => (await api.get('/api/v1/models/versions', 'vic viewer')).body;
const statuses = async () =>
  Object.fromEntries(
    (await list()).versions.map(({ version, status }: { version: string; status: string }) => [
      version,
      status,
    ]),
  );
const activate = (
  version: string,
  body: object = { reason: 'fewer misses' },
  as = 'lea lead',
): Promise<Answered> =>
  api.ask({
    ...{ method: 'POST', url: `/api/v1/models/${version}/activate`, body },
    as: as as 'lea lead',
  });
const rollback = (body: object = { reason: 'too many misses' }): Promise<Answered> =>
  api.ask({ method: 'POST', url: '/api/v1/models/rollback', as: 'lea lead', body });
const activity = async () => (await registryRows()).map(({ decided }) => decided);
const registryRows = async () => (await manager.registered())!;
const kind = ({ body }: Answered) => (body.type as string).replace('urn:sluice:problem:', '');

describe('the list of model versions', () => {
  it('has the facts of each version, and the newest is active while none was activated', async () => {
    scoresWith = three;
    writeFileSync(
      join(folder, 'models', two, 'training.json'),
      JSON.stringify({
        figures: { testing_part: { all: { spam_above_half: 0.93, ham_above_half: 0.004, roc_auc: 0.99 } } },
      }),
    );
    const { versions, ...rest } = await list();
    expect(rest).toEqual({
      ...{ activated: null, previous: null, scores_with: three, is_daemon: true, pinned: null },
      is_record_read: true,
    });
    expect(versions.map(({ version, status }: Record<string, string>) => [version, status])).toEqual([
      [three, 'active'],
      [two, 'candidate'],
      [one, 'candidate'],
    ]);
    expect(versions[1]).toMatchObject({
      ...{ is_stored: true, trained_at: Date.UTC(2026, 0, 2), true_positive_rate: 0.93 },
      ...{ false_positive_rate: 0.004, figures: { roc_auc: 0.99 } },
      facts: { languages: ['en'], profile: 'synthetic', spam: 1, ham: 1 },
    });
  });

  it('has the version that this daemon scores with as active while none was activated, though a newer one was pushed', async () => {
    scoresWith = two;
    expect(await statuses()).toMatchObject({ [two]: 'active', [three]: 'candidate' });
  });

  it('is not available while the record of the activation cannot be read', async () => {
    writeFileSync(join(folder, 'models', 'active.json'), 'no record');
    const answer = await api.get('/api/v1/models/versions', 'vic viewer');
    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('cannot be read')]);
  });

  it('still has a version that is recorded and gone from the store, as one that cannot be activated', async () => {
    await manager.activate(one);
    rmSync(join(folder, 'models', one), { recursive: true });
    const { versions } = await list();
    expect(versions[2]).toMatchObject({ version: one, is_stored: false, facts: null });
    expect(kind(await activate(one, { reason: 'again' }))).toBe('not-found');
  });
});

describe('activating a model', () => {
  it('records who and why, and changes what the daemons follow', async () => {
    await activate(one);
    const answer = await activate(two, { reason: '  half of the misses  ', activated: one });
    expect([answer.status, answer.body]).toEqual([
      200,
      { version: two, before: one, changed: true, recorded: true },
    ]);
    expect((await manager.active())?.active.version).toBe(two);
    expect(await statuses()).toEqual({ [one]: 'inactive', [two]: 'active', [three]: 'candidate' });
    expect(await activity()).toContain('activated by lea: half of the misses');
  });

  it.each([{}, { reason: '' }, { reason: ' \n ' }, { reason: 'x'.repeat(501) }])(
    'needs a reason that is neither empty nor endless (%#)',
    async (body) => {
      expect((await activate(two, body)).status).toBe(400);
      expect((await rollback(body)).status).toBe(400);
      expect(await manager.active()).toBeUndefined();
    },
  );

  it.each(['vic viewer', 'mo moderator'])('is not for a %s', async (as) => {
    expect((await activate(two, { reason: 'mine' }, as)).status).toBe(403);
    expect(await manager.active()).toBeUndefined();
  });

  it('the routes that change something are for leads in person, before a desk sees the request', () => {
    for (const path of ['models/:version/activate', 'models/rollback', 'dead-letters/replay'])
      expect(accessOf('POST', `/api/v1/${path}`)).toEqual({ role: 'lead' });
    expect(accessOf('GET', '/api/v1/models/versions')).toEqual({ role: 'viewer' });
  });

  it('a model that fails its check replaces nothing, is listed as refused with the reason, and may pass later', async () => {
    await activate(one);
    admit = async ({ version }) => {
      throw new SluiceError(
        'MODEL_REFUSED',
        `model ${version} is refused: its scores differ; the model before stays active.`,
      );
    };
    const answer = await activate(two);
    expect([answer.status, kind(answer)]).toEqual([422, 'model-refused']);
    expect(answer.body.detail).toContain('its scores differ');
    expect((await manager.active())?.active.version).toBe(one);
    const { versions } = await list();
    // It was never pushed, so that nothing but the activity has it.
    expect(versions[1].status).toBe('candidate');
    admit = async () => {};
    expect((await activate(two)).status).toBe(200);
    admit = async ({ version }) => {
      throw new SluiceError(
        'MODEL_REFUSED',
        `model ${version} is refused: its scores differ; the model before stays active.`,
      );
    };
    expect((await activate(one)).status).toBe(422);
    expect((await list()).versions[2]).toMatchObject({
      status: 'refused',
      decided: 'refused when lea wanted to activate it: its scores differ',
    });
  });

  it('a model whose files are not those of its manifest replaces nothing', async () => {
    await activate(one);
    writeFileSync(join(folder, 'models', two, 'linear.onnx'), 'other');
    const answer = await activate(two);
    expect([answer.status, kind(answer)]).toEqual([422, 'model-refused']);
    expect(answer.body.detail).toMatch(/linear\.onnx has/);
    expect((await manager.active())?.active.version).toBe(one);
  });

  it('of two people at once the second gets 409 with what is active now, and so does one whose page is old', async () => {
    await activate(one);
    const answers = await Promise.all([
      activate(two, { reason: 'mine', activated: one }),
      activate(three, { reason: 'no, mine' }, 'ada admin'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(kind(answers[1]!)).toBe('model-changed');
    expect(answers[1]!.body.detail).toBe(
      `Nothing was changed. ${two} is active now (activated by lea: mine).`,
    );
    expect((await activate(three, { reason: 'mine', activated: one })).status).toBe(409);
    expect((await manager.active())?.active.version).toBe(two);
  });

  it('the same twice is done once', async () => {
    await activate(one);
    const answers = await Promise.all([1, 2].map(() => activate(two, { reason: 'twice', activated: one })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await manager.active())?.before.map(({ version }) => version)).toEqual([one]);
  });

  it('says so where the settings name the model', async () => {
    pinned = one;
    const answer = await activate(two);
    expect([answer.status, kind(answer)]).toEqual([409, 'model-pinned']);
    expect(answer.body.detail).toContain(`model.version is ${one}`);
    expect(await manager.active()).toBeUndefined();
  });

  it('changes nothing while the database does not answer', async () => {
    writeFileSync(join(folder, 'models.db'), 'no database');
    expect((await activate(two)).status).toBeGreaterThanOrEqual(500);
    expect(await manager.active()).toBeUndefined();
  });

  it('names the command where this process may not write the activation', async () => {
    mkdirSync(join(folder, 'models', `active.json.${process.pid}.new`));
    const answer = await activate(two);
    expect(kind(answer)).toBe('model-not-writable');
    expect(answer.body.detail).toContain(`sluice model activate ${two}`);
  });
});

describe('rolling back', () => {
  it('makes the version active that was active before, once for a double click', async () => {
    for (const version of [one, two, three]) await activate(version);
    const seen = { reason: 'too many misses', activated: three };
    const answers = await Promise.all([rollback(seen), rollback(seen)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(answers[0]!.body).toEqual({ version: two, before: three, changed: true, recorded: true });
    expect((await manager.active())?.active.version).toBe(two);
    expect(await activity()).toContain('rolled back to by lea: too many misses');
  });

  it('says so where nothing was active before, and checks the model like any other', async () => {
    await activate(one);
    expect(kind(await rollback())).toBe('no-previous-model');
    await activate(two);
    admit = async ({ version }) => {
      throw new SluiceError(
        'MODEL_REFUSED',
        `model ${version} is refused: too slow; the model before stays active.`,
      );
    };
    expect(kind(await rollback())).toBe('model-refused');
    expect((await manager.active())?.active.version).toBe(two);
  });
});
