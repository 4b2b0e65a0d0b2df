import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptThresholds } from '../../../src/app/live-settings/kept-thresholds.ts';
import { sourceOf } from '../../../src/http/threshold-view.ts';
import type { AccountActivity, AccountStore } from '../../../src/ports/account-store.ts';
import type { LabeledScore } from '../../../src/ports/labeled-scores.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import { reviewItem } from '../../contract/suites/decision-fixture.ts';
import { FakeLog } from './fakes.ts';
import { reviewApi } from './review-fixture.ts';

let folder: string;
let file: string;
let activity: AccountActivity[];
let api: Awaited<ReturnType<typeof reviewApi>>;

async function open(environment: Readonly<Record<string, string>> = {}) {
  const baseFolders = { workingDirectory: folder, packageRoot: folder };
  const base = await loadSettings({ file, environment, assignments: [], baseFolders });
  const accounts = {
    transact: (work: (transaction: object) => Promise<void>) =>
      work({ record: async (entry: AccountActivity) => activity.push(entry) }),
  } as unknown as AccountStore;
  const thresholds = keptThresholds({ file, current: () => base, accounts, log: new FakeLog() });
  api = await reviewApi({ thresholds });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-thresholds-'));
  file = join(folder, 'sluice.yaml');
  writeFileSync(file, '# ours\ndecide: {rejectMin: 0.5, rejectMax: 0.7}\n');
  activity = [];
});
afterEach(async () => {
  await api.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const body = {
  ...{ reject_min: 0.4, reject_max: 0.9, why: 'fewer accusations' },
  seen: { reject_min: 0.5, reject_max: 0.7 },
};
const save = (changes: object = {}, as: 'lea lead' | 'anna moderator' = 'lea lead') =>
  api.ask({ method: 'PUT', url: '/api/v1/thresholds', as, body: { ...body, ...changes } });

describe('the thresholds over HTTP', () => {
  it('are saved by a lead to the settings file, with who and why; once more changes nothing for who saw the old ones', async () => {
    await open();
    expect((await save({}, 'anna moderator')).status).toBe(403);
    expect((await api.get('/api/v1/thresholds')).status).toBe(403);
    expect(await save()).toMatchObject({
      status: 200,
      body: { location: file, changed: true, recorded: true },
    });
    expect(readFileSync(file, 'utf8')).toBe('# ours\ndecide: {rejectMin: 0.4, rejectMax: 0.9}\n');
    expect(activity).toMatchObject([
      { who: 'lea', what: 'thresholds changed', after: { why: 'fewer accusations', where: file } },
    ]);
    expect(await save({ reject_max: 0.8 })).toMatchObject({
      status: 409,
      body: { type: 'urn:sluice:problem:thresholds-changed' },
    });
    const { body: view } = await api.get('/api/v1/thresholds', 'lea lead');
    expect(view).toMatchObject({ current: { reject_min: 0.4, reject_max: 0.9 }, location: file });
  });

  it('are refused where they would change places, lie outside, lack a reason, or are overridden', async () => {
    await open({ SLUICE_DECIDE__REJECT_MAX: '0.7' });
    const before = readFileSync(file, 'utf8');
    expect(await save({ reject_min: 0.95 })).toMatchObject({ status: 409 });
    expect(await save({ reject_max: 1.5 })).toMatchObject({ status: 400 });
    expect(await save({ why: ' ' })).toMatchObject({ status: 400 });
    expect(await save()).toMatchObject({
      status: 409,
      body: {
        type: 'urn:sluice:problem:thresholds-refused',
        detail: expect.stringContaining('SLUICE_DECIDE__REJECT_MAX'),
      },
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(activity).toEqual([]);
  });

  it('come with the scores of decided messages of the active model, and with those that others would change', async () => {
    await open();
    const model = (await api.get('/api/v1/thresholds', 'lea lead')).body.model as string;
    const text = '<script>alert(1)</script>';
    await api.add([
      reviewItem('mid', { model, probability: 0.6, message: text }),
      reviewItem('high', { model, probability: 0.7 }),
      reviewItem('other', { model: '20200101T000000Z-00000000', probability: 0.6 }),
    ]);
    await api.decide('ham', [6, 8], { as: 'lea lead' });
    await api.decide('spam', [7], { as: 'lea lead' });
    const { body: view } = await api.get('/api/v1/thresholds', 'lea lead');
    expect(view.complete).toBe(true);
    expect(view.sources).toEqual([
      { source: 'audit', spam: 0, ham: 0, bins: [] },
      {
        ...{ source: 'review', spam: 1, ham: 1 },
        bins: [
          { at: 0.6, spam: 0, ham: 1 },
          { at: 0.7, spam: 1, ham: 0 },
        ],
      },
    ]);
    const changed = async (min: number, max: number) =>
      (
        await api.get(
          `/api/v1/thresholds/changed?source=review&reject_min=${min}&reject_max=${max}`,
          'lea lead',
        )
      ).body;
    expect(await changed(0.5, 0.59)).toMatchObject({
      total: 2,
      // A new false accusation comes before what was spam all along.
      items: [
        { review_id: 6, message: text, label: 'ham', before: 'review', after: 'spam' },
        { review_id: 7, label: 'spam', before: 'review', after: 'spam' },
      ],
    });
    expect(await changed(0.5, 0.7)).toMatchObject({ total: 0 });
  });

  it('are not there in a process without settings', async () => {
    api = await reviewApi();
    expect(await api.get('/api/v1/thresholds', 'lea lead')).toMatchObject({ status: 404 });
  });
});

describe('bins of scores', () => {
  const score = (probability: number, rest: Partial<LabeledScore> = {}): LabeledScore => ({
    ...{ id: 1, label: 'ham', origin: 'band', inclusionProbability: null, probability, ...rest },
  });

  it('end at thousandths and at the current thresholds, and no probability is above its bin’s end', () => {
    const current = { rejectMin: 0.69995, rejectMax: 0.9999 };
    for (const [probability, at] of [
      ...[0, 0.001, 0.069, 0.07, 0.7, 1].map((exact) => [exact, exact] as const),
      ...([
        [0.0690001, 0.07],
        [0.6999, 0.69995],
        [0.69996, 0.7],
        [0.9995, 0.9999],
        [0.99995, 1],
      ] as const),
    ])
      expect(sourceOf('review', [score(probability)], current).bins).toEqual([{ at, spam: 0, ham: 1 }]);
  });

  it('count a message of the audit sample for as many as it was drawn from', () => {
    const drawn = score(0.2, { origin: 'audit', inclusionProbability: 0.01 });
    const current = { rejectMin: 0.5, rejectMax: 0.7 };
    const found = sourceOf('audit', [drawn, drawn, score(0.2)], current);
    expect(found).toMatchObject({ spam: 0, ham: 2, bins: [{ at: 0.2, ham: 200 }] });
    expect(sourceOf('review', [drawn], current).bins).toEqual([]);
  });
});
