import { beforeEach, describe, expect, it } from 'vitest';
import { fetchModel, fetchModelOrLastGood, type Models } from '../../../../src/app/models/fetch-model.ts';
import type { Activations } from '../../../../src/core/activations.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { LocalModel } from '../../../../src/ports/model-store.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';

const [older, newer] = ['20260101T000000Z-0123abcd', '20260102T000000Z-0123abcd'] as const;
const away = new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true });
const missing = new SluiceError('MODEL_MISSING', 'none');

let asked: (readonly [string, string | undefined])[];
let activations: Activations | undefined;
let failure: SluiceError | undefined;
let lastGood: LocalModel | undefined;
beforeEach(() => {
  asked = [];
  activations = undefined;
  failure = undefined;
  lastGood = undefined;
});

const models: Models = {
  store: {
    location: '/models',
    list: async () => [newer, older],
    fetch: async (version, sha256) => {
      if (failure !== undefined) throw failure;
      asked.push([version, sha256]);
      return { version, path: `/models/${version}`, sha256: sha256 ?? '' };
    },
    manifestOf: async () => undefined,
    push: async () => {},
    becameActive: async () => {},
    lastGood: async () => lastGood,
  },
  activation: {
    location: 'active',
    read: async () => {
      if (failure !== undefined) throw failure;
      return activations;
    },
    write: async () => {},
  },
};
const settings = (version: string) => ({ model: { version } }) as Settings;

describe('the model that the settings name', () => {
  it('fetchModel returns the active version with the hash that was activated, or the newest if none is active', async () => {
    expect((await fetchModel(models, settings('active'))).version).toBe(newer);
    activations = { active: { version: older, sha256: 'hash' }, before: [] };
    expect((await fetchModel(models, settings('active'))).version).toBe(older);
    expect((await fetchModel(models, settings('latest'))).version).toBe(newer);
    expect((await fetchModel(models, settings(older))).version).toBe(older);
    expect(asked).toEqual([
      [newer, undefined],
      [older, 'hash'],
      [newer, undefined],
      [older, 'hash'],
    ]);
  });

  it('fetchModel compares a version with the hash in the model registry if the activation has none, and works without the registry if it is unavailable', async () => {
    let asks = 0;
    const registry = {
      sha256Of: async (version: string) => {
        asks++;
        return version === older ? 'written down' : undefined;
      },
    };
    activations = { active: { version: newer, sha256: 'activated' }, before: [] };
    await fetchModel({ ...models, registry }, settings('active'));
    expect(asks).toBe(0);
    activations = { active: { version: older }, before: [] };
    await fetchModel({ ...models, registry }, settings('active'));
    await fetchModel({ ...models, registry }, settings(older));
    await fetchModel({ ...models, registry }, settings('latest'));
    const gone = { sha256Of: () => Promise.reject(new SluiceError('STORE_FAILED', 'away')) };
    await fetchModel({ ...models, registry: gone }, settings('active'));
    expect(asked).toEqual([
      [newer, 'activated'],
      [older, 'written down'],
      [older, 'written down'],
      [newer, undefined],
      [older, undefined],
    ]);
  });

  it('fetchModel returns the version that was active last if the store is unavailable, and only then', async () => {
    failure = away;
    await expect(fetchModelOrLastGood(models, settings(newer))).rejects.toBe(away);
    lastGood = { version: older, path: '/local', sha256: '' };
    expect(await fetchModelOrLastGood(models, settings(newer))).toEqual({
      model: lastGood,
      insteadBecause: away,
    });
    expect((await fetchModelOrLastGood(models, settings('active'))).insteadBecause).toBe(away);
    failure = missing;
    await expect(fetchModelOrLastGood(models, settings(newer))).rejects.toBe(missing);
  });
});
